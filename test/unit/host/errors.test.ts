import { expect, test } from 'vitest';
import { assertNever, ERRORS, EXIT, LeashError, nameExhaustion } from '../../../src/host/errors.ts';

test('every code has an exit status of the list and a hint in sentences', () => {
  const statuses: readonly number[] = Object.values(EXIT);
  for (const [code, { exit, hint }] of Object.entries(ERRORS)) {
    expect(code).toMatch(/^LEASH_[A-Z_]+$/);
    expect(statuses).toContain(exit);
    expect(exit).not.toBe(EXIT.ok);
    expect(hint).toMatch(/^[A-Z].*\.$/);
  }
});

test('an error carries its code, status, hint, details and cause', () => {
  const cause = new Error('inner');
  const error = new LeashError('LEASH_POLICY_INVALID', 'message', { details: ['1:2'], cause });
  expect(error).toMatchObject({
    name: 'LeashError',
    code: 'LEASH_POLICY_INVALID',
    message: 'message',
    details: ['1:2'],
    cause,
  });
  expect(error.exit).toBe(ERRORS.LEASH_POLICY_INVALID.exit);
  expect(error.hint).toBe(ERRORS.LEASH_POLICY_INVALID.hint);
  expect(new LeashError('LEASH_USAGE', 'message').details).toEqual([]);
});

test('what the system has no more of has a code; nothing else is touched', () => {
  const full = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  expect(nameExhaustion(full)).toMatchObject({ code: 'LEASH_HOST_EXHAUSTED', message: full.message, cause: full });
  for (const other of [new Error('x'), Object.assign(new Error('x'), { code: 'ENOENT' }), 'EMFILE', undefined, null])
    expect(nameExhaustion(other)).toBe(other);
});

test('a member of a union that nobody thought of is a bug', () => {
  expect(() => assertNever('other' as never)).toThrow('unexpected value: "other"');
});
