import { expect, test } from 'vitest';
import type { Event } from '../../../../../src/schema/event.ts';
import {
  bytesText,
  HOSTS_MAX,
  Hosts,
  isHostShown,
  PATHS_MAX,
  tlsText,
} from '../../../../../ui/src/screens/network/hosts.ts';
import { sampleEvent } from '../../../journal/sample-session.ts';

function hosts(...events: readonly Partial<Event>[]): Hosts {
  const made = new Hosts();
  for (const [seq, event] of events.entries()) made.add({ seq, event: sampleEvent(event) });
  return made;
}

const HOST = { type: 'host', name: 'h.example' } as const;
const get = (path: string, changes: Partial<Event> = {}): Partial<Event> => ({
  action: 'HttpRequest',
  resource: HOST,
  effect: 'allow',
  detail: { method: 'GET', path, scheme: 'https', port: 443, status: 200, bytes_in: 10, bytes_out: 1 },
  ...changes,
});

test('requests to a host and port are one row, with what passed', () => {
  const connect = {
    action: 'NetConnect',
    resource: HOST,
    effect: 'allow',
    detail: { port: 443, protocol: 'tcp' },
  } as const;
  const [row, ...rest] = hosts(connect, get('/a'), get('/a'), get('/b', { time: 9e12 })).list();
  expect(rest).toEqual([]);
  expect(row).toMatchObject({ name: 'h.example', port: 443, connections: 1, requests: 3, allowed: 4, denied: 0 });
  expect(row).toMatchObject({ bytesIn: 30, bytesOut: 3, last: 9e12, protocols: ['tcp', 'https'] });
  expect(row?.paths.map(({ path, count }) => [path, count])).toEqual([
    ['/a', 2],
    ['/b', 1],
  ]);
  expect(row && tlsText(row)).toBe('opened');
});

test('refusals are told with their reasons; what only would be refused is told apart', () => {
  const refused = get('/x', { effect: 'deny', enforced: true, policies: ['no'], reason: 'Not there.' });
  const [row] = hosts(refused, refused, { ...refused, enforced: false }).list();
  expect(row?.refusals.map(({ why, count, isEnforced }) => [why, count, isEnforced])).toEqual([
    ['Not there.', 2, true],
    ['Not there.', 1, false],
  ]);
});

test('what is no network operation is no host', () => {
  expect(
    hosts({ action: 'FileWrite' }, { action: 'SecretUse', resource: { type: 'secret', name: 's' } }).list(),
  ).toEqual([]);
});

test('rows and paths are bounded, and what is left out is counted', () => {
  const many = Array.from({ length: HOSTS_MAX + 3 }, (_, at) =>
    get('/', { resource: { type: 'host', name: `h${at}` } }),
  );
  const all = hosts(...many);
  expect([all.list().length, all.leftOut]).toEqual([HOSTS_MAX, 3]);
  const [row] = hosts(...Array.from({ length: PATHS_MAX + 1 }, (_, at) => get(`/${at}`))).list();
  expect([row?.paths.length, row?.isPathsCut, row?.requests]).toEqual([PATHS_MAX, true, PATHS_MAX + 1]);
});

test('a list that was given does not change when events come', () => {
  const all = hosts(get('/a'));
  const before = all.list();
  all.add({ seq: 1, event: sampleEvent(get('/a')) });
  expect([before[0]?.requests, before[0]?.paths[0]?.count, all.list()[0]?.requests]).toEqual([1, 1, 2]);
});

test('the filter looks at name, port, path and reason', () => {
  const [row] = hosts(get('/deep/Path'), get('/', { effect: 'deny', reason: 'Because.' })).list();
  if (row === undefined) throw new Error('no row');
  const shown = (text: string, isDeniedOnly = false): boolean => isHostShown(row, { text, isDeniedOnly });
  expect(['', 'H.EX', ':443', 'deep/path', 'because'].map((text) => shown(text))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
  expect([
    shown('other'),
    shown('', true),
    isHostShown({ ...row, denied: 0 }, { text: '', isDeniedOnly: true }),
  ]).toEqual([false, true, false]);
});

test('bytes have units', () => {
  expect([0, 1023, 1536, 20 << 20].map(bytesText)).toEqual(['0 B', '1023 B', '1.5 KiB', '20 MiB']);
});
