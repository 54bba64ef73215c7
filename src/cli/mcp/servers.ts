// The calls of a session and the tools it saw in, each server with its tools and how often each was called out.
import type { SeenTool } from '../../journal/tool-files.ts';
import type { Event } from '../../schema/event.ts';
import { factOf, isDenied, serverOf, toolOf } from './call.ts';

export interface Use {
  calls: number;
  allowed: number;
  /** Refused. */
  denied: number;
  /** Let pass by the session's mode, or denied by a shadow policy. */
  would_deny: number;
  /** A person was asked. */
  asked: number;
  /** Milliseconds since the Unix epoch. */
  last?: number;
}

export interface Server extends Use {
  readonly server: string;
  /** `http`, `http+sse`, `stdio`; of one that was reached in several ways, all. */
  readonly transports: Set<string>;
  /** Of one that is a program of the agent's: `mcp:NAME`. */
  readonly vias: Set<string>;
  readonly tools: Map<string, Use>;
  /** All that is about no tool: greetings, lists, resources, prompts. */
  readonly methods: Map<string, Use>;
}

function unused(): Use {
  return { calls: 0, allowed: 0, denied: 0, would_deny: 0, asked: 0 };
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

function count(use: Use, event: Event): void {
  use.calls += 1;
  if (event.effect === 'deny' && event.enforced) use.denied += 1;
  else if (isDenied(event)) use.would_deny += 1;
  else use.allowed += 1;
  if (event.ask !== undefined) use.asked += 1;
  use.last = Math.max(use.last ?? 0, event.time);
}

/** In the order of their first calls; those that only offered tools come last. */
export function serversOf(calls: Iterable<Event>, seen: readonly SeenTool[]): readonly Server[] {
  const servers = new Map<string, Server>();
  const serverNamed = (server: string): Server =>
    entryOf(servers, server, () => ({
      server,
      ...unused(),
      transports: new Set(),
      vias: new Set(),
      tools: new Map(),
      methods: new Map(),
    }));
  for (const event of calls) {
    const server = serverNamed(serverOf(event));
    const [transport, via, tool] = [factOf(event, 'transport'), factOf(event, 'via'), toolOf(event)];
    if (transport !== undefined) server.transports.add(transport);
    if (via !== undefined) server.vias.add(via);
    count(server, event);
    const [uses, name] = tool === undefined ? [server.methods, factOf(event, 'method') ?? '?'] : [server.tools, tool];
    count(entryOf(uses, name, unused), event);
  }
  for (const { server, tool } of seen) entryOf(serverNamed(server).tools, tool.name, unused);
  return [...servers.values()];
}
