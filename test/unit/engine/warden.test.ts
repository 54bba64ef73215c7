// A program that only pretends to be the warden says what a wrong or hostile one could say.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Warden, type WardenEnd, type WardenHandlers } from '../../../src/engine/warden.ts';
import { LAYOUT, WIRE_TYPE } from '../../../src/engine/wire-layout.ts';
import { encodeFrame } from '../../../src/engine/wire-order.ts';
import { eventFrame, processFrame } from './wire-samples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-warden-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const none = (): never => {
  throw new Error('not expected');
};
const HANDLERS: WardenHandlers = {
  listener: none,
  process: none,
  event: none,
  query: none,
  connected: none,
  datagram: none,
  released: none,
  stream: none,
  serverEnd: none,
  commandEnded: none,
};

const READY = encodeFrame(WIRE_TYPE.ready, Buffer.alloc(LAYOUT.wire_ready.bytes));

/** Runs a shell script in the warden's place; descriptor 3 leads to the manager. */
function pretend(script: string, handlers: Partial<WardenHandlers> = {}, data: Uint8Array[] = []): Warden {
  const program = path.join(folder, 'warden');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return new Warden(
    { program, command: ['sandbox'], agent: 'agent', env: { PATH: '/usr/bin:/bin' }, data },
    { ...HANDLERS, ...handlers },
  );
}

function says(...frames: Buffer[]): string {
  const file = path.join(folder, 'records');
  writeFileSync(file, Buffer.concat(frames));
  return `cat ${file} >&3`;
}

const exit = (status: number): Buffer => encodeFrame(WIRE_TYPE.exit, Buffer.from(Int32Array.of(status, 0).buffer));
const fault = (code: number, error: number, text: string): Buffer =>
  encodeFrame(WIRE_TYPE.fault, Buffer.from(Int32Array.of(code, error).buffer), Buffer.from(text));
const codeOf = async (warden: Warden): Promise<[string | undefined, number]> => {
  const end: WardenEnd = await warden.ended;
  return [end.failure?.code, end.status];
};

test("the agent's status is passed on", async () => {
  expect(await pretend(says(READY, exit(7))).ended).toEqual({ status: 7 });
});

test('a sandbox that ends before there is an agent has no status of an agent', async () => {
  expect(await codeOf(pretend(says(exit(1))))).toEqual(['LEASH_SANDBOX_START', 125]);
});

test('after the last record the manager closes its end, for which the warden waits', async () => {
  expect(await pretend(`${says(READY, exit(0))}; cat <&3 >/dev/null`).ended).toEqual({ status: 0 });
});

test('records reach their handlers, in order', async () => {
  const seen: unknown[] = [];
  const warden = pretend(
    says(
      processFrame('/bin/sh', 'sh\0'),
      eventFrame({ path: '/x' }),
      eventFrame({ path: '/y' }, WIRE_TYPE.query),
      exit(0),
    ),
    {
      process: ({ exe }) => seen.push(exe),
      event: (event) => seen.push(event.path),
      query: (event) => seen.push(event.path),
    },
  );
  await warden.ended;
  expect(seen).toEqual(['/bin/sh', '/x', '/y']);
});

test('ending without a word is a lost engine', async () => {
  expect(await codeOf(pretend('exit 0'))).toEqual(['LEASH_ENGINE_LOST', 125]);
});

test.each([
  ['the sandbox', 1, 1, 'LEASH_SANDBOX_START', 125],
  ['a command that does not exist', 2, 2, 'LEASH_COMMAND_NOT_FOUND', 127],
  ['a command that is not executable', 2, 13, 'LEASH_COMMAND_NOT_EXECUTABLE', 126],
])('a fault of %s', async (_what, code, error, failure, status) => {
  expect(await codeOf(pretend(says(fault(code, error, 'why'), exit(status))))).toEqual([failure, status]);
});

test('another wire version ends the session, whatever comes after it', async () => {
  const frame = exit(0);
  frame.writeUInt16LE(2, LAYOUT.wire_frame.version);
  expect(await codeOf(pretend(`${says(frame, exit(0))}; exec sleep 60`))).toEqual(['LEASH_WIRE_VERSION', 125]);
});

test.each([
  ['an unknown type', encodeFrame(200)],
  ['a record that is too short', encodeFrame(WIRE_TYPE.event, Buffer.alloc(3))],
  ['a record that is too long', encodeFrame(WIRE_TYPE.exit, Buffer.alloc(9))],
])('%s ends the session', async (_what, frame) => {
  expect(await codeOf(pretend(`${says(frame)}; exec sleep 60`))).toEqual(['LEASH_WIRE_RECORD', 125]);
});

test('a program that is not there', async () => {
  const warden = new Warden(
    { program: path.join(folder, 'absent'), command: [], agent: '', env: {}, data: [] },
    HANDLERS,
  );
  expect(await codeOf(warden)).toEqual(['LEASH_NATIVE_MISSING', 125]);
});

test('data arrives on descriptors from 5 on, and orders on 3', async () => {
  const seen: string[] = [];
  const one = processFrame('one', '');
  const script = `cat <&5 >&3; cat <&6 >&3; head -c ${one.length + 16 + 24} <&3 | wc -c >${folder}/count; ${says(READY, exit(0))}`;
  const warden = pretend(script, { process: ({ exe }) => seen.push(exe) }, [one, processFrame('two', '')]);
  warden.signal(15);
  warden.load({ epoch: 1, observe: false, hash: false, serve: false }, Buffer.alloc(one.length - 8 - 16 - 8));
  warden.start();
  warden.answer(1n, 1, 'goOn');
  expect((await warden.ended).status).toBe(0);
  expect(seen).toEqual(['one', 'two']);
});

test('abort ends it at once, and says why', async () => {
  const warden = pretend('exec sleep 60');
  warden.abort();
  expect(await codeOf(warden)).toEqual(['LEASH_ENGINE_LOST', 125]);
});
