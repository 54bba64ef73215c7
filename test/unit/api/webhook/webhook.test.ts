import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Post } from '../../../../src/api/webhook/post.ts';
import { Webhook } from '../../../../src/api/webhook/webhook.ts';
import type { Question } from '../../../../src/schema/approval.ts';

let sent: { readonly id: string | undefined; readonly missed: number }[];
let said: string[];
beforeEach(() => {
  sent = [];
  said = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

const question = (id: string, patience = 120_000): Question => ({
  id,
  opened: Date.now(),
  expires: Date.now() + patience,
  actions: ['FileWrite'],
  resource: { type: 'path', path: '/w/x' },
  particulars: {},
  text: 'May it?',
  policies: [],
  waiting: 1,
});

function webhook(answers: (count: number) => Promise<number | string>): Webhook {
  const post: Post = (_url, headers, body) => {
    sent.push({ id: headers['webhook-id'], missed: JSON.parse(body).data.missed });
    return answers(sent.length);
  };
  return new Webhook({
    url: 'https://hooks.example/t0ken',
    secret: Buffer.alloc(32),
    failed: (line) => said.push(line),
    post,
  });
}

test('a failure is tried again a bounded number of times, said once, and counted in the next message', async () => {
  const it = webhook(async (count) => (count <= 4 ? 'ECONNREFUSED' : 200));
  it.tell(question('a'), 's');
  await vi.advanceTimersByTimeAsync(200_000);
  expect(sent.map(({ id }) => id)).toEqual(['s-a', 's-a', 's-a', 's-a']);
  expect(said).toEqual([
    expect.stringContaining('the approvals webhook at hooks.example was not reached: ECONNREFUSED;'),
  ]);
  it.tell(question('b'), 's');
  it.tell(question('c'), 's');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent.slice(4)).toEqual([
    { id: 's-b', missed: 1 },
    { id: 's-c', missed: 0 },
  ]);
});

test.each([301, 307, 410])('an answer %i is not tried again', async (status) => {
  webhook(async () => status).tell(question('a'), 's');
  await vi.advanceTimersByTimeAsync(200_000);
  expect(sent).toHaveLength(1);
  expect(said[0]).not.toContain('t0ken');
});

test('a question whose time is over is not sent any more', async () => {
  webhook(async () => 500).tell(question('a', 1_000), 's');
  await vi.advanceTimersByTimeAsync(200_000);
  expect(sent).toHaveLength(1);
});

test('a receiver that never answers has four messages under way, and what comes beyond 64 is counted', async () => {
  const it = webhook(() => new Promise(() => undefined));
  for (let n = 0; n < 100; n++) it.tell(question(String(n)), 's');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(4);
  expect(said).toEqual([expect.stringContaining('more questions were asked than it can be sent')]);
});

test('messages are paced', async () => {
  const it = webhook(async () => 200);
  for (let n = 0; n < 60; n++) it.tell(question(String(n)), 's');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent.length).toBeLessThanOrEqual(5);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sent).toHaveLength(60);
});
