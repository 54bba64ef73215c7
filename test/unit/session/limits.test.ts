import { expect, test } from 'vitest';
import { LeashError } from '../../../src/host/errors.ts';
import type { Surroundings } from '../../../src/sandbox/limits.ts';
import { type LimitMet, SessionLimits } from '../../../src/session/limits.ts';

const around: Surroundings = { homes: new Map(), isRoot: false, memory: 2 ** 33, processes: 30_000, files: 20_000 };

test('without groups the entry limits processes, and the warden looks at the memory that was asked for', () => {
  const limits = new SessionLimits({ limits: { memory: 2 ** 30 } }, around);
  expect(limits.texts).toEqual(['1 GiB of memory (watched by Leash)', '4096 processes (rlimit)']);
  expect(limits.forWarden).toEqual({ groups: [], memory: 2 ** 30 });
  expect(limits.forSandbox).toEqual({ processes: 4_096, folderBytes: 2 ** 28 });
});

test('a group that looks possible and is refused is done without; what only it could hold is refused then', () => {
  const home = { version: 1, folder: '/nonexistent/group', mustMove: false } as const;
  const homes = new Map([
    ['pids', home],
    ['cpu', home],
  ] as const);
  expect(new SessionLimits({ limits: {} }, { ...around, homes }).texts).toEqual(['4096 processes (rlimit)']);
  expect(() => new SessionLimits({ limits: { cpus: 1 } }, { ...around, homes })).toThrow(/^--cpus cannot be held here/);
});

test('a session that was ended at its memory limit says which it was', () => {
  const limits = new SessionLimits({ limits: { memory: 2 ** 30 } }, around);
  const failure = new LeashError('LEASH_LIMIT_MEMORY', 'the memory limit was exceeded');
  const met: LimitMet[] = [];
  expect(limits.end(failure, (limit) => met.push(limit))).toEqual([]);
  expect(met).toEqual([{ name: 'memory', text: 'the agent ran out of its 1 GiB memory limit and was stopped' }]);
  expect(limits.explain(failure)).toMatchObject({
    code: 'LEASH_LIMIT_MEMORY',
    message: 'the agent ran out of its 1 GiB memory limit',
  });
  const other = new LeashError('LEASH_ENGINE_LOST', 'lost');
  expect(limits.explain(other)).toBe(other);
});
