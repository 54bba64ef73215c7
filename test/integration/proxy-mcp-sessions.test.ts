// MCP over HTTP where an answer comes on another stream than its call was sent on: it is found in its session, counted once, and waited for as long as it may come.
import type { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { call, type McpSite, mcpSite, RULES, type Says } from './proxy-mcp-site.ts';

const EVENTS = { 'content-type': 'text/event-stream' };
const answer = (id: unknown, result: object = { content: [] }): string =>
  `id: ${String(id)}\nevent: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`;
const usual = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const inSession = (id: string): Record<string, string> => ({ ...usual, 'mcp-session-id': id });
const outcomes = (site: McpSite): unknown[] =>
  site.calls().map(({ detail }) => [detail?.['id'], detail?.['outcome'], typeof detail?.['answered']]);

describe.each([1, 2] as const)('over HTTP/%d', (version) => {
  /** A server of 2024-11-05. */
  async function legacy(): Promise<{ site: McpSite; listen: (at: string) => Promise<Writable> }> {
    const streams = new Map<string, Writable>();
    const says: Says = (body, url) => {
      if (body !== '') return { status: 202, text: 'Accepted' };
      const at = url.slice('/sse?'.length);
      const more = (stream: Writable): void => void streams.set(at, stream);
      return { headers: EVENTS, text: `event: endpoint\ndata: /in?session=${at}\n\n`, more };
    };
    const site = await mcpSite(RULES, { version, says });
    const listen = async (at: string): Promise<Writable> => {
      const headers = { accept: 'text/event-stream' };
      site.speak('', { method: 'GET', path: `/sse?${at}`, headers }).catch(() => {});
      await expect.poll(() => streams.get(at)).toBeDefined();
      // The proxy has read the address when it takes messages there for those of this revision.
      await expect.poll(async () => (await site.speak(call('remove'), { path: `/in?session=${at}` })).status).toBe(400);
      site.clear();
      return streams.get(at) as Writable;
    };
    return { site, listen };
  }

  it('of 2024-11-05 each call has its outcome, in the session of its stream', async () => {
    const { site, listen } = await legacy();
    const [one, two] = [await listen('1'), await listen('2')];
    for (const [session, id] of [
      ['1', 5],
      ['2', 5],
      ['1', 6],
    ] as const)
      await site.speak(call('add', {}, id), { path: `/in?session=${session}` });
    expect(outcomes(site)).toEqual([]);
    two.write(answer(5, { content: [], isError: true }));
    await expect.poll(() => outcomes(site)).toEqual([['5', 'tool error', 'number']]);
    one.write(`${answer(6)}${answer(6)}${answer(7)}${answer(5)}`);
    await expect.poll(() => outcomes(site)).toHaveLength(3);
    expect(outcomes(site).slice(1)).toEqual([
      ['6', 'result', 'number'],
      ['5', 'result', 'number'],
    ]);
    one.end();
    two.end();
  });

  it('a stream of 2024-11-05 that ends leaves its calls without an answer', async () => {
    const { site, listen } = await legacy();
    const stream = await listen('1');
    await site.speak(call('add'), { path: '/in?session=1' });
    stream.end();
    await expect.poll(() => outcomes(site)).toEqual([['1', 'no answer', 'undefined']]);
    await site.speak(call('add'), { path: '/in?session=1' });
    await expect.poll(() => outcomes(site)).toHaveLength(2);
    expect(outcomes(site)[1]).toEqual(['1', 'sent', 'undefined']);
  });

  it('a stream that breaks is resumed, and the answer counts where it comes', async () => {
    let resumes = '';
    const says: Says = (body) =>
      body === '' ? { headers: EVENTS, text: resumes } : { headers: EVENTS, text: 'id: 0\ndata: \n\n' };
    const site = await mcpSite(RULES, { version, says });
    await site.speak(call('add', {}, 1), { headers: inSession('a') });
    await site.speak(call('add', {}, 1), { headers: inSession('b') });
    await site.speak(call('read', {}, 1), { headers: usual });
    // Without a session nobody could say whose answer it is.
    await expect.poll(() => site.calls().map(({ resource }) => resource)).toMatchObject([{ name: 'read' }]);
    site.clear();
    resumes = `${answer(1, { content: [], isError: true })}${answer(1)}`;
    const resume = {
      method: 'GET',
      headers: { accept: 'text/event-stream', 'mcp-session-id': 'b', 'last-event-id': '0' },
    };
    expect((await site.speak('', resume)).text).toBe(resumes);
    expect(outcomes(site)).toEqual([['1', 'tool error', 'number']]);
    // The other one waits until nothing can come.
    site.end();
    expect(outcomes(site)).toEqual([
      ['1', 'tool error', 'number'],
      ['1', 'no answer', 'undefined'],
    ]);
  });

  it('an id that is used again is no fault', async () => {
    const says: Says = (body) =>
      body === '' ? { headers: EVENTS, text: answer(1) } : { headers: EVENTS, text: 'id: 0\ndata: \n\n' };
    const site = await mcpSite(RULES, { version, says });
    for (const name of ['add', 'read']) await site.speak(call(name), { headers: inSession('a') });
    expect(site.reached).toHaveLength(2);
    await site.speak('', { method: 'GET', headers: { accept: 'text/event-stream', 'mcp-session-id': 'a' } });
    // The older one is answered.
    expect(site.calls()).toMatchObject([{ resource: { name: 'add' }, detail: { outcome: 'result' } }]);
  });

  it('a call that the client takes back is waited for no more', async () => {
    const { site, listen } = await legacy();
    const stream = await listen('1');
    await site.speak(call('add', {}, 3), { path: '/in?session=1' });
    const cancelled = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}';
    await site.speak(cancelled, { path: '/in?session=2' });
    expect(outcomes(site)).toEqual([[undefined, 'sent', 'undefined']]);
    await site.speak(cancelled, { path: '/in?session=1' });
    stream.end(answer(3));
    expect(outcomes(site).slice(1)).toEqual([
      [undefined, 'sent', 'undefined'],
      ['3', 'cancelled', 'undefined'],
    ]);
  });

  it('so many calls wait, and the oldest is then told as it is', async () => {
    const says: Says = () => ({ headers: EVENTS, text: 'id: 0\ndata: \n\n' });
    const site = await mcpSite(RULES, { version, says });
    for (let id = 1; id <= 258; id++) await site.speak(call('add', {}, id), { headers: inSession('a') });
    await expect.poll(() => outcomes(site)).toHaveLength(2);
    expect(outcomes(site)).toEqual([
      ['1', 'sent', 'undefined'],
      ['2', 'sent', 'undefined'],
    ]);
  });
});
