// Whose datagrams pass already: the same program of an MCP server is another one. Real datagrams: test/integration/proxy-datagrams.test.ts.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { SyntheticNames } from '../../../../src/proxy/names/synthetic-names.ts';
import type { Attribution, Decision, ProxyOptions } from '../../../../src/proxy/options.ts';
import { DatagramRelay } from '../../../../src/proxy/udp/relay.ts';
import type { Program } from '../../../../src/schema/request.ts';

const ADDRESS = '8.8.8.8';
const ASKED: Decision = { effect: 'deny', policies: ['ask'], ask: 'May it?', enforced: true, epoch: 1 };

test('who was asked about for one program is not asked about for its MCP servers', () => {
  const program = (via?: string): Program => ({ exe: '/usr/bin/node', uid: 0, ...(via !== undefined && { via }) });
  const attribution: Attribution = { who: { pid: 7, parent: 1, exe: '/usr/bin/node' }, program: program('mcp:a') };
  const options = {
    names: new SyntheticNames(),
    upstream: { resolveOverrides: new Map() },
    sender: () => attribution,
    // Nobody has answered yet.
    ask: () => new Promise<Decision>(() => undefined),
    emit: () => undefined,
  } as unknown as ProxyOptions;
  const answers = { send: () => undefined, unreachable: () => undefined } as never;
  const asked: (Program | undefined)[] = [];
  const relay = new DatagramRelay({
    options,
    answers,
    decide: (_request, by) => {
      asked.push(by);
      return ASKED;
    },
    epoch: () => 1,
  });
  relay.receive({
    agent: { address: '127.0.0.1', port: 4000 },
    peer: { address: ADDRESS, port: 53 },
    ends: Buffer.alloc(0),
    bytes: Buffer.from('x'),
  } as never);
  const flowing = (of: Program): boolean => relay.isFlowing(of, ADDRESS, 53);
  expect([program('mcp:a'), program(), program('mcp:./a'), program('mcp:?a')].map(flowing)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(asked).toEqual([program('mcp:a')]);
  relay.close();
});
