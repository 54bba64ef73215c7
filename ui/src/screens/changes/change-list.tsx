// Changes in; a row each, with a box to choose it and a button that shows it, out.
import type { ReactNode } from 'react';
import type { ChangeView } from '../../../../src/schema/api.ts';
import { printable } from '../../parts/printable.ts';
import { hindranceOf, sizesOf, WORDS } from './changes.ts';

interface Listing {
  readonly changes: readonly ChangeView[];
  readonly chosen: ReadonlySet<string>;
  readonly shown: string | undefined;
  readonly onToggle: (change: ChangeView) => void;
  readonly onShow: (change: ChangeView) => void;
}

const CLASSES: Readonly<Record<ChangeView['change'], string>> = { A: 'good', D: 'bad', M: 'warn', T: 'warn' };

export function ChangeList({ changes, chosen, shown, onToggle, onShow }: Listing): ReactNode {
  return (
    <ul className="changes-list" aria-label="Changes that wait">
      {changes.map((change) => {
        const name = printable(change.name);
        const hindrance = hindranceOf(change);
        return (
          <li key={change.id}>
            <input
              type="checkbox"
              aria-label={`Choose ${name}`}
              checked={chosen.has(change.id)}
              onChange={() => onToggle(change)}
            />
            <button type="button" aria-pressed={change.id === shown} onClick={() => onShow(change)}>
              <span className={CLASSES[change.change]} title={WORDS[change.change]}>
                {change.change}
                <span className="hidden"> {WORDS[change.change]}</span>
              </span>
              <code>
                {name}
                {change.kind === 'folder' && '/'}
              </code>
              <span className="quiet">{sizesOf(change)}</span>
              {hindrance !== undefined && <span className="changes-hindrance warn">! {hindrance}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
