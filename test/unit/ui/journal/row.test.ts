import { expect, test } from 'vitest';
import { isShown, row } from '../../../../ui/src/journal/row.ts';
import { sampleEvent } from '../../journal/sample-session.ts';

const denied = row({
  seq: 3,
  event: sampleEvent({
    time: Date.UTC(2026, 0, 2, 3, 4, 5, 67),
    action: 'NetConnect',
    resource: { type: 'host', name: 'exfil.example' },
    detail: { port: 443 },
    effect: 'deny',
    enforced: true,
    policies: [],
    error: 'EACCES',
  }),
});

test('a denied connection names its host, port and why', () => {
  expect(denied).toMatchObject({
    seq: 3,
    time: '03:04:05.067',
    outcome: 'denied',
    action: 'NetConnect',
    resource: 'exfil.example:443',
    why: 'no policy permits it · EACCES',
  });
});

test('a denial that was let pass is told apart', () => {
  expect(row({ seq: 0, event: sampleEvent({ effect: 'deny', enforced: false }) }).outcome).toBe('would deny');
  expect(row({ seq: 0, event: sampleEvent({ effect: 'allow' }) }).outcome).toBe('allowed');
});

test('a rename shows both names, a reason its policies', () => {
  const event = sampleEvent({
    resource: { type: 'path', path: '/a' },
    target: { type: 'path', path: '/b' },
    effect: 'deny',
    policies: ['keep-out'],
    reason: 'no',
  });
  expect(row({ seq: 0, event })).toMatchObject({ resource: '/a → /b', why: expect.stringContaining('no (keep-out)') });
});

test('a call of a tool names its server, any other message what it asks for', () => {
  const resourceOf = (event: Parameters<typeof sampleEvent>[0]): string =>
    row({ seq: 0, event: sampleEvent({ action: 'McpCall', ...event }) }).resource;
  expect(resourceOf({ resource: { type: 'tool', name: 'add', server: 'notes' } })).toBe('add of notes');
  expect(resourceOf({ resource: { type: 'server', name: 'notes' }, detail: { method: 'tools/list' } })).toBe(
    'notes tools/list',
  );
});

test('text that would reorder or hide itself is shown escaped', () => {
  const event = sampleEvent({ resource: { type: 'path', path: '/x\u202egnp.exe\u0007' } });
  expect(row({ seq: 0, event }).resource).toBe('/x\\u202egnp.exe\\u0007');
});

test('a time that no clock can show does not break the page', () => {
  expect(row({ seq: 0, event: sampleEvent({ time: 1e300 }) }).time).toBe('?');
});

test('the filter joins verdict and text', () => {
  expect(isShown(denied, { outcome: 'all', text: '' })).toBe(true);
  expect(isShown(denied, { outcome: 'denied', text: 'exfil' })).toBe(true);
  expect(isShown(denied, { outcome: 'allowed', text: 'exfil' })).toBe(false);
  expect(isShown(denied, { outcome: 'denied', text: 'github' })).toBe(false);
});
