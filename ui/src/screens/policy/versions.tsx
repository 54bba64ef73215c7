// The texts that were in force, and those that were set aside in this tab, in; a list to bring one of them back from out.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { PolicyVersion } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import type { Aside } from './draft.ts';
import { TextDiff } from './text-diff.tsx';

interface VersionsProps {
  readonly session: string;
  /** In force. */
  readonly epoch: number;
  readonly text: string;
  readonly aside: readonly Aside[];
  readonly isReadOnly: boolean;
  readonly onBring: (text: string) => void;
}

interface LineProps extends Pick<VersionsProps, 'text' | 'isReadOnly' | 'onBring'> {
  readonly name: string;
  readonly time: number;
  readonly old: string;
}

function Line({ name, time, old, text, isReadOnly, onBring }: LineProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <div className="policy-version">
        <strong>{name}</strong>
        <time dateTime={new Date(time).toISOString()}>{new Date(time).toLocaleTimeString()}</time>
        {old === text ? (
          <span className="good">✓ the text in force</span>
        ) : (
          <>
            <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              Compare {name}
            </button>
            {!isReadOnly && (
              <button type="button" onClick={() => onBring(old)}>
                Bring back {name}
              </button>
            )}
          </>
        )}
      </div>
      {isOpen && old !== text && <TextDiff before={text} after={old} label={`${name}, beside the text in force`} />}
    </li>
  );
}

function titleOf({ epoch }: PolicyVersion): string {
  return `epoch ${epoch}`;
}

export function Versions({ session, epoch, text, aside, isReadOnly, onBring }: VersionsProps): ReactNode {
  const { data, error } = useQuery({
    queryKey: ['policy-versions', session, epoch],
    queryFn: () => client.policyVersions(session),
  });
  const shared = { text, isReadOnly, onBring };
  return (
    <section aria-label="Versions">
      <h2>Versions</h2>
      {error && <Failure error={error} />}
      <ul className="policy-versions">
        {aside.map((entry, at) => (
          <Line
            key={entry.time}
            name={`set aside ${aside.length - at}`}
            time={entry.time}
            old={entry.text}
            {...shared}
          />
        ))}
        {data?.versions.map((version) => (
          <Line key={version.epoch} name={titleOf(version)} time={version.time} old={version.text} {...shared} />
        ))}
      </ul>
    </section>
  );
}
