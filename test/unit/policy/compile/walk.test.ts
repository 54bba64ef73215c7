// The walk of native/include/table.h, as the warden compiles it, against walkImage: the same label for the same bytes.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TABLE_EXEC, TABLE_FILE, walkImage } from '../../../../src/policy/compile/image.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import { defaultProfile } from '../../../../src/policy/profile.ts';
import { RequestGenerator } from '../random-requests.ts';

const NATIVE = fileURLToPath(new URL('../../../../native', import.meta.url));
const FACTS = { agent: 'claude', session: 's', user: 'u', workspace: '/home/u/project', home: '/home/u', tmp: '/tmp' };
/** What the policy names, so that walks go deep into the trie. */
const PLACES = [
  '/home/u/project/.git/hooks/',
  '/home/u/.ssh/',
  '/etc/shadow',
  '/dev/pts/',
  '/usr/bin/',
  '/tmp/',
  '/proc/1/',
];
const WALKS = 4000;

let folder: string;
let image: Uint8Array;
beforeAll(async () => {
  execFileSync('make', ['-s', '-C', NATIVE, 'build/test/walk']);
  folder = mkdtempSync(path.join(tmpdir(), 'leash-walk-'));
  image = (await loadPolicies(defaultProfile(), FACTS)).image;
  writeFileSync(path.join(folder, 'table'), image);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function walkInC(table: string, id: number, paths: readonly Buffer[]): { lines: string[]; status: number | null } {
  const input = paths.map((bytes) => `${bytes.toString('hex')}\n`).join('');
  const { stdout, status } = spawnSync(`${NATIVE}/build/test/walk`, [table, String(id)], { input, encoding: 'utf8' });
  return { lines: stdout.trim().split('\n'), status };
}

test.each([
  ['file', TABLE_FILE],
  ['exec', TABLE_EXEC],
])('both walks of the %s class end at the same label', (_name, id) => {
  const words = new RequestGenerator(20261125);
  const paths = Array.from({ length: WALKS }, (_, index) => {
    const text = `${index % 2 === 0 ? '' : words.random.pick(PLACES)}${words.path()}`;
    const bytes = Buffer.from(text.replaceAll('//', '/'));
    if (index % 5 === 0) bytes[words.random.below(bytes.length)] = words.random.below(256);
    return bytes;
  });
  const { lines, status } = walkInC(path.join(folder, 'table'), id, paths);
  expect(status).toBe(0);
  const here = paths.map((bytes) => String(walkImage(image, id, bytes) >>> 0));
  expect(lines).toEqual(here);
  expect(new Set(here).size).toBeGreaterThan(1);
});

test('an image whose offsets lead outside is refused before it is walked', () => {
  const file = path.join(folder, 'broken');
  for (const offset of [0, 4, 8, 20, 24, 44]) {
    const broken = Buffer.from(image);
    broken.writeUInt32LE(0xffff_fff0, offset);
    writeFileSync(file, broken);
    expect(walkInC(file, TABLE_FILE, [Buffer.from('/')])).toEqual({ lines: ['invalid'], status: 1 });
  }
});
