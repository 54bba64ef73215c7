import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { envFiles, parseEnvFile } from '../../../src/cli/env-file.ts';

const ENV = { PASSED: 'from outside' };

test('the format of docker: the value is all that follows, quotes and spaces included', () => {
  const text = '\uFEFF# comment\r\n\nA=1\n  B = "x" # no comment\r\nEMPTY=\nPASSED\nNOT_SET\nA=2\nC=a=b';
  expect(() => parseEnvFile(text, 'f', ENV, false)).toThrow('--env-file: f:4: this is neither NAME=VALUE nor NAME');
  expect(parseEnvFile(text.replace('B =', 'B='), 'f', ENV, false)).toEqual({
    A: '2',
    B: ' "x" # no comment',
    EMPTY: '',
    PASSED: 'from outside',
    C: 'a=b',
  });
});

test.each([
  ['=value', '1: this is neither'],
  ['export A=secret', '1: this is neither'],
  ['\n1A=secret', '2: this is neither'],
  ['A=sec\0ret', '1: the value of A holds a NUL'],
])('%j is refused without its value', (text, message) => {
  const read = (): unknown => parseEnvFile(text, 'f', ENV, false);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/sec.?ret/);
});

test('a file that an agent could write asks for no variable of the user’s, and leads no key elsewhere', () => {
  expect(parseEnvFile('A=1', 'f', ENV, true)).toEqual({ A: '1' });
  expect(() => parseEnvFile('PASSED', 'f', ENV, true)).toThrow('pass PASSED on with --env PASSED');
  for (const name of ['ANTHROPIC_BASE_URL', 'OPENAI_API_BASE'])
    expect(() => parseEnvFile(`${name}=http://evil.test`, 'f', ENV, true)).toThrow('it may not say where keys go');
});

test('a file is the agent’s where it, or a link on the way to it, lies in the workspace', () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-env-')));
  try {
    const workspace = path.join(root, 'ws');
    mkdirSync(workspace);
    const mine = path.join(root, 'mine');
    writeFileSync(mine, 'PASSED\nA=mine\n');
    writeFileSync(path.join(workspace, 'theirs'), 'A=theirs\n');
    symlinkSync(mine, path.join(workspace, 'link'));
    symlinkSync(path.join(workspace, 'link'), path.join(root, 'detour'));
    const read = (...names: readonly string[]): unknown =>
      envFiles(
        names.map((name) => path.join(root, name)),
        ENV,
        workspace,
      );
    expect(read('mine', 'ws/theirs')).toEqual({ PASSED: 'from outside', A: 'theirs' });
    for (const name of ['ws/link', 'detour']) expect(() => read(name)).toThrow('lies in the workspace');
    writeFileSync(path.join(root, 'bytes'), Buffer.from('A=\xff', 'latin1'));
    expect(() => read('bytes')).toThrow('bytes is not UTF-8');
    expect(() => envFiles(['/dev/zero'], ENV, workspace)).toThrow('/dev/zero is longer than 1 MiB');
    expect(() => read('none')).toThrow(/none cannot be read \(ENOENT\)/);
  } finally {
    rmSync(root, { recursive: true });
  }
});
