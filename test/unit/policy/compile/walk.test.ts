// The walk of native/include/table.h, as the warden compiles it, against walkImage: the same verdicts for the same path and program.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { imageFault, programClass, TABLE_EXEC, TABLE_FILE, walkImage } from '../../../../src/policy/compile/image.ts';
import { compileTable } from '../../../../src/policy/compile/table.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import { defaultProfile } from '../../../../src/policy/profile.ts';
import { randomSet } from '../differential.ts';
import { FACTS as JUDGE_FACTS } from '../judge.ts';
import { Generator } from '../random-policies.ts';
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
const RANDOM_TABLES = 40;
const DAMAGED_TABLES = 200;
/** Exit status of a program that its sanitizer ended. */
const SANITIZED = 99;

let folder: string;
let image: Uint8Array;
beforeAll(async () => {
  execFileSync('make', ['-s', '-C', NATIVE, 'build/test/walk', 'build/asan/test/walk']);
  folder = mkdtempSync(path.join(tmpdir(), 'leash-walk-'));
  image = (await loadPolicies(defaultProfile(), FACTS)).image;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Walk {
  readonly id: number;
  readonly path: Buffer;
  readonly exe: Buffer;
}

interface Answer {
  readonly lines: readonly string[];
  readonly status: number | null;
}

/** `build` is the folder of native/build that holds the program. */
function walkInC(table: Uint8Array, walks: readonly Walk[], build: 'test' | 'asan/test' = 'test'): Answer {
  const file = path.join(folder, 'table');
  writeFileSync(file, table);
  const input = walks.map((walk) => `${walk.id} p${walk.path.toString('hex')} e${walk.exe.toString('hex')}\n`).join('');
  const env = { ...process.env, ASAN_OPTIONS: `exitcode=${SANITIZED}`, UBSAN_OPTIONS: `exitcode=${SANITIZED}` };
  const { stdout, status } = spawnSync(`${NATIVE}/build/${build}/walk`, [file], { input, env, encoding: 'utf8' });
  return { lines: stdout.trim().split('\n'), status };
}

function walkHere(table: Uint8Array, walks: readonly Walk[]): readonly string[] {
  return walks.map((walk) => String(walkImage(table, walk.id, walk.path, programClass(table, walk.exe))));
}

/** Paths near the words of the random policies; one in five with a byte that is anything. */
function randomWalks(words: RequestGenerator, count: number, places: readonly string[]): readonly Walk[] {
  const bytes = (index: number): Buffer => {
    const text = `${index % 2 === 0 ? '' : words.random.pick(places)}${words.path()}`;
    const result = Buffer.from(text.replaceAll('//', '/'));
    if (index % 5 === 0) result[words.random.below(result.length)] = words.random.below(256);
    return result;
  };
  return Array.from({ length: count }, (_, index) => ({
    id: words.random.pick([TABLE_FILE, TABLE_EXEC]),
    path: bytes(index),
    exe: index % 7 === 0 ? Buffer.alloc(0) : bytes(index + 1),
  }));
}

/** Random policies of which most ask for the program. */
function randomTable(generator: Generator): Uint8Array {
  generator.family = generator.random.pick(['file', 'exec']);
  return compileTable(randomSet(generator).all, JUDGE_FACTS);
}

function rowsOf(table: Uint8Array): number {
  return new DataView(table.buffer, table.byteOffset).getUint32(4 * 33, true);
}

test('both walks of the built-in profile end at the same verdicts', () => {
  const walks = randomWalks(new RequestGenerator(20261125), WALKS, PLACES);
  const { lines, status } = walkInC(image, walks);
  expect(status).toBe(0);
  const here = walkHere(image, walks);
  expect(lines).toEqual(here);
  expect(new Set(here).size).toBeGreaterThan(1);
});

test('both walks of random tables end at the same verdicts, for any program', () => {
  const generator = new Generator(20261126);
  let withRows = 0;
  for (let i = 0; i < RANDOM_TABLES; i++) {
    const table = randomTable(generator);
    const walks = randomWalks(generator, 200, ['/']);
    expect(walkInC(table, walks)).toEqual({ lines: walkHere(table, walks), status: 0 });
    if (rowsOf(table) > 0) withRows++;
  }
  expect(withRows).toBeGreaterThan(RANDOM_TABLES / 8);
});

test('an image whose offsets lead outside is refused before it is walked', () => {
  for (const offset of [0, 4, 8, 20, 24, 44, 128, 132, 136]) {
    const broken = Buffer.from(image);
    broken.writeUInt32LE(0xffff_fff0, offset);
    const walk = { id: TABLE_FILE, path: Buffer.from('/'), exe: Buffer.from('/') };
    expect([offset, walkInC(broken, [walk])]).toEqual([offset, { lines: ['invalid'], status: 1 }]);
  }
});

/** Words of the header are damaged as often as all others together, and bits as often as whole words. */
function damage(table: Uint8Array, generator: Generator): Buffer {
  const broken = Buffer.from(table);
  const { random } = generator;
  for (let left = 1 + random.below(3); left > 0; left--) {
    const word = 4 * random.below(random.chance(0.5) ? 35 : broken.length / 4);
    const value = random.chance(0.5)
      ? broken.readUInt32LE(word) ^ (1 << random.below(32))
      : random.pick([0, 1, 3, 4, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffc, 0xffff_ffff]);
    broken.writeUInt32LE(value >>> 0, word);
  }
  return broken;
}

test('a damaged image is refused, or the walk stays inside it', () => {
  const generator = new Generator(20261127);
  let refused = 0;
  let sound = 0;
  let table = image;
  for (let i = 0; i < DAMAGED_TABLES; i++) {
    if (i % 5 === 0) table = randomTable(generator);
    const broken = damage(table, generator);
    const walks = randomWalks(generator, 60, ['/']);
    const { lines, status } = walkInC(broken, walks, 'asan/test');
    if (status === 1) refused++;
    expect([i, status === 1 ? lines : status]).toEqual([i, status === 1 ? ['invalid'] : 0]);
    if (imageFault(broken) !== undefined) continue;
    // This side checks more; what it lets pass is the same table to both.
    sound++;
    expect(lines).toEqual(walkHere(broken, walks));
  }
  expect(refused).toBeGreaterThan(DAMAGED_TABLES / 4);
  expect(sound).toBeGreaterThan(DAMAGED_TABLES / 20);
});
