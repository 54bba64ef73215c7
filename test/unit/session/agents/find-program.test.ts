import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findAgent } from '../../../../src/sandbox/agents/catalog.ts';
import { type HostProgram, hostProgram } from '../../../../src/session/agents/find-program.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'leash-find-')));
  mkdirSync(path.join(root, 'home'));
  mkdirSync(path.join(root, 'workspace'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string): string => path.join(root, name);

function program(name: string): string {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), '#!/bin/sh\n');
  chmodSync(at(name), 0o755);
  return at(name);
}

function link(target: string, name: string): string {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  symlinkSync(target, at(name));
  return at(name);
}

function find(folders: readonly string[], bin = 'claude'): HostProgram | undefined {
  const agent = findAgent('claude');
  if (agent === undefined) throw new Error('no claude');
  const env = { PATH: folders.map((folder) => (folder.startsWith('.') ? folder : at(folder))).join(':') };
  return hostProgram({ ...agent, bin }, { env, home: at('home'), workspace: at('workspace') });
}

it('finds what is on PATH; outside the home there is nothing more to show', () => {
  expect(find(['none', 'bin'])).toBeUndefined();
  expect(program('bin/claude')).toBe(find(['none', 'bin'])?.command);
  expect(find(['bin'])?.shown).toEqual([]);
});

it('never takes a program of the workspace, however PATH leads there', () => {
  program('workspace/node_modules/.bin/claude');
  program('workspace/claude');
  link(at('workspace'), 'linked');
  link(at('workspace/claude'), 'bin/claude');
  link(at('bin/claude'), 'bin2/claude');
  expect(find(['workspace/node_modules/.bin', 'workspace', 'linked', 'bin', 'bin2'])).toBeUndefined();
  expect(find(['.', './workspace'])).toBeUndefined();
  expect(find([], at('workspace/claude'))).toBeUndefined();
  expect(find([], at('bin/claude'))).toBeUndefined();
  const real = program('usr/claude');
  expect(find(['workspace', 'linked', 'usr'])?.command).toBe(real);
});

it('shows of the home what the program consists of, and no more', () => {
  const single = program('home/.local/share/claude/versions/2.1');
  link(single, 'home/.local/bin/claude');
  expect(find(['home/.local/bin'])).toEqual({ command: at('home/.local/bin/claude'), shown: [single] });
  program('home/.local/lib/node_modules/@scope/agent/cli.js');
  link('../lib/node_modules/@scope/agent/cli.js', 'home/.local/bin/scoped');
  expect(find(['home/.local/bin'], 'scoped')?.shown).toEqual([at('home/.local/lib/node_modules/@scope/agent')]);
  program('home/.tool/bin/tool');
  expect(find(['home/.tool/bin'], 'tool')?.shown).toEqual([at('home/.tool')]);
  program('home/bin/own');
  expect(find(['home/bin'], 'own')?.shown).toEqual([at('home/bin/own')]);
});

it('runs the end of several links: those in between are not in the sandbox', () => {
  const real = program('home/opt/claude');
  link(real, 'home/other/claude');
  link(at('home/other/claude'), 'bin/claude');
  expect(find(['bin'])).toEqual({ command: real, shown: [real] });
});
