// Events in; MCP calls, and what language models were offered and called, out. Every list is bounded: names are an agent's choice.
import type { EventEntry } from '../../../../src/schema/api.ts';
import type { Event } from '../../../../src/schema/event.ts';

export interface McpLine {
  readonly server: string;
  /** Absent: a method that concerns no tool. */
  readonly tool?: string;
  readonly method: string;
  readonly allowed: number;
  readonly denied: number;
  readonly last: number;
  readonly why?: string;
}

/** One call, to be looked at. */
export interface CallLine {
  /** `c1`; absent in journals of earlier versions. */
  readonly call?: string;
  /** Number of its event. */
  readonly seq: number;
  readonly time: number;
  readonly server: string;
  readonly what: string;
  readonly outcome: string;
  /** What its server did meanwhile. */
  readonly caused: string;
  readonly isDenied: boolean;
}

export interface ModelLine {
  readonly provider: string;
  readonly model: string;
  readonly host: string;
  readonly requests: number;
  readonly denied: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Servers that the provider itself was asked to reach. */
  readonly mcpServers: readonly string[];
  readonly serverTools: readonly string[];
  /** What was offered, and how often the model called it. */
  readonly tools: readonly { readonly name: string; readonly calls: number }[];
  readonly last: number;
  readonly why?: string;
}

const LINES_MAX = 1_000;
const NAMES_MAX = 500;
/** The last so many are shown. */
const CALLS_MAX = 200;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
interface KeptModel {
  readonly line: Mutable<Omit<ModelLine, 'tools' | 'mcpServers' | 'serverTools'>>;
  readonly mcpServers: Set<string>;
  readonly serverTools: Set<string>;
  readonly tools: Map<string, number>;
}

function textOf({ detail }: Event, key: string): string | undefined {
  const value = detail?.[key];
  return typeof value === 'string' ? value : undefined;
}

function numberOf({ detail }: Event, key: string): number {
  const value = detail?.[key];
  return typeof value === 'number' ? value : 0;
}

function namesOf({ detail }: Event, key: string): readonly string[] {
  const value = detail?.[key];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function whyOf({ reason, policies }: Event): string {
  return reason ?? (policies.length > 0 ? `by ${policies.join(', ')}` : 'no policy permits it');
}

function addAll(names: Set<string>, more: readonly string[]): void {
  for (const name of more) if (names.size < NAMES_MAX) names.add(name);
}

export class ToolUse {
  readonly #mcp = new Map<string, Mutable<McpLine>>();
  readonly #models = new Map<string, KeptModel>();
  readonly #calls: CallLine[] = [];

  add({ seq, event }: EventEntry): void {
    if (event.action === 'McpCall') this.#mcpCall(seq, event);
    else if (event.action === 'HttpRequest' && textOf(event, 'model_provider') !== undefined) this.#modelCall(event);
  }

  #mcpCall(seq: number, event: Event): void {
    const { resource, effect, time } = event;
    if (resource.type !== 'tool' && resource.type !== 'server') return;
    const [server, tool] = resource.type === 'tool' ? [resource.server, resource.name] : [resource.name];
    const method = textOf(event, 'method') ?? (tool === undefined ? '' : 'tools/call');
    this.#keepCall(seq, event, server, tool ?? method);
    const key = JSON.stringify([server, tool ?? null, method]);
    const known = this.#mcp.get(key);
    if (known === undefined && this.#mcp.size >= LINES_MAX) return;
    const line: Mutable<McpLine> = known ?? {
      server,
      ...(tool !== undefined && { tool }),
      method,
      allowed: 0,
      denied: 0,
      last: 0,
    };
    line[effect === 'deny' ? 'denied' : 'allowed'] += 1;
    line.last = Math.max(line.last, time);
    if (effect === 'deny') line.why = whyOf(event);
    this.#mcp.set(key, line);
  }

  #keepCall(seq: number, event: Event, server: string, what: string): void {
    const { call, time, effect } = event;
    const [outcome, caused] = ['outcome', 'caused'].map((key) => textOf(event, key) ?? '');
    this.#calls.push({
      ...(call !== undefined && { call }),
      ...{ seq, time, server, what, outcome: outcome ?? '', caused: caused ?? '', isDenied: effect === 'deny' },
    });
    if (this.#calls.length > 2 * CALLS_MAX) this.#calls.splice(0, CALLS_MAX);
  }

  #modelCall(event: Event): void {
    const { resource, effect, time } = event;
    const [provider, model] = [textOf(event, 'model_provider') ?? '', textOf(event, 'model') ?? ''];
    const host = resource.type === 'path' ? '' : resource.name;
    const key = JSON.stringify([provider, model, host]);
    const known = this.#models.get(key);
    if (known === undefined && this.#models.size >= LINES_MAX) return;
    const kept: KeptModel = known ?? {
      line: { provider, model, host, requests: 0, denied: 0, tokensIn: 0, tokensOut: 0, last: 0 },
      mcpServers: new Set(),
      serverTools: new Set(),
      tools: new Map(),
    };
    const { line, tools } = kept;
    line.requests += 1;
    line.tokensIn += numberOf(event, 'model_tokens_in');
    line.tokensOut += numberOf(event, 'model_tokens_out');
    line.last = Math.max(line.last, time);
    if (effect === 'deny') {
      line.denied += 1;
      line.why = whyOf(event);
    }
    addAll(kept.mcpServers, namesOf(event, 'model_mcp_servers'));
    addAll(kept.serverTools, namesOf(event, 'model_server_tools'));
    for (const name of namesOf(event, 'model_tools')) {
      if (tools.has(name) || tools.size < NAMES_MAX) tools.set(name, tools.get(name) ?? 0);
    }
    for (const name of namesOf(event, 'model_calls')) {
      if (tools.has(name) || tools.size < NAMES_MAX) tools.set(name, (tools.get(name) ?? 0) + 1);
    }
    this.#models.set(key, kept);
  }

  /** The one that was used last stands first; likewise below. */
  mcp(): readonly McpLine[] {
    return [...this.#mcp.values()].map((line) => ({ ...line })).sort((a, b) => b.last - a.last);
  }

  /** The last ones, the newest first. */
  calls(): readonly CallLine[] {
    return this.#calls.slice(-CALLS_MAX).reverse();
  }

  models(): readonly ModelLine[] {
    const lines = [...this.#models.values()].map(({ line, mcpServers, serverTools, tools }) => ({
      ...line,
      mcpServers: [...mcpServers],
      serverTools: [...serverTools],
      tools: [...tools].map(([name, calls]) => ({ name, calls })).sort((a, b) => b.calls - a.calls),
    }));
    return lines.sort((a, b) => b.last - a.last);
  }
}
