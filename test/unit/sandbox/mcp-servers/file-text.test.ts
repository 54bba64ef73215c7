import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileText, MOST_BYTES } from '../../../../src/sandbox/mcp-servers/file-text.ts';

const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'leash-file-text-')));
afterAll(() => fs.rmSync(root, { recursive: true }));
const workspace = path.join(root, 'w');
fs.mkdirSync(path.join(workspace, 'in'), { recursive: true });
fs.mkdirSync(path.join(root, 'w-other'));

function put(name: string, content: string | Buffer = 'text'): string {
  const file = path.join(root, name);
  fs.writeFileSync(file, content);
  return file;
}

function link(name: string, to: string): string {
  const file = path.join(root, name);
  fs.symlinkSync(to, file);
  return file;
}

const outside = put('outside');
put('w-other/near');

test('a text, and whether it lies in the workspace', () => {
  expect(fileText(put('w/in/a'), workspace, true)).toEqual({ text: 'text', isOfWorkspace: true });
  expect(fileText(outside, workspace, false)).toEqual({ text: 'text', isOfWorkspace: false });
  expect(fileText(path.join(root, 'w-other/near'), workspace, false)).toMatchObject({ isOfWorkspace: false });
  expect(fileText(outside, '/', true)).toMatchObject({ isOfWorkspace: true });
});

test('a byte order mark is no text', () => {
  expect(fileText(put('w/mark', '\ufeff{}'), workspace, true)).toMatchObject({ text: '{}' });
});

test('a file of the user that is a link into the workspace is one of the workspace', () => {
  expect(fileText(link('mine', put('w/theirs')), workspace, false)).toMatchObject({ isOfWorkspace: true });
});

test('what is not there is no fault', () => {
  for (const name of ['none', 'none/below', 'outside/below'])
    expect(fileText(path.join(root, name), workspace, false)).toBeUndefined();
  expect(fileText(link('w/dangling', '/nowhere/at/all'), workspace, true)).toBeUndefined();
});

test('a link inside of the workspace is followed, one out of it is not', () => {
  expect(fileText(link('w/inner', 'in/a'), workspace, true)).toMatchObject({ text: 'text' });
  for (const [name, to] of [
    ['w/direct', outside],
    ['w/relative', '../outside'],
    ['w/near', '../w-other/near'],
  ] as const)
    expect(fileText(link(name, to), workspace, true)).toEqual({
      fault: 'it is a link that leads out of the workspace',
    });
  link('w/folder', root);
  expect(fileText(path.join(workspace, 'folder/outside'), workspace, true)).toHaveProperty('fault');
});

test('what would wait, act or not end is not opened', () => {
  execFileSync('mkfifo', [path.join(workspace, 'fifo')]);
  expect(fileText(path.join(workspace, 'fifo'), workspace, true)).toEqual({ fault: 'it is no regular file' });
  expect(fileText(link('w/zero', '/dev/zero'), workspace, true)).toEqual({ fault: 'it is no regular file' });
  expect(fileText(link('w/tty', '/dev/tty'), workspace, true)).toEqual({ fault: 'it is no regular file' });
  expect(fileText(path.join(workspace, 'in'), workspace, true)).toEqual({ fault: 'it is no regular file' });
  expect(fileText(link('w/self', 'self'), workspace, true)).toEqual({ fault: 'it cannot be read (ELOOP)' });
});

test('size is bounded, before anything is read and while it is', () => {
  expect(fileText(put('w/most', 'x'.repeat(MOST_BYTES)), workspace, true)).toHaveProperty('text.length', MOST_BYTES);
  expect(fileText(put('w/more', 'x'.repeat(MOST_BYTES + 1)), workspace, true)).toEqual({
    fault: 'it has more than 4 MiB',
  });
  // Files of procfs have no size.
  expect(fileText('/proc/self/status', workspace, false)).toEqual({ fault: 'it grows while it is read' });
});

test('no descriptor stays open', () => {
  const before = fs.readdirSync('/proc/self/fd').length;
  for (let round = 0; round < 50; round++) {
    fileText(outside, workspace, false);
    fileText(path.join(workspace, 'direct'), workspace, true);
    fileText(path.join(workspace, 'more'), workspace, true);
  }
  expect(fs.readdirSync('/proc/self/fd').length).toBeLessThan(before + 25);
});
