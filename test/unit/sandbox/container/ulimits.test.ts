import { expect, test } from 'vitest';
import { ulimitOptions } from '../../../../src/sandbox/container/ulimits.ts';

test('docker is told of files only; podman of processes too, at most what it leaves itself', () => {
  const limits = { openFiles: 500, processesOfUser: 90_000 };
  expect(ulimitOptions('docker', limits)).toEqual(['--ulimit', 'nofile=500:500']);
  expect(ulimitOptions('podman', limits).join(' ')).toBe('--ulimit nofile=500:500 --ulimit nproc=32768:32768');
  expect(ulimitOptions('podman', { ...limits, processesOfUser: 50 }).at(-1)).toBe('nproc=50:50');
});
