import { expect, test } from 'vitest';
import type { Event } from '../../../../src/schema/event.ts';
import { resourceName } from '../../../../src/schema/resource-name.ts';
import { recordedRequests } from '../../../../src/session/learning/recorded-requests.ts';

const event = (changes: Partial<Event>): Event => ({
  v: 1,
  time: 0,
  action: 'FileWrite',
  resource: { type: 'path', path: '/a' },
  effect: 'allow',
  enforced: true,
  policies: [],
  epoch: 1,
  ...changes,
});
const target = { type: 'path', path: '/b' } as const;

test.each([
  [{}, ['FileWrite /a']],
  [{ action: 'FileCreate', detail: { actions: ['FileWrite', 'FileCreate'] } }, ['FileCreate /a', 'FileWrite /a']],
  [{ action: 'FileCreate', detail: { symlink: true } }, ['FileCreate /a']],
  [
    { action: 'FileRename', target, detail: { actions: ['FileCreate', 'FileDelete', 'FileRename'] } },
    ['FileRename /a', 'FileRename /b', 'FileCreate /b', 'FileDelete /b'],
  ],
  [
    { action: 'FileLink', target, detail: { actions: ['FileCreate', 'FileLink'] } },
    ['FileLink /a', 'FileLink /b', 'FileCreate /b'],
  ],
  [{ action: 'FileWrite', detail: { actions: ['nothing that is known'] } }, ['FileWrite /a']],
] as const)('%j needed %j', (changes, requests) => {
  const recorded = recordedRequests(event(changes as Partial<Event>));
  expect(recorded?.requests.map(({ action, resource }) => `${action} ${resourceName(resource)}`)).toEqual(requests);
});

test('a cut event says so, and what no policy decides has no requests', () => {
  expect(recordedRequests(event({ detail: { cut: true } }))?.isCut).toBe(true);
  expect(recordedRequests(event({ action: 'SessionStart', resource: { type: 'name', name: 'x' } }))).toBeUndefined();
});
