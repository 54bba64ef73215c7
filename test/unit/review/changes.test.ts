import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pendingChanges } from '../../../src/review/changes.ts';
import { findReview, openReview } from '../../../src/review/record.ts';
import { settle } from '../../../src/review/settled.ts';
import { ID, lab, write } from './lab.ts';

test('what is new, changed, gone and of another kind; the rest is not told', () => {
  const it = lab({ a: '1', b: '2', same: '3', 'gone/x': '4', 'd/keep': '5', thing: '6' });
  write(it.upper, { a: '1+', same: '3', 'new/n': 'n', 'd/': '' });
  it.whiteout('gone');
  fs.symlinkSync('b', path.join(it.upper, 'thing'));
  expect(it.letters()).toEqual(['M a', 'D gone', 'D gone/x', 'A new', 'A new/n', 'T thing']);
});

test('a mode is a change, a time is none', () => {
  const it = lab({ run: 'x', old: 'y' });
  write(it.upper, { run: 'x', old: 'y' });
  fs.chmodSync(path.join(it.upper, 'run'), 0o755);
  fs.utimesSync(path.join(it.upper, 'old'), 1, 1);
  expect(it.letters()).toEqual(['M run']);
});

test('a folder that becomes a file takes what is in it along; a file that becomes a folder does not', () => {
  const it = lab({ 'd/x': '1', f: '2' });
  write(it.upper, { d: 'file now', 'f/y': '3' });
  expect(it.letters()).toEqual(['T d', 'D d/x', 'T f', 'A f/y']);
});

test('links are compared as links, and never followed', () => {
  const it = lab({ 'd/x': '1', 'real/x': '2' });
  fs.symlinkSync('/etc', path.join(it.host, 'out'));
  fs.symlinkSync('/etc', path.join(it.upper, 'out'));
  fs.symlinkSync('../real', path.join(it.upper, 'd'));
  expect(it.letters()).toEqual(['T d', 'D d/x']);
});

test('what the host changed since the session began is a conflict, what it changed before is none', () => {
  const it = lab({ mine: '1', theirs: '2', removed: '3' });
  write(it.upper, { mine: 'agent', theirs: 'agent', both: 'agent' });
  it.whiteout('removed');
  write(it.host, { theirs: 'person', both: 'person', removed: 'person' });
  const conflicts = it.pending().filter(({ isConflict }) => isConflict);
  expect(conflicts.map((change) => change.path)).toEqual(['both', 'removed', 'theirs']);
});

test('devices, sockets and FIFOs are refused, and set-id bits named', async () => {
  const it = lab({});
  const { execFileSync } = await import('node:child_process');
  execFileSync('mkfifo', [path.join(it.upper, 'fifo')]);
  write(it.upper, { tool: '#!/bin/sh' });
  fs.chmodSync(path.join(it.upper, 'tool'), 0o4755);
  const [fifo, tool] = it.pending();
  expect(fifo?.refused).toMatch(/FIFO is not taken over/);
  expect(tool?.note).toMatch(/set-id bits are left out/);
});

test('names that are no UTF-8, and folders that their owner cannot read', () => {
  const it = lab({});
  fs.writeFileSync(Buffer.concat([Buffer.from(`${it.upper}/`), Buffer.from([0x66, 0xff, 0x1b])]), 'x');
  write(it.upper, { 'shut/in': 'x' });
  fs.chmodSync(path.join(it.upper, 'shut'), 0o000);
  expect(it.letters()).toEqual(['A f\\xff\\u001b', 'A shut', 'A shut/in']);
});

test('what is settled does not come again', () => {
  const it = lab({ a: '1' });
  write(it.upper, { a: '2', b: '3' });
  settle(it.review, [{ root: 0, path: 'a' }]);
  expect(it.letters()).toEqual(['A b']);
});

test('a single file is compared with its copy', () => {
  const it = lab({ 'settings.json': '{}' });
  const source = path.join(it.host, 'settings.json');
  const review = openReview({ ...it.env, XDG_STATE_HOME: path.join(it.host, 'state') }, ID, [
    { source, isFolder: false },
  ]);
  expect(pendingChanges(review, {})).toEqual([]);
  fs.writeFileSync(path.join(review.dir, '0', 'file'), '{"hook":1}');
  expect(pendingChanges(review, {})).toMatchObject([{ path: '', isConflict: false, after: { size: 10 } }]);
});

test('the record is found again; one that is none is told', () => {
  const it = lab({});
  expect(findReview(ID, it.env)).toEqual(it.review);
  expect(findReview('20261129-120000-zzzz', it.env)).toBeUndefined();
  fs.writeFileSync(path.join(it.review.dir, 'review.json'), '{"v":1}');
  expect(() => findReview(ID, it.env)).toThrow(/is not the record of a review/);
});
