import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeptApprovals } from '../../../src/decision/kept-approvals.ts';
import type { Subject } from '../../../src/decision/subject.ts';

let dir: string;
let said: string[];
beforeEach(() => {
  dir = path.join(mkdtempSync(path.join(tmpdir(), 'leash-kept-')), 'leash');
  said = [];
});
afterEach(() => rmSync(path.dirname(dir), { recursive: true, force: true }));

const open = (): KeptApprovals => new KeptApprovals(dir, (line) => said.push(line));
const subject = (digit: string): Subject => ({
  key: digit.repeat(64),
  agent: 'a',
  exe: '/bin/cat',
  action: 'FileOpenReadOnly',
  resource: { type: 'path', path: `/w/${digit}` },
  particulars: { argv: ['token'] },
});

test('what is added is there for everybody who looks, until it is removed', () => {
  const early = open();
  expect(early.has('1'.repeat(64))).toBe(false);
  expect(early.list()).toEqual([]);
  expect(existsSync(dir)).toBe(false);
  open().add([subject('1'), subject('2')]);
  open().add([subject('1')]);
  expect(early.has('1'.repeat(64))).toBe(true);
  expect(early.list().map(({ resource }) => resource)).toEqual(['/w/2', '/w/1']);
  expect(open().remove(({ resource }) => resource === '/w/1')).toBe(1);
  expect([early.has('1'.repeat(64)), early.has('2'.repeat(64))]).toEqual([false, true]);
});

test('the MCP server is kept where there is one', () => {
  open().add([subject('1'), { ...subject('2'), via: 'mcp:files' }]);
  expect(
    open()
      .list()
      .map(({ via }) => via),
  ).toEqual([undefined, 'mcp:files']);
});

test('the file is for its owner only, written whole, and holds no arguments', () => {
  open().add([subject('1')]);
  expect(statSync(open().file).mode & 0o777).toBe(0o600);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(readdirSync(dir)).toEqual(['approvals.json']);
  expect(JSON.stringify(open().list())).not.toContain('token');
});

const KEPT = { id: 'a', key: '1'.repeat(64), agent: 'a', exe: 'e', action: 'FileWrite', resource: '/w', given: 1 };
test.each([
  ['no JSON', '{'],
  ['another version', JSON.stringify({ v: 2, approvals: [KEPT] })],
  ['another shape', JSON.stringify([KEPT])],
  ['a further field', JSON.stringify({ v: 1, approvals: [KEPT], all: true })],
  ['a server that is no text', JSON.stringify({ v: 1, approvals: [{ ...KEPT, via: 1 }] })],
  ['a further field of an approval', JSON.stringify({ v: 1, approvals: [{ ...KEPT, any: true }] })],
  ['a missing field', JSON.stringify({ v: 1, approvals: [{ ...KEPT, exe: undefined }] })],
  ['a key that is none', JSON.stringify({ v: 1, approvals: [{ ...KEPT, key: '*' }] })],
  ['a field of another type', JSON.stringify({ v: 1, approvals: [{ ...KEPT, given: '1' }] })],
  ['null', 'null'],
  ['too much', ' '.repeat((1 << 20) + 1)],
])('of a file with %s nothing is approved, and a person is told once', (_what, text) => {
  open().add([subject('2')]);
  writeFileSync(open().file, text);
  const kept = open();
  expect([kept.has('1'.repeat(64)), kept.has('1'.repeat(64))]).toEqual([false, false]);
  expect(said).toEqual([expect.stringMatching(/^LEASH_APPROVALS: .*approvals\.json .*; nothing in it is approved$/)]);
  expect(() => kept.list()).toThrow(expect.objectContaining({ code: 'LEASH_APPROVALS' }));
  expect(() => kept.add([subject('3')])).toThrow(expect.objectContaining({ code: 'LEASH_APPROVALS' }));
});

test('a folder that cannot be made or written is said in one line', () => {
  writeFileSync(dir, 'a file where the folder should be');
  expect(() => open().add([subject('1')])).toThrow(expect.objectContaining({ code: 'LEASH_APPROVALS' }));
});
