// An error in, what happened and what to do about it out.
import type { ReactNode } from 'react';
import { ApiError } from '../../../src/client/client.ts';
import { printable } from './printable.ts';

export function Failure({ error }: { readonly error: unknown }): ReactNode {
  const failure = error instanceof ApiError ? error.failure : undefined;
  return (
    <div className="failure" role="alert">
      <p>
        ✗ {printable(error instanceof Error ? error.message : String(error))}
        {failure && <code> {failure.code}</code>}
      </p>
      {failure?.hint && <p>{failure.hint}</p>}
      {failure?.details.map((line) => (
        <p key={line}>
          <code>{printable(line)}</code>
        </p>
      ))}
    </div>
  );
}
