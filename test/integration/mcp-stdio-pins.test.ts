// A server of stdio that changes its tools: the next call waits for a person, also where no policy speaks of calls.
import { describe, expect, it } from 'vitest';
import { type PinQuestion, ToolPins } from '../../src/mcp/tool-pins.ts';
import type { Decision } from '../../src/proxy/options.ts';
import { stdioSite } from './mcp-stdio-site.ts';
import { ALL, call, RULES } from './proxy-mcp-site.ts';

/** Describes its tool in other words each time; writes the calls that reach it to standard error. */
const FICKLE = [
  'node',
  '-e',
  `let n = 0;
   require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
     const { id, method } = JSON.parse(line);
     const tools = [{ name: 'add', description: String(n++) }];
     if (method === 'tools/call') process.stderr.write('called\\n');
     console.log(JSON.stringify({ jsonrpc: '2.0', id, result: method === 'tools/list' ? { tools } : { content: [] } }));
   });`,
];
const list = (id: number): string => JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list' });

describe.each([
  ['where a policy speaks of calls', RULES],
  ['where none does', ALL],
])('%s', (_, policy) => {
  it.each([true, false])('a call of a tool that changed waits for a word: %s', async (yes) => {
    const keys: string[] = [];
    const questions: string[] = [];
    const tools = new ToolPins({
      store: { of: (key) => void keys.push(key), keep: () => {} },
      doesAsk: true,
      notice: () => {},
      say: () => {},
      now: () => 0,
    });
    const ask = async (_request: unknown, { text }: PinQuestion): Promise<Decision> => {
      questions.push(text);
      const approval = { by: yes ? ('once' as const) : ('denied' as const), waited: 1 };
      return { effect: yes ? 'allow' : 'deny', enforced: true, policies: [], ask: text, approval, epoch: 1 };
    };
    const site = await stdioSite(policy, { command: FICKLE, pins: { tools, ask } });
    for (const [id, line] of [list(0), call('add', {}, 1), list(2), call('add', {}, 3)].entries()) {
      site.send(line);
      expect((await site.answer())['id']).toBe(id);
    }
    expect(questions).toHaveLength(1);
    expect(keys).toEqual(['stdio mcp:files']);
    const { said, text } = await site.finish();
    expect(said.match(/called/g)).toHaveLength(yes ? 2 : 1);
    expect(text.includes('-33403')).toBe(!yes);
  });
});
