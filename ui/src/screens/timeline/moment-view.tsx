// A moment of a session in; what ran, what had happened last, and what was changed on disk out.
import type { ReactNode } from 'react';
import { outcome, row } from '../../journal/row.ts';
import { printable } from '../../parts/printable.ts';
import { Scroll } from '../../parts/scroll.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { elapsedText } from './clock.ts';
import type { FileChange } from './files.ts';
import type { Moment, ProcessThen } from './replay.ts';

/** Of a list that an agent can make as long as it likes. */
const MOST = 200;

function Rest({ count }: { readonly count: number }): ReactNode {
  return count > MOST && <p className="quiet">and {(count - MOST).toLocaleString()} more</p>;
}

function Processes({ processes }: { readonly processes: readonly ProcessThen[] }): ReactNode {
  return (
    <section aria-labelledby="timeline-ran">
      <h2 id="timeline-ran">
        Running <span className="quiet">{processes.length}</span>
      </h2>
      <Scroll label="Processes that ran" className="timeline-list">
        <ul>
          {processes.slice(0, MOST).map(({ pid, exe, argv }) => (
            <li key={pid}>
              <span className="quiet">{pid}</span>{' '}
              <code>{printable(argv.length === 0 ? exe || '?' : argv.join(' ').slice(0, 300))}</code>
            </li>
          ))}
        </ul>
      </Scroll>
      <Rest count={processes.length} />
    </section>
  );
}

function Files({ files }: { readonly files: readonly FileChange[] }): ReactNode {
  return (
    <section aria-labelledby="timeline-files">
      <h2 id="timeline-files">
        Changed on disk <span className="quiet">{files.length}</span>
      </h2>
      <Scroll label="Files that were changed" className="timeline-list">
        <ul>
          {files.slice(0, MOST).map(({ path, change, from }) => (
            <li key={path}>
              <span className={`timeline-change ${change.endsWith('deleted') ? 'bad' : 'quiet'}`}>{change}</span>{' '}
              <code>{printable(from === undefined ? path : `${from} → ${path}`)}</code>
            </li>
          ))}
        </ul>
      </Scroll>
      <Rest count={files.length} />
    </section>
  );
}

function Latest({ moment, start }: { readonly moment: Moment; readonly start: number }): ReactNode {
  return (
    <section aria-labelledby="timeline-latest" className="timeline-latest">
      <h2 id="timeline-latest">
        Events up to here{' '}
        <span className="quiet">
          {moment.events.toLocaleString()}, {moment.denied.toLocaleString()} denied
        </span>
      </h2>
      <Scroll label="Table of events">
        <table>
          <thead>
            <tr>
              {['#', 'Time', 'Verdict', 'Action', 'Resource', 'Why'].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {moment.latest.map((entry) => {
              const { action, resource, why } = row(entry);
              return (
                <tr key={entry.seq}>
                  <td className="number">{entry.seq}</td>
                  <td>{elapsedText(entry.event.time - start)}</td>
                  <td>
                    <Verdict outcome={outcome(entry.event)} />
                  </td>
                  <td>{action}</td>
                  <td className="timeline-long">{resource.slice(0, 400)}</td>
                  <td className="timeline-long">{why}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

export function MomentView({ moment, start }: { readonly moment: Moment; readonly start: number }): ReactNode {
  return (
    <div className="timeline-moment">
      <Processes processes={moment.processes} />
      <Files files={moment.files} />
      <Latest moment={moment} start={start} />
      <p className="quiet timeline-note">
        The end of a process is no event: one counts as running from its first event to the last that shows it or a
        child of it. Changes are what permitted operations did since the beginning, as their events tell.
      </p>
    </div>
  );
}
