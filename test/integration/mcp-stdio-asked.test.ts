// Calls of stdio about which a person is asked: what waits and what does not, and who ends the question.
import { describe, expect, it, vi } from 'vitest';
import type { Ask, Decision } from '../../src/proxy/options.ts';
import { stdioSite } from './mcp-stdio-site.ts';
import { ALL } from './proxy-mcp-site.ts';

const rpc = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });
const call = (name: string, args: object = {}, id: unknown = 1, more: object = {}): string =>
  rpc({ id, method: 'tools/call', params: { name, arguments: args, ...more } });
const ASKS = `${ALL} @id("asks") @ask("Really?") forbid(principal, action, resource == MCP::Tool::"remove");`;

/** Says what comes to it on standard error. */
const SINK = ['sh', '-c', 'cat >&2'];

/** A person who answers when the test says so. */
function person(): { ask: Ask; questions: { answer: (is: 'allow' | 'deny') => void; signal: AbortSignal }[] } {
  const questions: { answer: (is: 'allow' | 'deny') => void; signal: AbortSignal }[] = [];
  const decided = { enforced: true, policies: ['asks'], ask: 'Really?', epoch: 1 } as const;
  const ask: Ask = (_request, { signal }) =>
    new Promise<Decision>((resolve) => {
      const answer = (effect: 'allow' | 'deny'): void =>
        resolve({ ...decided, effect, approval: { by: 'once', waited: 1 } });
      const giveUp = (): void => resolve({ ...decided, effect: 'deny', approval: { by: 'withdrawn', waited: 1 } });
      if (signal.aborted) giveUp();
      signal.addEventListener('abort', giveUp);
      questions.push({ answer, signal });
    });
  return { ask, questions };
}

describe('where a person is asked', () => {
  it('that call waits, and no other', async () => {
    const { ask, questions } = person();
    const site = await stdioSite(ASKS, { ask });
    site.send(call('remove', { n: 1 }, 1));
    site.send(call('remove', { n: 2 }, 2));
    site.send(call('add', {}, 3));
    expect(await site.answer()).toMatchObject({ id: 3, result: {} });
    questions[1]?.answer('allow');
    expect(await site.answer()).toMatchObject({ id: 2, result: {} });
    questions[0]?.answer('deny');
    expect(await site.answer()).toMatchObject({ id: 1, error: { code: -33403 } });
    const { said } = await site.finish();
    expect(
      said
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as unknown[])[1]),
    ).toEqual(['add', 'remove']);
  });

  it('a client that takes its call back gets no answer, and its server hears nothing of it', async () => {
    const { ask, questions } = person();
    const site = await stdioSite(ASKS, { ask, command: SINK });
    site.send(call('remove', {}, 1));
    site.send(rpc({ method: 'notifications/cancelled', params: { requestId: 1 } }));
    await vi.waitFor(() => expect(questions[0]?.signal.aborted).toBe(true));
    expect(await site.finish()).toEqual({ text: '', said: '' });
    expect(site.events.map(({ detail }) => detail?.['outcome'])).toEqual(['not sent', 'denied']);
  });

  it('the id of a call that waits is not used for another', async () => {
    const { ask, questions } = person();
    const site = await stdioSite(ASKS, { ask });
    site.send(call('remove', {}, 1));
    site.send(call('add', {}, 1.0));
    expect(await site.answer()).toMatchObject({ id: 1, error: {} });
    questions[0]?.answer('allow');
    expect(await site.answer()).toMatchObject({ id: 1, result: {} });
  });

  it('a client that closes its end still gets its answer; a server that ends takes the question with it', async () => {
    const one = person();
    const first = await stdioSite(ASKS, { ask: one.ask });
    first.send(call('remove', {}, 1));
    first.out.end();
    await vi.waitFor(() => expect(one.questions).toHaveLength(1));
    one.questions[0]?.answer('allow');
    expect(await first.answer()).toMatchObject({ id: 1, result: {} });
    await first.relay.ended;

    const two = person();
    const second = await stdioSite(ASKS, { ask: two.ask, command: ['sleep', '100'] });
    second.send(call('remove', {}, 1));
    await vi.waitFor(() => expect(two.questions).toHaveLength(1));
    second.server.kill('SIGKILL');
    await vi.waitFor(() => expect(two.questions[0]?.signal.aborted).toBe(true));
    await second.relay.ended;
  });

  it('no more than 64 are held', async () => {
    const { ask, questions } = person();
    const site = await stdioSite(ASKS, { ask });
    for (let id = 0; id < 65; id++) site.send(call('remove', { id }, id));
    expect(await site.answer()).toMatchObject({ id: 64, error: {} });
    expect(questions.filter(({ signal }) => !signal.aborted)).toHaveLength(64);
    for (const { answer } of questions) answer('deny');
  });
});
