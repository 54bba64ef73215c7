import { expect, test } from 'vitest';
import type { Controller, ControllerHome, ControllerHomes } from '../../../src/host/cgroups.ts';
import { bytesText, chooseLimits, limitText, type Surroundings, surroundings } from '../../../src/sandbox/limits.ts';

const home: ControllerHome = { version: 1, folder: '/x', mustMove: false };
const all: ControllerHomes = new Map<Controller, ControllerHome>([
  ['memory', home],
  ['pids', home],
  ['cpu', { ...home, version: 2 }],
]);
const none: ControllerHomes = new Map();
const around = (changes: Partial<Surroundings> = {}): Surroundings => ({
  homes: none,
  isRoot: false,
  memory: 8 * 2 ** 30,
  processes: 30_000,
  files: 524_288,
  ...changes,
});

test('a group holds what was asked for, and what nobody asked for has a default', () => {
  expect(chooseLimits({ memory: 2 ** 30, cpus: 1.5, pids: 99 }, around({ homes: all }))).toEqual([
    { name: 'memory', value: 2 ** 30, holder: 'cgroup v1' },
    { name: 'pids', value: 99, holder: 'cgroup v1' },
    { name: 'cpu', value: 1.5, holder: 'cgroup v2' },
  ]);
  expect(chooseLimits({}, around({ homes: all }))).toEqual([
    { name: 'memory', value: 6 * 2 ** 30, holder: 'cgroup v1' },
    { name: 'pids', value: 4_096, holder: 'cgroup v1' },
  ]);
});

test('a container engine holds what is asked for, and the defaults', () => {
  expect(chooseLimits({ cpus: 2 }, around({ hasEngine: true }))).toEqual([
    { name: 'memory', value: 6 * 2 ** 30, holder: 'engine' },
    { name: 'pids', value: 4_096, holder: 'engine' },
    { name: 'cpu', value: 2, holder: 'engine' },
  ]);
  expect(limitText({ name: 'cpu', value: 2, holder: 'engine' })).toBe('2 cpus (held by the container engine)');
});

test('without groups a user has the kernel count processes, and Leash look at memory when asked to', () => {
  expect(chooseLimits({}, around())).toEqual([{ name: 'pids', value: 4_096, holder: 'rlimit' }]);
  expect(chooseLimits({ memory: 2 ** 30 }, around())[0]).toEqual({ name: 'memory', value: 2 ** 30, holder: 'watch' });
});

test('the default leaves the user, and the warden, room', () => {
  expect(chooseLimits({}, around({ processes: 1_000 }))[0]?.value).toBe(500);
  expect(chooseLimits({}, around({ files: 4_096 }))[0]?.value).toBe(2_048);
});

test('what was asked for and cannot be held is refused, with the reason', () => {
  expect(() => chooseLimits({ cpus: 1 }, around())).toThrow(/^--cpus cannot be held here: .*cpu controller$/);
  expect(() => chooseLimits({ pids: 9 }, around({ isRoot: true }))).toThrow(/^--pids cannot be held here/);
  expect(() => chooseLimits({ pids: 3_000 }, around({ files: 4_096 }))).toThrow(/at most 2048$/);
});

test('a default that nobody can hold is said to be so', () => {
  expect(chooseLimits({}, around({ isRoot: true })).map(limitText)).toEqual(['4096 processes (held by nobody)']);
});

test.each([
  [4 * 2 ** 30, '4 GiB'],
  [1.5 * 2 ** 30, '1.5 GiB'],
  [200 * 2 ** 20, '200 MiB'],
  [1_000, '1000 bytes'],
  [2 ** 60, '1048576 TiB'],
])('%d bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));

test('this machine', () => {
  const here = surroundings();
  expect(here.memory).toBeGreaterThan(2 ** 28);
  expect(here.files).toBeGreaterThan(0);
  expect(here.processes).toBeGreaterThan(0);
});
