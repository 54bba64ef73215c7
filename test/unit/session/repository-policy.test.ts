import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repositoryPolicy, requireForbids, withRepository } from '../../../src/session/repository-policy.ts';

let workspace: string;
let file: string;
beforeEach(() => {
  workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-repository-')));
  file = path.join(workspace, 'leash.cedar');
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

const FORBID =
  '@id("a") @reason("why; permit(") // permit\nforbid(principal, action, resource) when { "permit;" == "x" };';

test.each([
  ['nothing', ''],
  ['a comment', '// permit(principal, action, resource);'],
  ['a forbid', FORBID],
  ['annotations without a value', '@quiet forbid(principal, action, resource);'],
  ['two', `${FORBID}${FORBID}`],
])('%s is taken', (_what, text) => {
  requireForbids(text);
});

test.each([
  ['a permit', 'permit(principal, action, resource);', 'line 1 begins a statement that is no forbid'],
  [
    'a permit that looks like none',
    `${FORBID}\n\n@id("forbid")\n// forbid\npermit(principal, action, resource);`,
    'line 4 begins',
  ],
  ['a permit in the line of a forbid', `${FORBID} permit(principal, action, resource);`, 'line 2 begins'],
  ['a permit behind a quote that ends', '@id("\\"") permit(principal, action, resource);', 'line 1 begins'],
  ['no policy', 'hello', 'line 1 begins'],
  ['a forbid without an end', 'forbid(principal, action, resource)', 'the statement of line 1 has no end'],
  ['a string without an end', 'forbid(principal, action, resource) when { "x', 'has no end'],
])('%s is refused', (_what, text, message) => {
  expect(() => requireForbids(text)).toThrow(message);
});

test('a workspace without one brings nothing along', () => {
  expect(repositoryPolicy(workspace, undefined)).toBeUndefined();
});

test('it is read, unless it is the person’s own policy', () => {
  writeFileSync(file, FORBID);
  expect(repositoryPolicy(workspace, undefined)).toEqual({ name: file, text: FORBID });
  expect(repositoryPolicy(workspace, '/etc/hostname')?.text).toBe(FORBID);
  writeFileSync(file, 'permit(principal, action, resource);');
  expect(repositoryPolicy(workspace, file)).toBeUndefined();
});

test.each([
  ['a link', () => symlinkSync('/etc/passwd', file), 'is a link'],
  ['a folder', () => mkdirSync(file), 'is no file'],
  ['too long', () => writeFileSync(file, `// ${'x'.repeat(70_000)}`), 'is longer than 65536 bytes'],
  ['not UTF-8', () => writeFileSync(file, Buffer.from([0x2f, 0x2f, 0xff])), 'is not UTF-8'],
])('one that is %s is refused', (_what, make, message) => {
  make();
  expect(() => repositoryPolicy(workspace, undefined)).toThrow(message);
});

test('a fault in it is told in its own lines', () => {
  const joined = withRepository({ name: 'node', text: 'a\nb' }, { name: '/w/leash.cedar', text: 'c' });
  expect(joined).toEqual({
    name: 'node,leash.cedar',
    text: 'a\nb\nc\n',
    sections: [
      { name: 'node', start: 0 },
      { name: '/w/leash.cedar', start: 4 },
    ],
  });
  expect(withRepository({ name: 'node', text: 'a' }, undefined)).toEqual({ name: 'node', text: 'a' });
});
