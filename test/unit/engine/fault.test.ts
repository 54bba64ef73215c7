import { expect, test } from 'vitest';
import { failureOf, neverStood } from '../../../src/engine/fault.ts';
import { FAULT } from '../../../src/engine/wire-layout.ts';

test.each([
  [FAULT.sandbox, 0, 'LEASH_SANDBOX_START', 'text'],
  [FAULT.memory, 0, 'LEASH_LIMIT_MEMORY', 'text'],
  [FAULT.exec, 2, 'LEASH_COMMAND_NOT_FOUND', 'there is no command agent'],
  [FAULT.exec, 13, 'LEASH_COMMAND_NOT_EXECUTABLE', 'agent cannot be executed (EACCES)'],
])('fault %d with errno %d', (code, error, expected, message) => {
  expect(failureOf({ code, error, text: 'text' }, 'agent')).toMatchObject({ code: expected, message });
});

test('a backend that ended first', () => {
  expect(neverStood(3)).toMatchObject({ code: 'LEASH_SANDBOX_START', message: expect.stringContaining('status 3') });
});
