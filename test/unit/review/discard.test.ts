import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { accept } from '../../../src/review/accept.ts';
import { discard } from '../../../src/review/discard.ts';
import { findReview } from '../../../src/review/record.ts';
import { ID, lab, write } from './lab.ts';

test('what is discarded no longer waits, with what could not be without it; the host stays', () => {
  const it = lab({ a: '1', 'gone/x': '2' });
  write(it.upper, { a: 'agent', 'new/n': 'agent' });
  it.whiteout('gone');
  const gone = discard(it.review, (all) => all.filter(({ path: at }) => ['new', 'gone/x'].includes(at)), {});
  expect(gone.map(({ path: at }) => at)).toEqual(['gone', 'gone/x', 'new', 'new/n']);
  expect(it.letters()).toEqual(['M a']);
  expect(it.tree()).toEqual({ a: '1', 'gone/': '', 'gone/x': '2' });
});

test('the last one takes all that the agent left along, whatever its names and modes', () => {
  const it = lab({});
  write(it.upper, { 'shut/deep/n': 'x' });
  fs.writeFileSync(Buffer.concat([Buffer.from(`${it.upper}/shut/`), Buffer.from([0xff, 0x0a])]), 'x');
  fs.symlinkSync(it.host, path.join(it.upper, 'shut/deep/out'));
  for (const name of ['shut/deep', 'shut']) fs.chmodSync(path.join(it.upper, name), 0o000);
  discard(it.review, (all) => all, {});
  expect(findReview(ID, it.env)).toBeUndefined();
  expect(fs.existsSync(it.review.dir)).toBe(false);
  expect(fs.existsSync(it.host)).toBe(true);
});

test('a tree deeper than a path can be long is compared, taken over and removed', { timeout: 60_000 }, () => {
  const it = lab({});
  const name = 'd'.repeat(200);
  const nest = `cd "$1" && for i in $(seq 30); do mkdir ${name} && cd ${name} || exit; done && echo x >leaf`;
  execFileSync('bash', ['-c', nest, 'bash', it.upper]);
  expect(it.pending()).toHaveLength(31);
  expect(accept(it.review, (all) => all, { env: {} }).accepted).toHaveLength(31);
  expect(fs.existsSync(it.review.dir)).toBe(false);
  expect(execFileSync('find', [it.host, '-name', 'leaf', '-size', '2c']).length).toBeGreaterThan(30 * 200);
});
