// What is being done in; that it is, for eyes and for screen readers, and a button that ends it, out.
import type { ReactNode } from 'react';

interface Work {
  readonly what: string;
  readonly cancel: () => void;
}

export function Progress({ what, cancel }: Work): ReactNode {
  return (
    <p className="learn-progress" role="status">
      <progress aria-label={what} /> {what}{' '}
      <button type="button" onClick={cancel}>
        Cancel
      </button>
    </p>
  );
}
