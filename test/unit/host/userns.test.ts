import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { usernsRefusal } from '../../../src/host/userns.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-userns-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function set(file: string, value: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), value);
}

test.each([
  ['proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1\n', '0\n', 'AppArmor'],
  ['proc/sys/kernel/unprivileged_userns_clone', '0\n', '1\n', 'kernel.unprivileged_userns_clone'],
  ['proc/sys/user/max_user_namespaces', '0\n', '15000\n', 'user.max_user_namespaces'],
])('%s', (file, refused, granted, named) => {
  set(file, refused);
  expect(usernsRefusal({ env: {}, root })?.why).toContain(named);
  set(file, granted);
  expect(usernsRefusal({ env: {}, root })).toBeUndefined();
});

test('a machine that has none of these settings', () => expect(usernsRefusal({ env: {}, root })).toBeUndefined());
