import { expect, test } from 'vitest';
import { migrateText } from '../../../../src/policy/migrate/migrate.ts';

test.each([
  [
    'permit (principal == User::"claude", action, resource == Dir::"/x");',
    'permit (principal == Agent::"claude", action, resource in Dir::"/x");',
    ['changed', 'changed'],
  ],
  [
    'permit(principal, action == Action::"FileOpen", resource) when { resource in [Dir::"/a/", File::"/b"] };',
    'permit(principal, action in Action::"FileOpen", resource) when { (resource in [Dir::"/a/"] || resource in [File::"/b"]) };',
    ['same', 'same'],
  ],
  [
    '// 🙂 kept\npermit(principal, action, resource == Dir::"/x/"); // end',
    '// 🙂 kept\npermit(principal, action, resource in Dir::"/x/"); // end',
    ['changed'],
  ],
  // In a condition, `==` may well mean the directory itself.
  ['permit(principal, action, resource) when { resource == Dir::"/x/" };', undefined, []],
  ['permit(principal == Agent::"claude", action, resource == File::"/x");', undefined, []],
  ['not Cedar at all ;;; "', undefined, []],
])('%s', (before, after, meanings) => {
  const { text, edits } = migrateText(before);
  expect(text).toBe(after ?? before);
  expect(edits.map(({ meaning }) => meaning)).toEqual(meanings);
  expect(migrateText(text)).toEqual({ text, edits: [] });
});
