import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HeldFolder } from '../../../src/review/held-folder.ts';
import { lab } from './lab.ts';

function held(folder: string): HeldFolder {
  const it = HeldFolder.open(folder);
  onTestFinished(() => it.close());
  return it;
}

test('a folder that was moved away is still the one that is held', () => {
  const { host } = lab({ 'd/x': '1' });
  const folder = held(path.join(host, 'd'));
  fs.renameSync(path.join(host, 'd'), path.join(host, 'moved'));
  fs.symlinkSync('/etc', path.join(host, 'd'));
  expect(folder.names()).toEqual(['x']);
  fs.writeFileSync(folder.at('y'), '');
  expect(fs.readdirSync(path.join(host, 'moved'))).toEqual(['x', 'y']);
});

test('no link is followed, wherever it stands on the way', () => {
  const { host } = lab({ 'd/x': '1' }, { out: 'd', 'file-out': 'd/x' });
  const folder = held(host);
  expect(() => folder.walk('out/x')).toThrow(/ENOTDIR|ELOOP/);
  expect(() => folder.open('out')).toThrow(/ENOTDIR|ELOOP/);
  expect(() => folder.openFile('file-out')).toThrow(/ELOOP/);
  expect(folder.entry('out')).toMatchObject({ kind: 'link', target: 'd' });
});

test.each(['..', '.', '', 'a/b'])('%j is not the name of an entry', (name) => {
  const { host } = lab({});
  expect(() => held(host).at(name)).toThrow(/not the name of an entry/);
});

test('a FIFO holds nobody up', () => {
  const { host } = lab({});
  execFileSync('mkfifo', [path.join(host, 'fifo')]);
  expect(() => held(host).openFile('fifo')).toThrow(/is no regular file/);
});
