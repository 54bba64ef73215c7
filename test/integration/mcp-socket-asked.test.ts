// Calls over WebSocket about which a person is asked: what waits and what does not, and who ends the question.
import { Buffer } from 'node:buffer';
import { describe, expect, it, vi } from 'vitest';
import type { Ask, Decision } from '../../src/proxy/options.ts';
import { rpc, socketSite } from './mcp-socket-site.ts';
import { ALL } from './proxy-mcp-site.ts';

const call = (name: string, id: unknown = 1): object => ({
  id,
  method: 'tools/call',
  params: { name, arguments: {} },
});

describe('where a person is asked', () => {
  const ASKS = `${ALL} @id("asks") @ask("Really?") forbid(principal, action, resource == MCP::Tool::"remove");`;
  const decided = { enforced: true, policies: ['asks'], ask: 'Really?', epoch: 1 } as const;

  it('only that call waits, and passes as it came', async () => {
    const words: ((effect: 'allow' | 'deny') => void)[] = [];
    const ask: Ask = () =>
      new Promise<Decision>((resolve) => {
        words.push((effect) => resolve({ ...decided, effect, approval: { by: 'once', waited: 1 } }));
      });
    const site = await socketSite(ASKS, { ask });
    const client = await site.connect();
    client.send(Buffer.from(rpc(call('remove', 1))));
    client.send(call('remove', 2));
    client.send(call('add', 3));
    expect(await client.answer()).toMatchObject({ id: 3, result: {} });
    words[0]?.('allow');
    expect(await client.answer()).toMatchObject({ id: 1, result: {} });
    words[1]?.('deny');
    expect(await client.answer()).toMatchObject({ id: 2, error: { code: -33403 } });
    expect(site.heard).toEqual([rpc(call('add', 3)), `binary ${rpc(call('remove', 1))}`]);
  });

  it('who closes waits no more, and the call does not reach the server', async () => {
    const signals: AbortSignal[] = [];
    const ask: Ask = (_request, { signal }) =>
      new Promise<Decision>((resolve) => {
        signals.push(signal);
        signal.addEventListener('abort', () =>
          resolve({ ...decided, effect: 'deny', approval: { by: 'withdrawn', waited: 1 } }),
        );
      });
    const site = await socketSite(ASKS, { ask });
    const client = await site.connect();
    client.send(call('remove'));
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    client.socket.close();
    await client.closed;
    expect(signals[0]?.aborted).toBe(true);
    await vi.waitFor(() => expect(site.calls().map(({ detail }) => detail?.['outcome'])).toEqual(['denied']));
    expect(site.heard).toEqual([]);
  });
});
