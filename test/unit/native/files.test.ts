// Files that compilers and people make, and some that nobody should: what the warden takes each for.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const native = fileURLToPath(new URL('../../../native', import.meta.url));
const LOADER = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'].find(existsSync) ?? '';

let folder: string;
beforeAll(() => {
  execFileSync('make', ['-s', '-C', native, 'build/test/files']);
  folder = mkdtempSync(path.join(tmpdir(), 'leash-files-'));
  writeFileSync(path.join(folder, 'main.c'), 'int main(void) { return 0; }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const look = (file: string): [kind: string, interpreter: string] =>
  execFileSync(`${native}/build/test/files`, [file], { encoding: 'utf8' }).slice(0, -1).split('\t') as [string, string];

const compile = (...flags: string[]): string => {
  const file = path.join(folder, 'out');
  execFileSync('cc', ['-o', file, ...flags, path.join(folder, 'main.c')]);
  return file;
};

const written = (content: string | Uint8Array): string => {
  const file = path.join(folder, 'written');
  writeFileSync(file, content);
  return file;
};

describe('what a file is', () => {
  it.each([
    ['an ordinary program', ['-pie', '-fPIE'], 'program'],
    ['one with a fixed place', ['-no-pie'], 'program'],
    ['a static one', ['-static'], 'program'],
    ['a static one that can stand anywhere', ['-static-pie', '-fPIE'], 'program'],
    ['a library', ['-shared', '-fPIC', '-Wl,-soname,libx.so'], 'shared'],
    ['a plug-in without a name of its own', ['-shared', '-fPIC'], 'shared'],
    [
      'a library that can be started',
      ['-shared', '-fPIC', '-Wl,-soname,libx.so', `-Wl,--dynamic-linker=${LOADER}`],
      'shared',
    ],
  ])('%s', (_what, flags, kind) => {
    expect(look(compile(...flags))).toEqual([kind, '']);
  });

  it('the dynamic loader, libc, and what is no ELF file', () => {
    const libc = /=> (\S*libc\.so\.6)/.exec(execFileSync('ldd', ['/bin/cat'], { encoding: 'utf8' }))?.[1] ?? '';
    expect(look(LOADER)[0]).toBe('shared');
    expect(look(libc)[0]).toBe('other');
    expect(look(written(''))[0]).toBe('other');
    expect(look(written('text'))[0]).toBe('other');
  });

  it('a damaged file is taken for something, and nothing is read that is not there', () => {
    const whole = readFileSync(compile('-pie', '-fPIE'));
    for (const length of [3, 16, 63, 64, 65, 100, 500, 4096])
      expect(['program', 'shared', 'other']).toContain(look(written(whole.subarray(0, length)))[0]);
    for (let at = 16; at < 64; at++) {
      const damaged = Uint8Array.from(whole);
      damaged.fill(0xff, at, at + 8);
      expect(['program', 'shared', 'other']).toContain(look(written(damaged))[0]);
    }
  });
});

describe('what a first line names', () => {
  it.each([
    ['#!/bin/sh\n', '/bin/sh'],
    ['#!/bin/sh', '/bin/sh'],
    ['#! \t/bin/sh -e\n', '/bin/sh'],
    ['#!/bin/sh\t-e\n', '/bin/sh'],
    ['#!relative\n', 'relative'],
    ['#!/bin/sh\0/../other\n', '/bin/sh'],
    [`#!/${'x'.repeat(252)}\n`, `/${'x'.repeat(252)}`],
    [`#!/${'x'.repeat(253)}\n`, 'ENOEXEC'], // the line feed is the 257th byte
    [`#!/bin/sh ${'x'.repeat(300)}\n`, '/bin/sh'],
    ['#!\n/bin/sh\n', 'ENOEXEC'],
    ['#!   \n', 'ENOEXEC'],
    ['#!', 'ENOEXEC'],
    ['#', 'ENOEXEC'],
    ['', 'ENOEXEC'],
    ['echo\n', 'ENOEXEC'],
  ])('%j', (text, expected) => {
    expect(look(written(text))[1]).toBe(expected);
  });
});
