// Sessions and which of them are chosen in; a list of boxes to choose by out.
import type { ReactNode } from 'react';
import type { SessionView } from '../../../../src/schema/api.ts';
import { printable } from '../../parts/printable.ts';

interface Choice {
  readonly sessions: readonly SessionView[];
  readonly own: string;
  readonly chosen: readonly string[];
  readonly choose: (ids: readonly string[]) => void;
}

export function SessionChoice({ sessions, own, chosen, choose }: Choice): ReactNode {
  const toggle = (id: string): void =>
    choose(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <fieldset className="learn-sessions">
      <legend>Sessions to learn from</legend>
      {sessions.map(({ id, command, mode, started }) => (
        <label key={id}>
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
          <span>
            <code>{printable(command.join(' '))}</code>{' '}
            <span className="quiet">
              {mode}, {new Date(started).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
              {id === own ? ', this session' : ''}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
