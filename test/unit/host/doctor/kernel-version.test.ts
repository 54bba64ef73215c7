import os from 'node:os';
import { expect, test } from 'vitest';
import { isAtLeast, parseKernelVersion } from '../../../../src/host/doctor/kernel-version.ts';

test.each([
  ['6.18.44-cloud-v595', [6, 18]],
  ['5.15.0-91-generic', [5, 15]],
  ['10.0', [10, 0]],
  ['unknown', undefined],
  ['', undefined],
])('%j', (release, version) => {
  expect(parseKernelVersion(release)).toEqual(version);
});

test('this kernel has a version', () => {
  expect(parseKernelVersion(os.release())).toBeDefined();
});

test('versions are compared by number, not as text', () => {
  expect(isAtLeast([5, 19], [5, 19])).toBe(true);
  expect(isAtLeast([5, 4], [5, 19])).toBe(false);
  expect(isAtLeast([6, 1], [5, 19])).toBe(true);
  expect(isAtLeast([4, 20], [5, 19])).toBe(false);
});
