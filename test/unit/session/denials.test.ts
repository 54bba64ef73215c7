import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Event } from '../../../src/schema/event.ts';
import { Denials } from '../../../src/session/denials.ts';

let folder: string;
let denials: Denials;
beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(path.join(tmpdir(), 'leash-denials-'));
  denials = new Denials(folder);
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const deny = (name: string): Event => ({
  v: 1,
  time: 0,
  action: 'FileWrite',
  resource: { type: 'path', path: name },
  effect: 'deny',
  enforced: true,
  policies: [],
  epoch: 1,
});
const lines = (): string[] => readFileSync(denials.file, 'utf8').split('\n').slice(1, -1);

test.each([
  ['/dev/null/leash', 'ENOTDIR'],
  ['/proc/leash', 'ENOENT'],
])('where none can be, in %s, that is said', (place, code) => {
  expect(() => new Denials(place)).toThrow(`cannot write to ${place} (${code})`);
});

test('a denial is in the file when add returns; nobody else may write it', () => {
  denials.add(deny('/a'));
  expect(lines()).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d FileWrite "\/a" denied: no policy permits it\. To request/),
  ]);
  expect(statSync(denials.file).mode & 0o777).toBe(0o600);
});

test('repeats are counted, and written in full again after a rest', () => {
  for (let i = 0; i < 38; i++) denials.add(deny('/a'));
  denials.add(deny('/b'));
  expect(lines()).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  expect(lines()[2]).toMatch(/^\d\d:\d\d:\d\d ×37 more: FileWrite "\/a" denied: no policy permits it\.$/);
  denials.add(deny('/a'));
  vi.advanceTimersByTime(2_000);
  expect(lines()).toHaveLength(4);
  denials.add(deny('/a'));
  expect(lines()[4]).toContain('To request it');
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(5_000);
  expect(vi.getTimerCount()).toBe(0);
});

test('a storm of different denials is cut, and says so', () => {
  for (let i = 0; i < 10_000; i++) denials.add(deny(`/${i}`));
  expect(lines()).toHaveLength(200);
  vi.advanceTimersByTime(1_000);
  expect(lines().at(-1)).toMatch(/ ×9800 more of other kinds, too many to list$/);
});

test('the file never holds more than 256 KiB, and always the newest', () => {
  for (let round = 0; round < 40; round++) {
    for (let i = 0; i < 200; i++) denials.add(deny(`/${round}/${i}/${'é'.repeat(100)}`));
    vi.advanceTimersByTime(1_000);
    expect(statSync(denials.file).size).toBeLessThanOrEqual(256 * 1024);
    expect(lines().at(-1)).toContain(`"/${round}/199/`);
    // No line is cut when the file starts over.
    expect(
      lines()
        .slice(1)
        .every((line) => /^\d\d:\d\d:\d\d .*;$/.test(line)),
    ).toBe(true);
  }
});

test('it is the same file when it is kept with its session', () => {
  const { ino } = statSync(denials.file);
  denials.keepAs(path.join(folder, 'denials'));
  // The sandbox may be built only now.
  expect(statSync(denials.file).ino).toBe(ino);
  denials.add(deny('/a'));
  denials.close();
  expect(statSync(path.join(folder, 'denials')).ino).toBe(ino);
  expect(readdirSync(folder)).toEqual(['denials']);
  expect(readFileSync(path.join(folder, 'denials'), 'utf8')).toContain('"/a"');
});

test('what was only counted is written at the end', () => {
  denials.add(deny('/a'));
  denials.add(deny('/a'));
  denials.close();
  expect(lines().at(-1)).toContain('×1 more');
  expect(vi.getTimerCount()).toBe(0);
});

test('without a session nothing is left, nor of one that was killed before it began', async () => {
  const dead = spawn('true');
  await once(dead, 'exit');
  const left = path.join(folder, `denials-${dead.pid}-1`);
  writeFileSync(left, '');
  const other = new Denials(folder);
  expect(existsSync(left)).toBe(false);
  expect(existsSync(denials.file)).toBe(true);
  other.discard();
  denials.discard();
  expect(readdirSync(folder)).toEqual([]);
});
