import { expect, test } from 'vitest';
import type { Event } from '../../../../../src/schema/event.ts';
import { apply, type FileChange, isFileChange } from '../../../../../ui/src/screens/timeline/files.ts';
import { sampleEvent } from '../../../journal/sample-session.ts';

type Step = readonly [action: Event['action'], path: string, target?: string];

function after(...steps: readonly Step[]): readonly string[] {
  const files = new Map<string, FileChange>();
  for (const [time, [action, path, target]] of steps.entries()) {
    const to = target === undefined ? {} : { target: { type: 'path' as const, path: target } };
    apply(files, sampleEvent({ time, action, resource: { type: 'path', path }, ...to }));
  }
  return [...files.values()].map(
    ({ path, change, from }) => `${change} ${from === undefined ? '' : `${from} → `}${path}`,
  );
}

test.each<readonly [readonly Step[], readonly string[]]>([
  [
    [
      ['FileCreate', '/a'],
      ['FileWrite', '/a'],
    ],
    ['created /a'],
  ],
  [
    [
      ['FileWrite', '/a'],
      ['FileSetAttr', '/a'],
    ],
    ['written /a'],
  ],
  [[['FileSetAttr', '/a']], ['attributes /a']],
  [
    [
      ['FileSetAttr', '/a'],
      ['FileWrite', '/a'],
    ],
    ['written /a'],
  ],
  [
    [
      ['FileCreate', '/a'],
      ['FileDelete', '/a'],
    ],
    ['created and deleted /a'],
  ],
  [[['FileDelete', '/a']], ['deleted /a']],
  [
    [
      ['FileDelete', '/a'],
      ['FileCreate', '/a'],
    ],
    ['written /a'],
  ],
  [[['FileRename', '/a', '/b']], ['renamed /a → /b']],
  [
    [
      ['FileRename', '/a', '/b'],
      ['FileRename', '/b', '/c'],
    ],
    ['renamed /a → /c'],
  ],
  [
    [
      ['FileRename', '/a', '/b'],
      ['FileRename', '/b', '/a'],
    ],
    ['written /a'],
  ],
  [
    [
      ['FileRename', '/a', '/b'],
      ['FileDelete', '/b'],
    ],
    ['deleted /a'],
  ],
  [
    [
      ['FileRename', '/a', '/b'],
      ['FileWrite', '/b'],
    ],
    ['renamed /a → /b'],
  ],
  [
    [
      ['FileCreate', '/a'],
      ['FileRename', '/a', '/b'],
    ],
    ['created /b'],
  ],
  [[['FileLink', '/a', '/b']], ['created /b']],
  [
    [
      ['FileWrite', '/d/x'],
      ['FileCreate', '/d/y'],
      ['FileRename', '/d/', '/e/'],
    ],
    ['renamed /d/ → /e/', 'written /e/x', 'created /e/y'],
  ],
])('%j leaves %j', (steps, left) => {
  expect(after(...steps)).toEqual(left);
});

test('what was stopped, or failed, or only read, changes nothing', () => {
  const event = (changes: Partial<Event>): Event =>
    sampleEvent({ action: 'FileWrite', resource: { type: 'path', path: '/a' }, effect: 'allow', ...changes });
  expect(isFileChange(event({}))).toBe(true);
  expect(isFileChange(event({ effect: 'deny', enforced: true }))).toBe(false);
  expect(isFileChange(event({ effect: 'deny', enforced: false }))).toBe(true);
  expect(isFileChange(event({ error: 'ENOSPC' }))).toBe(false);
  expect(isFileChange(event({ action: 'FileOpenReadOnly' }))).toBe(false);
});
