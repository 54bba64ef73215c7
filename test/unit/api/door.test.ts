import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { editPolicy, policyOf, questionsOf, rule, wholePolicyOf } from '../../../src/api/client.ts';
import { openDoor } from '../../../src/api/door.ts';
import { LeashError } from '../../../src/host/errors.ts';
import type { Approver, Question } from '../../../src/schema/approval.ts';
import type { PolicyDesk } from '../../../src/schema/policy-desk.ts';

const QUESTION: Question = {
  id: 'k3f9qa',
  opened: 1,
  expires: 2,
  actions: ['FileWrite'],
  resource: { type: 'path', path: '/w/\u001b[2J' },
  particulars: {},
  text: 'May it?',
  policies: ['p'],
  waiting: 1,
};

let root: string;
let dir: string;
let door: { close(): Promise<void> } | undefined;
const ruled: unknown[] = [];
const approver: Approver = {
  list: () => [QUESTION],
  rule: (id, ruling) => {
    if (id === 'unkept') throw new LeashError('LEASH_APPROVALS', 'cannot write it');
    ruled.push(ruling);
    return id === QUESTION.id;
  },
};
const VIEW = { epoch: 1, name: 'p.cedar', text: 'é'.repeat(1 << 20), profiles: [], isKept: false };
const desk: PolicyDesk = {
  read: () => VIEW,
  whole: (text) => ({ name: 'p.cedar', text, guard: '' }),
  replace: async ({ text }) => {
    if (text !== VIEW.text) throw new LeashError('LEASH_POLICY_INVALID', 'a fault', { details: ['p.cedar:1:1'] });
    return 2;
  },
};
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-door-'));
  // Deeper than a socket address is long.
  dir = path.join(root, 'x'.repeat(120));
  mkdirSync(dir, { mode: 0o700 });
});
afterEach(async () => {
  await door?.close();
  door = undefined;
  rmSync(root, { recursive: true, force: true });
});

test('questions go out and a word comes in; before and after, nobody is there', async () => {
  expect(await questionsOf(dir)).toEqual([]);
  expect(await rule(dir, 'k3f9qa', { effect: 'deny', scope: 'once' })).toBe(false);
  door = await openDoor(dir, approver, desk);
  expect(await questionsOf(dir)).toEqual([QUESTION]);
  expect(await rule(dir, 'k3f9qa', { effect: 'allow', scope: 'session' })).toBe(true);
  expect(await rule(dir, '000000', { effect: 'allow', scope: 'session' })).toBe(false);
  await expect(rule(dir, 'unkept', { effect: 'allow', scope: 'always' })).rejects.toMatchObject({
    code: 'LEASH_APPROVALS',
  });
  expect(ruled).toEqual(Array(2).fill({ effect: 'allow', scope: 'session' }));
  await door.close();
  door = undefined;
  expect(await questionsOf(dir)).toEqual([]);
  expect(existsSync(path.join(dir, 'door.sock'))).toBe(false);
});

test('policies go out and come in, long ones too, and a refusal comes with its places', async () => {
  await expect(policyOf(dir)).rejects.toMatchObject({ code: 'LEASH_SESSION_UNREACHABLE' });
  door = await openDoor(dir, approver, desk);
  expect(await policyOf(dir)).toEqual(VIEW);
  expect(await editPolicy(dir, { text: VIEW.text, keep: false, epoch: 1 })).toBe(2);
  expect((await wholePolicyOf(dir, 'x')).text).toBe('x');
  await expect(editPolicy(dir, { text: '', keep: false, epoch: 1 })).rejects.toMatchObject({
    code: 'LEASH_POLICY_INVALID',
    message: 'a fault',
    details: ['p.cedar:1:1'],
  });
});

test('it is open to its owner only', async () => {
  door = await openDoor(dir, approver, desk);
  const { mode } = statSync(path.join(dir, 'door.sock'));
  expect(mode & 0o777).toBe(0o600);
});

test('a folder that others may enter gets none', async () => {
  chmodSync(dir, 0o755);
  await expect(openDoor(dir, approver, desk)).rejects.toThrow('open to others');
});

test('a session that answers with nonsense is said in one line', async () => {
  const server = net.createServer((socket) => socket.resume().end('nonsense\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(path.join(root, 'door.sock'), resolve));
  await expect(questionsOf(root)).rejects.toMatchObject({ code: 'LEASH_SESSION_UNREACHABLE' });
  await new Promise((resolve) => server.close(resolve));
});

test('what is too long is refused', async () => {
  door = await openDoor(dir, approver, desk);
  const before = process.cwd();
  process.chdir(dir);
  const status = (headers: http.OutgoingHttpHeaders, body: string): Promise<number | string> =>
    new Promise((resolve) => {
      const request = http.request({ socketPath: 'door.sock', method: 'POST', path: '/v1/questions/k3f9qa', headers });
      request.on('response', (response) => resolve(response.resume().statusCode ?? 0));
      request.on('error', (error) => resolve(error.message));
      request.end(body);
    });
  try {
    const json = { 'Content-Type': 'application/json' };
    expect(await status(json, ' '.repeat(1_024))).toBe(400);
    expect(await status(json, ' '.repeat(1_025))).toBe(413);
    expect(await status({ ...json, 'X-Long': 'x'.repeat(5_000) }, '{}')).toBe(431);
  } finally {
    process.chdir(before);
  }
});
