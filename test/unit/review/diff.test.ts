import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { diffOf, nameOf } from '../../../src/review/diff.ts';
import { lab, write } from './lab.ts';

const shown = (it: ReturnType<typeof lab>): string[] =>
  it.pending().flatMap((change) => {
    const { header, lines } = diffOf(it.review, change);
    return [...header, ...lines];
  });

test('text is compared line by line, with its mode', () => {
  const it = lab({ a: '1\n2\n3\n' });
  write(it.upper, { a: '1\ntwo\n3\n' });
  fs.chmodSync(path.join(it.upper, 'a'), 0o755);
  expect(shown(it)).toEqual([
    'leash diff a',
    'mode 0644 becomes 0755',
    '--- a',
    '+++ a',
    '@@ -1,3 +1,3 @@',
    ' 1',
    '-2',
    '+two',
    ' 3',
  ]);
  const [change] = it.pending();
  expect(change && diffOf(it.review, change)).toMatchObject({ added: 1, removed: 1 });
});

test('a link is where it leads, and its target is not read', () => {
  const it = lab({ a: 'text\n' });
  fs.symlinkSync('/etc/passwd', path.join(it.upper, 'a'));
  const lines = shown(it);
  expect(lines).toContain('file becomes link');
  expect(lines).toContain('+/etc/passwd');
  expect(lines.join('\n')).not.toContain('root:');
});

test.each([
  ['bytes that are no text', Buffer.from([0, 1, 2])],
  ['bytes that are no UTF-8', Buffer.from([0x61, 0xff])],
  ['more than anybody reads', Buffer.alloc((1 << 20) + 1, 'a\n')],
])('%s: sizes are told', (_what, bytes) => {
  const it = lab({ a: 'text\n' });
  fs.writeFileSync(path.join(it.upper, 'a'), bytes);
  expect(shown(it).at(-1)).toBe(`not shown: 5 bytes becomes ${bytes.length} bytes`);
});

test('two texts that have nothing in common are compared for a while only', () => {
  const lines = (seed: number): string =>
    Array.from({ length: 40_000 }, (_, line) => `${(line * seed) % 40_009}\n`).join('');
  const it = lab({ a: lines(7) });
  write(it.upper, { a: lines(11_003) });
  expect(shown(it).at(-1)).toMatch(/^not shown: \d+ bytes becomes/);
});

test('what stands in the way is said, under the name of the place it is in', () => {
  const it = lab({ a: '1' });
  write(it.upper, { a: '2', '.git/hooks/pre-commit': '#!/bin/sh', '.git/hooks/x.sample': '' });
  write(it.host, { a: '3' });
  const lines = shown(it);
  expect(lines).toContain('! the file on the host was changed since the session began');
  expect(lines.filter((line) => line.includes('your own git'))).toHaveLength(1);
  const record = {
    ...it.review.record,
    roots: [
      { source: '/w', isFolder: true },
      { source: '/h/s.json', isFolder: false },
    ],
  };
  const change = { path: '', isConflict: false };
  expect(nameOf({ record }, { ...change, root: 1 })).toBe('/h/s.json');
  expect(nameOf({ record }, { ...change, root: 0, path: 'x' })).toBe('x');
});
