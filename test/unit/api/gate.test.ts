import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGate } from '../../../src/api/gate.ts';
import { visit } from '../../../src/api/gate-client.ts';
import { encode, FRAME } from '../../../src/api/gate-frames.ts';
import { LeashError } from '../../../src/host/errors.ts';
import type { Audience, Program, Stage } from '../../../src/schema/stage.ts';

let dir: string;
let gate: { close(): Promise<void> } | undefined;
let audience: Audience | undefined;
let done: string[];
const program: Program = {
  input: (bytes) => done.push(`input ${Buffer.from(bytes).toString()}`) > 0,
  endInput: () => done.push('end of input'),
  resize: ({ rows, columns }) => done.push(`resize ${rows} ${columns}`),
  signal: (number) => done.push(`signal ${number}`),
  goOn: () => done.push('go on'),
  leave: () => done.push('left'),
};
const stage: Stage = {
  attach: (given) => {
    audience = given;
    given.begun(true);
    return program;
  },
  run: () => {
    throw new LeashError('LEASH_COMMAND_DENIED', 'it may not');
  },
};
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'leash-gate-'));
  done = [];
});
afterEach(async () => {
  await gate?.close();
  gate = undefined;
  rmSync(dir, { recursive: true, force: true });
});

const heard: string[] = [];
const visitor = {
  ready: ({ isTerminal }: { isTerminal: boolean }) => heard.push(`ready ${isTerminal}`),
  output: (bytes: Uint8Array) => heard.push(Buffer.from(bytes).toString()) > 0,
  errors: (bytes: Uint8Array) => heard.push(`!${Buffer.from(bytes).toString()}`) > 0,
  drained: () => undefined,
};

test('words and bytes go both ways, and the end comes last', async () => {
  heard.length = 0;
  gate = await openGate(dir, stage);
  expect(statSync(path.join(dir, 'gate.sock')).mode & 0o777).toBe(0o600);
  const there = await visit(dir, { act: 'attach', size: undefined }, visitor);
  there.input(Buffer.from('keys'));
  there.resize({ rows: 1, columns: 2 });
  there.signal(2);
  there.endInput();
  await expect.poll(() => done).toEqual(['input keys', 'resize 1 2', 'signal 2', 'end of input']);
  audience?.output(Buffer.from('one'));
  audience?.errors(Buffer.from('two'));
  audience?.ended({ status: 9 });
  expect(await there.ended).toBe(9);
  expect(heard).toEqual(['ready true', 'one', '!two']);
  await expect.poll(() => done.at(-1)).toBe('left');
});

test('a refusal comes with its code; nobody there is said', async () => {
  await expect(visit(dir, { act: 'attach', size: undefined }, visitor)).rejects.toMatchObject({
    code: 'LEASH_SESSION_UNREACHABLE',
  });
  gate = await openGate(dir, stage);
  const asked = { act: 'run' as const, words: ['a'], terminal: undefined, hasInput: false };
  const there = await visit(dir, asked, visitor);
  await expect(there.ended).rejects.toMatchObject({ code: 'LEASH_COMMAND_DENIED', message: 'it may not' });
  const other = await visit(dir, { act: 'attach', size: undefined }, visitor);
  await gate.close();
  gate = undefined;
  await expect(other.ended).rejects.toMatchObject({ code: 'LEASH_SESSION_OVER' });
  expect(existsSync(path.join(dir, 'gate.sock'))).toBe(false);
});

test.each([
  ['nothing that may be asked', encode(FRAME.hello, '{"act":"stop"}')],
  ['input before a word', encode(FRAME.input, 'x')],
  ['an unknown frame', Buffer.concat([encode(FRAME.hello, '{"act":"attach"}'), encode(99)])],
  ['a frame without end', Buffer.from([FRAME.hello, 255, 255, 255, 255])],
])('%s is refused', async (_what, bytes) => {
  gate = await openGate(dir, stage);
  const socket = net.connect(path.join(dir, 'gate.sock'));
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.write(bytes);
  await new Promise((resolve) => socket.once('end', resolve));
  expect(answer).toContain('LEASH_SESSION_UNREACHABLE');
});

test('who watches and does not read is turned out', async () => {
  gate = await openGate(dir, stage);
  const slow = await visit(dir, { act: 'attach', size: undefined }, { ...visitor, output: () => false });
  await new Promise<void>((resolve) => {
    const more = setInterval(() => {
      audience?.output(Buffer.alloc(64 << 10));
      if (done.at(-1) !== 'left') return;
      clearInterval(more);
      resolve();
    }, 1);
  });
  slow.leave();
});

test('a folder that others may enter gets none', async () => {
  chmodSync(dir, 0o755);
  await expect(openGate(dir, stage)).rejects.toThrow('open to others');
});
