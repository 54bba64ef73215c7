// A server that changes its tools, over HTTP: the next call waits for a person where it is to, and is refused without one.
import { describe, expect, it } from 'vitest';
import { type PinQuestion, ToolPins } from '../../src/mcp/tool-pins.ts';
import type { CallPins } from '../../src/proxy/mcp/call-judge.ts';
import type { Decision } from '../../src/proxy/options.ts';
import { ALL, call, type McpSite, mcpSite, RULES, type Says } from './proxy-mcp-site.ts';

const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const asked = (text: string): Decision => ({ effect: 'deny', enforced: true, policies: [], ask: text, epoch: 1 });

class Server {
  description = 'one';

  readonly says: Says = (body) => ({
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      result: body === LIST ? { tools: [{ name: 'add', description: this.description }] } : { content: [] },
    }),
  });
}

/** `yes`: what a person says, after whatever the server does meanwhile. */
function pinsWith(yes: boolean, meanwhile: () => void | Promise<void> = () => {}): { pins: CallPins; asked: string[] } {
  const questions: string[] = [];
  const tools = new ToolPins({
    store: { of: () => undefined, keep: () => {} },
    doesAsk: true,
    notice: () => {},
    say: () => {},
    now: () => 0,
  });
  const ask = async (_: unknown, { text }: PinQuestion): Promise<Decision> => {
    questions.push(text);
    await meanwhile();
    if (yes) return { ...asked(text), effect: 'allow', approval: { by: 'once', waited: 1 } };
    return { ...asked(text), reason: `a person refused: ${text}`, approval: { by: 'denied', waited: 1 } };
  };
  return { pins: { tools, ask }, asked: questions };
}

const calls = ({ reached }: McpSite): number => reached.filter((body) => body !== LIST).length;

describe.each([
  ['where a policy speaks of calls', RULES, false],
  ['where none does', ALL, true],
])('%s', (_, policy, holdsChanged) => {
  it.each([true, false])('a tool that changed waits for a word, and may be called: %s', async (yes) => {
    const server = new Server();
    const { pins, asked: questions } = pinsWith(yes);
    const site = await mcpSite(policy, { says: server.says, pins, holdsChanged });
    await site.speak(LIST);
    await site.speak(call('add'));
    expect([calls(site), questions]).toEqual([1, []]);
    server.description = 'two';
    await site.speak(LIST);
    const { text } = await site.speak(call('add'));
    expect(questions).toEqual([
      'the tool "add" of the MCP server "tools.test": its description changed since 1970-01-01. Call it all the same?',
    ]);
    expect([calls(site), text.includes('its description changed')]).toEqual([yes ? 2 : 1, !yes]);
    expect(site.calls().at(-1)).toMatchObject({
      effect: yes ? 'allow' : 'deny',
      ask: questions[0],
      approval: { by: yes ? 'once' : 'denied' },
      detail: { outcome: yes ? 'result' : 'denied' },
    });
    await site.speak(call('add'));
    expect(questions).toHaveLength(yes ? 1 : 2);
  });

  it('whatever a call looks like, it is held', async () => {
    const server = new Server();
    const { pins } = pinsWith(false);
    const site = await mcpSite(policy, { says: server.says, pins, holdsChanged });
    await site.speak(LIST);
    server.description = 'two';
    await site.speak(LIST);
    const plain = call('add');
    const sent = [
      plain,
      `[${plain}]`,
      `\n\n${' '.repeat(9_000)}${plain}`,
      plain.replace('"name":"add"', '"name":"\\u0061dd"'),
      plain.replace('"name"', '"Name"'),
      plain.replace('"name":"add"', '"name":"other","name":"add"'),
      plain.replace('"jsonrpc":"2.0",', ''),
      `${plain}x`,
      Buffer.from(plain, 'utf16le'),
    ];
    for (const body of sent)
      for (const headers of [{ 'content-type': 'application/json' }, { 'content-type': 'text/plain' }, {}])
        await site.speak(body, { headers });
    await site.speak(plain, { path: '/other?x=1' });
    expect(site.reached).toEqual([LIST, LIST]);
  });
});

it('a tool that changes once more while a person thinks is asked about again', async () => {
  const server = new Server();
  let site: McpSite | undefined;
  let changes = 2;
  const meanwhile = async (): Promise<void> => {
    if (changes-- <= 0) return;
    server.description += '!';
    await site?.speak(LIST);
  };
  const { pins, asked: questions } = pinsWith(true, meanwhile);
  site = await mcpSite(RULES, { says: server.says, pins });
  await site.speak(LIST);
  server.description = 'two';
  await site.speak(LIST);
  await site.speak(call('add'));
  expect([questions.length, calls(site)]).toEqual([3, 1]);
});

it('the policy has the last word: a forbid that came while a person thought stops the call', async () => {
  const server = new Server();
  let site: McpSite | undefined;
  const forbid = 'forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"add");';
  const { pins } = pinsWith(true, () => site?.replace(`${RULES} ${forbid}`));
  site = await mcpSite(RULES, { says: server.says, pins });
  await site.speak(LIST);
  server.description = 'two';
  await site.speak(LIST);
  await site.speak(call('add'));
  expect(calls(site)).toBe(0);
});

it('what a policy hides is not pinned: nobody was shown it', async () => {
  const server = new Server();
  const { pins, asked: questions } = pinsWith(false);
  const forbid = 'forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"add");';
  const site = await mcpSite(`${RULES} ${forbid}`, { says: server.says, pins });
  await site.speak(LIST);
  server.description = 'two';
  await site.replace(RULES);
  await site.speak(LIST);
  await site.speak(call('add'));
  expect([calls(site), questions]).toEqual([1, []]);
});

it('in a session that stops nothing, nothing is asked', async () => {
  const server = new Server();
  const { pins, asked: questions } = pinsWith(false);
  const site = await mcpSite(RULES, { says: server.says, pins, observes: true });
  await site.speak(LIST);
  server.description = 'two';
  await site.speak(LIST);
  await site.speak(call('add'));
  expect([calls(site), questions]).toEqual([1, []]);
});
