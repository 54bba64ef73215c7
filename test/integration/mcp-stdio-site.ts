// A policy and a program that serves MCP on its standard input and output enter; a client's two ends of the relay between them leave.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { loadPolicies } from '../../src/policy/load.ts';
import { Allowance } from '../../src/proxy/exchange/allowance.ts';
import type { CallPins } from '../../src/proxy/mcp/call-judge.ts';
import { CallsInHand } from '../../src/proxy/mcp/calls-in-hand.ts';
import { StdioRelay } from '../../src/proxy/mcp/stdio/stdio-relay.ts';
import type { Ask, Attribution, Decision } from '../../src/proxy/options.ts';
import type { Event } from '../../src/schema/event.ts';
import type { Request } from '../../src/schema/request.ts';

const FACTS = { agent: 'claude', session: 's', user: 'u', workspace: '/w', home: '/home/u', tmp: '/tmp' };
export const CLIENT: Attribution = {
  who: { pid: 7, parent: 1, exe: '/usr/bin/agent' },
  program: { exe: '/usr/bin/agent', uid: 1000 },
};

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Two connected sockets, of which each half ends by itself, as pipes do. */
export async function pair(): Promise<[net.Socket, net.Socket]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'leash-pair-'));
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true });
  const address = path.join(folder, 's');
  await once(server.listen(address), 'listening');
  const accepted = once(server, 'connection') as Promise<[net.Socket]>;
  const one = net.connect({ path: address, allowHalfOpen: true });
  const [[other]] = await Promise.all([accepted, once(one, 'connect')]);
  server.close();
  rmSync(folder, { recursive: true });
  open.push(() => {
    for (const socket of [one, other]) socket.destroy();
  });
  one.on('error', () => {});
  return [one, other];
}

export interface StdioSite {
  readonly relay: StdioRelay;
  readonly server: ChildProcess;
  /** The client's ends. */
  readonly out: Writable;
  readonly in: Readable;
  readonly events: readonly Event[];
  /** Each line that the client got. */
  readonly lines: AsyncIterableIterator<string>;
  send(line: string | Buffer): void;
  /** The next line that the client gets, as JSON. */
  answer(): Promise<Record<string, unknown>>;
  replace(policy: string): Promise<void>;
  /** The client closes its end. @returns all that it gets, and what the server wrote to standard error, when both are over. */
  finish(): Promise<{ readonly text: string; readonly said: string }>;
}

export interface StdioSiteOptions {
  readonly command?: readonly string[];
  readonly observes?: boolean;
  readonly ask?: Ask;
  readonly pins?: CallPins;
}

export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
export const OBEYS = {
  node: ['node', fixture('mcp-obeys.mjs')],
  python: ['python3', fixture('mcp-obeys.py')],
} as const;

export async function stdioSite(policy: string, options: StdioSiteOptions = {}): Promise<StdioSite> {
  const { command = OBEYS.node, observes = false, ask, pins } = options;
  let set = await loadPolicies({ name: 'test.cedar', text: policy }, FACTS);
  const events: Event[] = [];
  const decide = (request: Request): Decision => ({ ...set.decide(request), enforced: !observes, epoch: 1 });
  const [[program = '', ...args], [out, fromClient], [input, toClient]] = [command, await pair(), await pair()];
  const server = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const gone = once(server, 'close');
  const inHand = new CallsInHand();
  const relay = new StdioRelay(
    { fromClient, toClient, toServer: server.stdin, fromServer: server.stdout },
    { name: 'files', via: 'mcp:files', attribution: CLIENT },
    {
      attention: () => {
        const attention = observes && set.mcp().calls !== 'no' ? { ...set.mcp(), calls: 'shadow' as const } : set.mcp();
        return { ...attention, pins: pins !== undefined };
      },
      decide,
      ...(ask && { ask }),
      ...(pins && { pins }),
      mayCall: (request) => set.mayCall(request),
      epoch: () => 1,
      emit: (event) => events.push(event),
      inHand,
      allowance: new Allowance(67_108_864),
    },
  );
  open.push(async () => {
    relay.destroy();
    server.kill('SIGKILL');
    await gone;
  });
  const got: string[] = [];
  const reader = createInterface({ input });
  reader.on('line', (line) => got.push(line));
  const read = once(reader, 'close');
  const lines = reader[Symbol.asyncIterator]();
  return {
    relay,
    server,
    out,
    in: input,
    events,
    lines,
    send: (line) => out.write(typeof line === 'string' ? `${line}\n` : line),
    answer: async () => JSON.parse(String((await lines.next()).value)) as Record<string, unknown>,
    replace: async (text) => {
      set = await loadPolicies({ name: 'test.cedar', text }, FACTS);
    },
    finish: async () => {
      out.end();
      await Promise.all([relay.ended, gone, read]);
      inHand.close();
      return { text: got.join('\n'), said };
    },
  };
}
