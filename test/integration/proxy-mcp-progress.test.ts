// Calls over HTTP about which a person is asked: the client hears that they wait where it listens, if it asked for progress, and nobody else does.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Ask, Decision } from '../../src/proxy/options.ts';
import { ALL, type McpSite, mcpSite, type Says, type SiteOptions } from './proxy-mcp-site.ts';

const ASKS = `${ALL} @id("asks") @ask("Really?") forbid(principal, action, resource == MCP::Tool::"remove");`;
const EVENTS = { 'content-type': 'text/event-stream' };
const USUAL = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const RESULT = '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}';

const remove = (meta: object = { progressToken: 'p "1"' }): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'remove', _meta: meta } });
const waiting = (progress: number): string =>
  `event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p \\"1\\"","progress":${progress},"message":"waiting for a person's approval"}}\n\n`;

/** A person who answers when the test says so. */
function person(): { ask: Ask; answers: ((effect: 'allow' | 'deny') => void)[] } {
  const answers: ((effect: 'allow' | 'deny') => void)[] = [];
  const ask: Ask = () =>
    new Promise<Decision>((resolve) => {
      const decided = { enforced: true, policies: ['asks'], ask: 'Really?', epoch: 1 } as const;
      answers.push((effect) => resolve({ ...decided, effect, approval: { by: 'once', waited: 1 } }));
    });
  return { ask, answers };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each([1, 2] as const)('over HTTP/%d', (version) => {
  /** Streams stay open until the test ends them; what a client hears on one is known then. */
  async function listening(options: Pick<SiteOptions, 'ask'>): Promise<{
    site: McpSite;
    listen: (path: string, session?: string) => Promise<{ end: (last?: string) => void; heard: Promise<string> }>;
  }> {
    const open: ((last?: string) => void)[] = [];
    const says: Says = (body, url) => {
      if (url.startsWith('/in')) return { status: 202, text: '' };
      if (body !== '') return { headers: { 'content-type': 'application/json' }, text: RESULT };
      const text = url.startsWith('/sse') ? `event: endpoint\ndata: /in${url.slice('/sse'.length)}\n\n` : ': hello\n\n';
      return { headers: EVENTS, text, more: (answer) => void open.push((last = '') => void answer.end(last)) };
    };
    const site = await mcpSite(ASKS, { version, says, ...options });
    return {
      site,
      listen: async (path, session) => {
        const before = open.length;
        const headers = { accept: 'text/event-stream', ...(session !== undefined && { 'mcp-session-id': session }) };
        const heard = site.speak('', { method: 'GET', path, headers }).then(({ text }) => text);
        await expect.poll(() => open.length, { interval: 5 }).toBe(before + 1);
        return { heard, end: (last) => open[before]?.(last) };
      },
    };
  }
  /** Turns of the event loop, in which what was said reaches whom it is for. */
  const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

  it('on the stream of its session, every ten seconds, until there is a word', async () => {
    const { ask, answers } = person();
    const { site, listen } = await listening({ ask });
    const [mine, other] = [await listen('/mcp', 'a'), await listen('/mcp', 'b')];
    await turns();
    const answered = site.speak(remove(), { headers: { ...USUAL, 'mcp-session-id': 'a' } });
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    vi.advanceTimersByTime(25_000);
    answers[0]?.('allow');
    expect((await answered).text).toBe(RESULT);
    vi.advanceTimersByTime(60_000);
    mine.end('data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n');
    other.end();
    expect(await mine.heard).toBe(
      `: hello\n\n${waiting(0.001)}${waiting(0.002)}data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n`,
    );
    expect(await other.heard).toBe(': hello\n\n');
  });

  it('on the stream of 2024-11-05', async () => {
    const { ask, answers } = person();
    const { site, listen } = await listening({ ask });
    const [other, mine] = [await listen('/sse?2'), await listen('/sse?1')];
    await turns();
    const answered = site.speak(remove(), { path: '/in?1', headers: USUAL });
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    vi.advanceTimersByTime(10_000);
    answers[0]?.('deny');
    expect((await answered).status).toBe(400);
    mine.end();
    other.end();
    expect(await mine.heard).toBe(`event: endpoint\ndata: /in?1\n\n${waiting(0.001)}`);
    expect(await other.heard).toBe('event: endpoint\ndata: /in?2\n\n');
  });

  it('of several streams on the last that is open, and on none when it has no token', async () => {
    const { ask, answers } = person();
    const { site, listen } = await listening({ ask });
    const [first, second, third] = [
      await listen('/mcp', 'a'),
      await listen('/mcp', 'a'),
      await listen('/mcp', 'a'),
    ] as const;
    await turns();
    third.end();
    expect(await third.heard).toBe(': hello\n\n');
    const tokenless = site.speak(remove({}), { headers: { ...USUAL, 'mcp-session-id': 'a' } });
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    vi.advanceTimersByTime(10_000);
    answers[0]?.('allow');
    await tokenless;
    const answered = site.speak(remove(), { headers: { ...USUAL, 'mcp-session-id': 'a' } });
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    vi.advanceTimersByTime(10_000);
    answers[1]?.('allow');
    await answered;
    first.end();
    second.end();
    expect(await first.heard).toBe(': hello\n\n');
    expect(await second.heard).toBe(`: hello\n\n${waiting(0.001)}`);
  });

  it('where nobody listens the call waits all the same', async () => {
    const { ask, answers } = person();
    const { site } = await listening({ ask });
    const answered = site.speak(remove(), { headers: { ...USUAL, 'mcp-session-id': 'a' } });
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    vi.advanceTimersByTime(10_000);
    answers[0]?.('allow');
    expect((await answered).text).toBe(RESULT);
  });
});
