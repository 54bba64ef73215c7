// What servers do is put beside open calls: which of them it belongs to, whenever it is told, and what each call says that it caused.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallsInHand, type Caused } from '../../../../src/proxy/mcp/calls-in-hand.ts';
import type { Event, EventAction } from '../../../../src/schema/event.ts';

const VIA = 'mcp:files';
const START = 1_700_000_000_000;
beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** By a process of the server unless said otherwise, now unless said otherwise. */
function event(action: EventAction = 'FileOpenReadOnly', more: Partial<Event> = {}): Event {
  const who = { pid: 7, parent: 1, exe: '/usr/bin/node', via: VIA };
  const resource = { type: 'name', name: 'x' } as const;
  const verdict = { effect: 'allow', enforced: true, policies: [], epoch: 1 } as const;
  return { v: 1, time: Date.now(), who, action, resource, ...verdict, ...more };
}

function caused(calls: CallsInHand, call: string): Caused[] {
  const told: Caused[] = [];
  calls.end(call, VIA, (what) => told.push(what));
  return told;
}

test('no two calls of a session have one name', () => {
  const calls = new CallsInHand();
  expect([calls.next(), calls.next(), calls.next()]).toEqual(['c1', 'c2', 'c3']);
});

test('what the server does while a call is open belongs to it; what others do, and other servers, does not', () => {
  const calls = new CallsInHand();
  calls.begin('c1', VIA);
  expect(calls.linked(event()).call).toBe('c1');
  const { via: _, ...shell } = event().who ?? { pid: 0, parent: 0, exe: '' };
  expect(calls.linked(event('FileWrite', { who: shell }))).not.toHaveProperty('call');
  expect(calls.linked(event('FileWrite', { who: { ...shell, via: 'mcp:./files' } }))).not.toHaveProperty('call');
  const { who: __, ...nobody } = event();
  expect(calls.linked(nobody)).not.toHaveProperty('call');
});

test('before a call and after its end nothing belongs to it', () => {
  const calls = new CallsInHand();
  calls.begin('c1', VIA);
  expect(calls.linked(event('FileWrite', { time: START - 0.001 }))).not.toHaveProperty('call');
  vi.advanceTimersByTime(10);
  caused(calls, 'c1');
  vi.advanceTimersByTime(2);
  expect(calls.linked(event())).not.toHaveProperty('call');
});

test('a record that comes after the end belongs to the call that was open when it was done', () => {
  const calls = new CallsInHand();
  calls.begin('c1', VIA);
  vi.advanceTimersByTime(10);
  const told = caused(calls, 'c1');
  calls.begin('c2', VIA);
  vi.advanceTimersByTime(20);
  expect(calls.linked(event('FileWrite', { time: START + 5 })).call).toBe('c1');
  expect(calls.linked(event('FileWrite')).call).toBe('c2');
  expect(told).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(told).toEqual([{ text: '1 file operation', denied: 0, shared: 0 }]);
});

test('with several open it belongs to each of them, and is said to be shared', () => {
  const calls = new CallsInHand();
  calls.begin('c1', VIA);
  calls.linked(event('ProcessExec'));
  calls.begin('c2', VIA);
  expect(calls.linked(event('FileWrite', { effect: 'deny' })).call).toBe('c1,c2');
  const told = [...['c1', 'c2'].map((call) => caused(calls, call))];
  calls.close();
  expect(told).toEqual([
    [{ text: '1 file operation, 1 program', denied: 1, shared: 1 }],
    [{ text: '1 file operation', denied: 1, shared: 1 }],
  ]);
});

test('with more than eight open none is named, and each says that it was not alone', () => {
  const calls = new CallsInHand();
  for (let n = 1; n <= 9; n++) calls.begin(`c${n}`, VIA);
  expect(calls.linked(event())).not.toHaveProperty('call');
  const told = caused(calls, 'c9');
  calls.close();
  expect(told).toEqual([{ text: '1 file operation', denied: 0, shared: 1 }]);
});

test('each kind is counted by its name', () => {
  const calls = new CallsInHand();
  calls.begin('c1', VIA);
  const actions = [
    'FileCreate',
    'FileDelete',
    'NetConnect',
    'HttpRequest',
    'HttpRequest',
    'DnsResolve',
    'SystemCall',
  ] as const;
  for (const action of actions) calls.linked(event(action));
  const told = caused(calls, 'c1');
  calls.close();
  expect(told[0]?.text).toBe('2 file operations, 1 connection, 2 requests, 1 lookup, 1 other');
});

test('a call of the server to another one keeps its name and says during which it was made', () => {
  const calls = new CallsInHand();
  calls.begin('c1', VIA);
  const detail = { method: 'tools/call' };
  expect(calls.linked(event('McpCall', { call: 'c2', detail }))).toMatchObject({
    call: 'c2',
    detail: { method: 'tools/call', during: 'c1' },
  });
  expect(calls.linked(event('HttpRequest', { call: 'c2' })).call).toBe('c2');
  const told = caused(calls, 'c1');
  calls.close();
  expect(told[0]?.text).toBe('1 request, 1 call');
});

test('of a server elsewhere nothing is seen, and its call is told at once', () => {
  const calls = new CallsInHand();
  calls.begin('c1', undefined);
  const told: Caused[] = [];
  calls.end('c1', undefined, (what) => told.push(what));
  expect(told).toEqual([{ text: '', denied: 0, shared: 0 }]);
});

test('each end is told once, also of calls that never began, and those after the close', () => {
  const calls = new CallsInHand();
  calls.begin('c1', VIA);
  const told = [caused(calls, 'c1'), caused(calls, 'c1'), caused(calls, 'c9')];
  calls.close();
  told.push(caused(calls, 'c1'));
  vi.advanceTimersByTime(1_000);
  expect(told.map(({ length }) => length)).toEqual([1, 1, 1, 1]);
});

test('a thousand ended calls do not stay, and a long one does', () => {
  const calls = new CallsInHand();
  calls.begin('long', VIA);
  for (let n = 1; n <= 1_000; n++) {
    calls.begin(`c${n}`, VIA);
    vi.advanceTimersByTime(5);
    caused(calls, `c${n}`);
  }
  vi.advanceTimersByTime(1_000);
  expect(calls.linked(event('FileWrite', { time: START + 3 }))).toMatchObject({ call: 'long' });
  expect(calls.linked(event()).call).toBe('long');
});

test('what is to be done later is done once: in time, at the end of the session, or, taken back, not at all', () => {
  const calls = new CallsInHand();
  const done: string[] = [];
  calls.later(() => done.push('in time'), 10);
  calls.later(() => done.push('taken back'), 10)();
  calls.later(() => done.push('at the end'), 1_000);
  vi.advanceTimersByTime(10);
  expect(done).toEqual(['in time']);
  calls.close();
  calls.later(() => done.push('after it'), 1_000);
  vi.advanceTimersByTime(10_000);
  expect(done).toEqual(['in time', 'at the end', 'after it']);
});
