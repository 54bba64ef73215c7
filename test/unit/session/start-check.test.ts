import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Request } from '../../../src/schema/request.ts';
import { checkStart, findCommand } from '../../../src/session/start-check.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-start-')));
  mkdirSync(path.join(root, 'bin/tool'), { recursive: true });
  mkdirSync(path.join(root, 'more'));
  for (const file of ['more/tool', 'real']) {
    writeFileSync(path.join(root, file), '');
    chmodSync(path.join(root, file), 0o755);
  }
  symlinkSync('../real', path.join(root, 'more/link'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a command is looked up in PATH, in order, files only, and links are followed', () => {
  const search = `relative:${root}/bin:${root}/more`;
  expect(findCommand('tool', search, '/')).toBe(`${root}/more/tool`);
  expect(findCommand('link', search, '/')).toBe(`${root}/real`);
  expect(findCommand('absent', search, '/')).toBeUndefined();
  expect(findCommand('tool', undefined, '/')).toBeUndefined();
});

test('a path is taken from the workspace', () => {
  expect(findCommand('./real', '', root)).toBe(`${root}/real`);
  expect(findCommand('./absent', '', root)).toBeUndefined();
});

test('an allowed command passes; it is asked about with its arguments', () => {
  const asked: Request[] = [];
  checkStart(
    '/bin/x',
    ['x', '-y'],
    (request) => {
      asked.push(request);
      return { effect: 'allow', enforced: true, policies: [] };
    },
    false,
  );
  expect(asked[0]).toMatchObject({ action: 'ProcessExec', resource: { path: '/bin/x' }, argv: ['x', '-y'] });
});

test('a denied one is an error that names the policy and its reason', () => {
  const deny = () => ({ effect: 'deny', enforced: true, policies: ['no-x'], reason: 'it is old' }) as const;
  expect(() => checkStart('/bin/x', ['x'], deny, false)).toThrow(
    expect.objectContaining({
      code: 'LEASH_COMMAND_DENIED',
      message: 'the policy denies ProcessExec on /bin/x (forbidden by no-x: it is old)',
    }),
  );
  expect(() => checkStart('/bin/x', ['x'], () => ({ effect: 'deny', enforced: true, policies: [] }), false)).toThrow(
    /no policy permits it/,
  );
});

test('a mode that stops nothing lets it start', () => {
  expect(() =>
    checkStart('/bin/x', ['x'], () => ({ effect: 'deny', enforced: false, policies: [] }), false),
  ).not.toThrow();
});

test('where the policy asks for content, a binary is asked about with its hash, and a script without', () => {
  const asked: Request[] = [];
  const ask = (file: string): void =>
    checkStart(
      file,
      ['x'],
      (request) => {
        asked.push(request);
        return { effect: 'allow', enforced: true, policies: [] };
      },
      true,
    );
  writeFileSync(path.join(root, 'real'), Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(3 << 20)]));
  ask(path.join(root, 'real'));
  const { stdout } = spawnSync('sha256sum', [path.join(root, 'real')], { encoding: 'utf8' });
  expect(asked[0]).toMatchObject({ action: 'ProcessExec', sha256: stdout.slice(0, 64) });
  asked.length = 0;
  writeFileSync(path.join(root, 'real'), '#!/bin/sh\n');
  ask(path.join(root, 'real'));
  ask(path.join(root, 'absent'));
  for (const request of asked) expect(request).not.toHaveProperty('sha256');
});
