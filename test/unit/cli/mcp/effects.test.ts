// Events of a call are put into groups: each into one, those of several calls apart.
import { expect, test } from 'vitest';
import { grouped } from '../../../../src/cli/mcp/effects.ts';
import type { EventAction } from '../../../../src/schema/event.ts';
import { sampleEvent } from '../../journal/sample-session.ts';

test('each event stands in one group, in its order', () => {
  const of: readonly (readonly [EventAction, string])[] = [
    ['NetConnect', 'c1'],
    ['FileWrite', 'c1'],
    ['FileDelete', 'c1,c2'],
    ['ProcessExec', 'c1'],
    ['FileRename', 'c1'],
    ['SystemCall', 'c1'],
    ['HttpRequest', 'c1'],
  ];
  const entries = of.map(([action, call], seq) => ({ seq, event: sampleEvent({ action, call }) }));
  expect(grouped(entries).map(({ title, entries: within }) => [title, within.map(({ seq }) => seq)])).toEqual([
    ['Files', [1, 4]],
    ['Programs', [3]],
    ['Network', [0, 6]],
    ['Other', [5]],
    ['During other calls of the same server, too', [2]],
  ]);
  expect(grouped([])).toEqual([]);
});
