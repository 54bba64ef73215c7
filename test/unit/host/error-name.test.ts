import { expect, it } from 'vitest';
import { errorName } from '../../../src/host/error-name.ts';

it.each([
  [1, 'EPERM'],
  [8, 'ENOEXEC'],
  [11, 'EAGAIN'],
  [95, 'ENOTSUP'],
  [524, 'errno 524'],
])('%i is %s', (errno, name) => {
  expect(errorName(errno)).toBe(name);
});
