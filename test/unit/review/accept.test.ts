import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { accept } from '../../../src/review/accept.ts';
import type { Change } from '../../../src/review/change.ts';
import { findReview } from '../../../src/review/record.ts';
import { contentOf, finishReviews } from '../../../src/review/whole.ts';
import { ID, type Lab, lab, write } from './lab.ts';

const everything = (all: readonly Change[]): readonly Change[] => all;
const named =
  (...names: string[]) =>
  (all: readonly Change[]): readonly Change[] =>
    all.filter(({ path: at }) => names.includes(at));

/** Changes of every kind. */
function workshop(): Lab {
  const it = lab(
    { a: 'old a', b: 'old b', 'gone/x': 'old x', 'gone/y/z': 'old z', swap: 'old swap', 'turn/in': 'old in' },
    { link: 'a' },
  );
  write(it.upper, { a: 'new a', 'new/deep/n': 'new n', 'swap/inside': 'new inside', turn: 'new turn' });
  fs.symlinkSync('/etc/passwd', path.join(it.upper, 'link'));
  fs.chmodSync(path.join(it.upper, 'new'), 0o500);
  it.whiteout('b');
  it.whiteout('gone');
  return it;
}

const AFTER = {
  a: 'new a',
  link: '-> /etc/passwd',
  'new/': '',
  'new/deep/': '',
  'new/deep/n': 'new n',
  'swap/': '',
  'swap/inside': 'new inside',
  turn: 'new turn',
};

test('all of it: the host is as the agent left it, and nothing of the review is left', () => {
  const it = workshop();
  const done = accept(it.review, everything, { env: {} });
  expect(done).toMatchObject({ conflicts: [], refused: [], kept: [] });
  expect(it.tree()).toEqual(AFTER);
  expect(fs.statSync(path.join(it.host, 'new')).mode & 0o777).toBe(0o500);
  expect(findReview(ID, it.env)).toBeUndefined();
  expect(fs.existsSync(it.review.dir)).toBe(false);
});

test('some of it, with the folders it needs; the rest waits on', () => {
  const it = workshop();
  accept(it.review, named('new/deep/n', 'a'), { env: {} });
  expect(it.tree()).toMatchObject({ a: 'new a', 'new/deep/n': 'new n', b: 'old b', swap: 'old swap' });
  expect(it.letters()).toEqual([
    'D b',
    'D gone',
    'D gone/x',
    'D gone/y',
    'D gone/y/z',
    'M link',
    'T swap',
    'A swap/inside',
    'T turn',
    'D turn/in',
  ]);
  accept(it.review, everything, { env: {} });
  expect(it.tree()).toEqual(AFTER);
});

test('what the host changed since is left, and taken only by force, with the other kept', () => {
  const it = lab({ a: 'old', b: 'old', c: 'old' });
  write(it.upper, { a: 'agent', b: 'agent' });
  it.whiteout('c');
  write(it.host, { a: 'person', c: 'person' });
  expect(accept(it.review, everything, { env: {} })).toMatchObject({
    accepted: [{ path: 'b' }],
    conflicts: [{ path: 'a' }, { path: 'c' }],
  });
  expect(it.tree()).toEqual({ a: 'person', b: 'agent', c: 'person' });
  const { kept } = accept(it.review, everything, { env: {}, isForced: true });
  expect(it.tree()).toEqual({ a: 'agent', b: 'agent' });
  expect(kept.map((file) => fs.readFileSync(file, 'utf8'))).toEqual(['person', 'person']);
  expect(findReview(ID, it.env)).toBeUndefined();
});

test('a file that is saved between the choice and the rename is not overwritten', () => {
  const it = lab({ a: 'old' });
  write(it.upper, { a: 'agent' });
  const step = (act: string): void => {
    if (act === 'keep') write(it.host, { a: 'saved just now' });
  };
  expect(accept(it.review, everything, { env: {}, step })).toMatchObject({ accepted: [], conflicts: [{ path: 'a' }] });
  expect(it.tree()).toEqual({ a: 'saved just now' });
});

test('what somebody put into a folder that the agent removed stays, with the folder', () => {
  const it = lab({ 'd/x': 'old' });
  it.whiteout('d');
  write(it.host, { 'd/mine': 'person' });
  expect(accept(it.review, everything, { env: {} }).conflicts.map(({ path: at }) => at)).toEqual(['d', 'd/mine']);
  expect(it.tree()).toEqual({ 'd/': '', 'd/mine': 'person' });
});

test('a link that the host has on the way is not followed', () => {
  const it = lab({ 'd/x': 'old', 'safe/x': 'safe' });
  write(it.upper, { 'd/x': 'agent', 'd/y': 'agent' });
  const all = it.pending();
  fs.renameSync(path.join(it.host, 'd'), path.join(it.host, 'd2'));
  fs.symlinkSync('safe', path.join(it.host, 'd'));
  const done = accept(it.review, () => all, { env: {} });
  expect(done.accepted).toEqual([]);
  expect(fs.readFileSync(path.join(it.host, 'safe/x'), 'utf8')).toBe('safe');
  expect(fs.existsSync(path.join(it.host, 'safe/y'))).toBe(false);
});

test('set-id bits are not taken over, and a host’s own stay', () => {
  const it = lab({ mine: 'old' });
  fs.chmodSync(path.join(it.host, 'mine'), 0o755);
  write(it.upper, { mine: 'agent', tool: 'agent' });
  for (const name of ['mine', 'tool']) fs.chmodSync(path.join(it.upper, name), 0o6755);
  accept(it.review, everything, { env: {}, isForced: true });
  for (const name of ['mine', 'tool']) expect(fs.statSync(path.join(it.host, name)).mode & 0o7777).toBe(0o755);
});

test('holes of a huge file stay holes', () => {
  const it = lab({});
  write(it.upper, { huge: 'start' });
  fs.truncateSync(path.join(it.upper, 'huge'), 1 << 28);
  accept(it.review, everything, { env: {} });
  const { size, blocks } = fs.statSync(path.join(it.host, 'huge'));
  expect(size).toBe(1 << 28);
  expect(blocks * 512).toBeLessThan(1 << 22);
});

test('what the system refuses is told, and the same command goes on once it is mended', () => {
  const it = lab({ a: 'old', b: 'old' });
  write(it.upper, { a: 'new', b: 'new' });
  const inTheWay = path.join(it.review.dir, 'originals');
  fs.writeFileSync(inTheWay, '');
  expect(() => accept(it.review, named('a'), { env: {} })).toThrow(/were not ended: ENOTDIR/);
  expect(it.tree()).toMatchObject({ a: 'old', b: 'old' });
  fs.rmSync(inTheWay);
  expect(accept(it.review, named('b'), { env: {} }).accepted.map(({ path: at }) => at)).toEqual(['a', 'b']);
  expect(it.tree()).toEqual({ a: 'new', b: 'new' });
});

test('two at once: the second is refused, unless the first is dead', () => {
  const it = lab({ a: 'old' });
  write(it.upper, { a: 'new' });
  const lock = path.join(it.review.dir, 'lock');
  fs.writeFileSync(lock, String(process.ppid));
  expect(() => accept(it.review, everything, { env: {} })).toThrow(/is at work on the changes/);
  fs.writeFileSync(lock, String(spawnSync('true').pid));
  accept(it.review, everything, { env: {} });
  expect(it.tree()).toEqual({ a: 'new' });
});

const MODULE = fileURLToPath(new URL('../../../dist/review/accept.js', import.meta.url));

/** Accepts in a process of its own, which kills itself before its nth act on the disk. Returns the signal that ended it. */
function acceptAndDie(it: Lab, nth: number): NodeJS.Signals | null {
  const program = `
    import { accept } from ${JSON.stringify(MODULE)};
    let left = ${nth};
    const step = () => { if (left-- === 0) process.kill(process.pid, 'SIGKILL'); };
    accept(${JSON.stringify(it.review)}, (all) => all, { step });`;
  const { signal, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  if (signal === null && status !== 0) throw new Error(stderr);
  return signal;
}

/** Old or new, nothing between; temporary files aside. */
function isSound(name: string, content: string): boolean {
  if (name.endsWith('/')) return true;
  if (path.basename(name).startsWith('.leash-')) return true;
  return content.startsWith('old ') || content.startsWith('new ') || ['-> a', '-> /etc/passwd'].includes(content);
}

test('killed before any of its acts, it loses nothing, and the next one ends the work', { timeout: 120_000 }, () => {
  let nth = 0;
  for (let signal: NodeJS.Signals | null = 'SIGKILL'; signal !== null; nth++) {
    const it = workshop();
    signal = acceptAndDie(it, nth);
    const between = it.tree();
    expect(Object.entries(between).filter(([name, content]) => !isSound(name, content))).toEqual([]);
    for (const name of ['a', 'link']) expect(between).toHaveProperty([name]);
    if (signal === null) break;
    // Only its removal was cut short.
    if (findReview(ID, it.env) === undefined) {
      expect(contentOf(it.review.dir)).toBe('nothing');
      finishReviews(it.env);
    } else expect(acceptAndDie(it, Number.MAX_SAFE_INTEGER)).toBeNull();
    expect(it.tree()).toEqual(AFTER);
    expect(fs.existsSync(it.review.dir)).toBe(false);
  }
  expect(nth).toBeGreaterThan(30);
});
