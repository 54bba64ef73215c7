// Pins on disk: sessions one after another and at once, and files that are not what was written.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { KeptPin, Offer } from '../../../../src/mcp/offered-tools.ts';
import { PinFiles } from '../../../../src/session/mcp/pin-files.ts';
import { temporaryFolder } from '../../journal/sample-session.ts';

const A: Offer = { server: 'a.test', key: 'https://a.test/mcp?token=swordfish' };
const pin = (digit: string): KeptPin => ({ digest: digit.repeat(64), since: 1, fields: { name: '0'.repeat(64) } });
const [ONE, TWO, THREE] = [pin('1'), pin('2'), pin('3')];

function open(state: string): { files: PinFiles; said: string[] } {
  const said: string[] = [];
  return { files: new PinFiles(state, (line) => said.push(line)), said };
}

function fileIn(state: string): string {
  const dir = path.join(state, 'mcp-pins');
  return path.join(dir, fs.readdirSync(dir).find((name) => name.endsWith('.json')) ?? '');
}

async function written(state: string): Promise<string> {
  const { files } = open(state);
  files.keep(A, 't', ONE, undefined);
  await files.close();
  return fileIn(state);
}

test('what is pinned is there in the next session, for its owner alone, and says no address', async () => {
  const state = temporaryFolder();
  const file = await written(state);
  expect(open(state).files.of(A.key, 't')).toEqual(ONE);
  expect(open(state).files.of(A.key, 'u')).toBeUndefined();
  expect(open(state).files.of('other', 't')).toBeUndefined();
  expect([fs.statSync(file).mode & 0o777, fs.statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(`${file} ${fs.readFileSync(file, 'utf8')}`).not.toContain('swordfish');
  expect(fs.readdirSync(path.dirname(file))).toHaveLength(1);
});

test('two sessions at once: no pin is lost, and the first of two for one tool stays', async () => {
  const state = temporaryFolder();
  const sessions = Array.from({ length: 8 }, () => open(state));
  for (const [n, { files }] of sessions.entries()) {
    files.keep(A, `t${n}`, ONE, undefined);
    files.keep(A, 'same', n === 0 ? ONE : TWO, undefined);
  }
  for (const { files } of sessions) await files.close();
  const { files } = open(state);
  expect(sessions.map((_, n) => files.of(A.key, `t${n}`))).toEqual(sessions.map(() => ONE));
  expect(files.of(A.key, 'same')).toEqual(ONE);
});

test('a pin takes the place of the one that was known, and not of one that another session wrote', async () => {
  const state = temporaryFolder();
  await written(state);
  const [one, other] = [open(state).files, open(state).files];
  one.keep(A, 't', TWO, ONE.digest);
  await one.close();
  other.keep(A, 't', THREE, ONE.digest);
  await other.close();
  expect(open(state).files.of(A.key, 't')).toEqual(TWO);
});

test('two changes before anything is written are one', async () => {
  const state = temporaryFolder();
  await written(state);
  const { files } = open(state);
  files.keep(A, 't', TWO, ONE.digest);
  files.keep(A, 't', THREE, TWO.digest);
  await files.close();
  expect(open(state).files.of(A.key, 't')).toEqual(THREE);
});

test.each([
  ['is no list of pins', (file: string) => fs.writeFileSync(file, '{"v":1')],
  ['is no list of pins', (file: string) => fs.writeFileSync(file, Buffer.alloc(100))],
  ['is larger than 512 KiB', (file: string) => fs.writeFileSync(file, ' '.repeat(600_000))],
  [
    'is a link',
    (file: string) => {
      fs.renameSync(file, `${file}.kept`);
      fs.symlinkSync(`${file}.kept`, file);
    },
  ],
  [
    'is no file',
    (file: string) => {
      fs.rmSync(file);
      fs.mkdirSync(file);
    },
  ],
])('a file that %s is told of, once, and known as unreadable', async (why, damage) => {
  const state = temporaryFolder();
  damage(await written(state));
  const { files, said } = open(state);
  expect([files.of(A.key, 't'), files.of(A.key, 'u'), files.of(A.key, 't')]).toEqual(Array(3).fill('unreadable'));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(`it ${why}`);
});

test('what is pinned anew stands in place of a link, and not behind it', async () => {
  const state = temporaryFolder();
  const file = await written(state);
  const victim = path.join(state, 'victim');
  fs.writeFileSync(victim, 'mine');
  fs.rmSync(file);
  fs.symlinkSync(victim, file);
  const { files } = open(state);
  files.keep(A, 't', TWO, undefined);
  await files.close();
  expect(fs.readFileSync(victim, 'utf8')).toBe('mine');
  expect([fs.lstatSync(file).isFile(), open(state).files.of(A.key, 't')]).toEqual([true, TWO]);
});

test('more servers, and more tools, than are kept: those that are there stay, and it is said once', async () => {
  const state = temporaryFolder();
  const { files, said } = open(state);
  for (let n = 0; n < 260; n++) files.keep({ server: `${n}`, key: `${n}` }, 't', ONE, undefined);
  await files.close();
  expect(fs.readdirSync(path.join(state, 'mcp-pins'))).toHaveLength(256);
  expect([open(state).files.of('0', 't'), open(state).files.of('259', 't')]).toEqual([ONE, undefined]);
  for (let n = 0; n < 10_000; n++) files.keep({ server: '0', key: '0' }, `t${n}`, ONE, undefined);
  await files.close();
  expect(open(state).files.of('0', 't')).toEqual(ONE);
  expect(said.map((line) => /pins of 256 servers|too many to be kept/.exec(line)?.[0])).toEqual([
    'pins of 256 servers',
    'too many to be kept',
  ]);
});

test('a folder that cannot be made is told of, and stops nothing', async () => {
  const state = temporaryFolder();
  fs.writeFileSync(path.join(state, 'mcp-pins'), '');
  const { files, said } = open(state);
  expect(files.of(A.key, 't')).toBe('unreadable');
  files.keep(A, 't', ONE, undefined);
  await files.close();
  expect(said.join()).toMatch(/not kept: .*(?:EEXIST|ENOTDIR)/);
});
