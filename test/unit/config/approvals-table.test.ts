import { expect, test } from 'vitest';
import { readApprovals } from '../../../src/config/approvals-table.ts';

const CONTEXT = { home: '/home/me', folder: '/home/me/.config/leash', env: {}, lineOf: () => 7 };
const read = (table: unknown) => readApprovals(table, CONTEXT);

test('a webhook and the file of its secret', () => {
  expect(read(undefined)).toEqual({});
  expect(read({ webhook: 'https://hooks.example/a?b=c', secret_file: 'hook.secret' })).toEqual({
    webhook: { value: 'https://hooks.example/a?b=c', line: 7 },
    secretFile: { value: '/home/me/.config/leash/hook.secret', line: 7 },
  });
});

test.each(['http://127.0.0.1:9000/', 'http://[::1]/x', 'http://localhost:1', 'https://10.0.0.1/'])(
  '%s is taken',
  (url) => {
    expect(read({ webhook: url }).webhook?.value).toBe(url);
  },
);

test.each([
  'http://hooks.example/',
  'http://127.0.0.1.example/',
  'http://localhost.example/',
  'http://169.254.169.254/latest',
  'https://me:swordfish@hooks.example/',
  'ftp://127.0.0.1/',
  'swordfish',
])('%s is none, and is not repeated', (url) => {
  expect(() => read({ webhook: url })).toThrow('webhook needs an https URL');
  expect(() => read({ webhook: url })).not.toThrow(/swordfish/);
});

test.each([
  [[], 'approvals is no table'],
  [{ webhooks: 'x' }, 'approvals has no key "webhooks"; did you mean webhook?'],
  [{ webhook: 3 }, 'webhook needs a text in quotes'],
  [{ secret_file: 'x' }, 'secret_file is for a webhook'],
])('%j is a fault: %s', (table, text) => {
  expect(() => read(table)).toThrow(text);
});
