// Tools as servers described them in, one Cedar schema with a namespace a server out, and which tools it could not have.
import { createRequire } from 'node:module';
import type * as Generator from '@cedar-policy/mcp-schema-generator-wasm';
import type { SeenTool } from '../../journal/tool-files.ts';
import { CedarTrap, type SchemaJson, schemaToJson } from '../../policy/check/cedar.ts';

export interface ToolSchema {
  /** Of each server, in Cedar's schema format. */
  readonly texts: readonly string[];
  /** All of it, in Cedar's JSON schema format. */
  readonly json: SchemaJson<string>;
  readonly left: readonly LeftOut[];
}

export interface LeftOut {
  readonly server: string;
  readonly tool: string;
  readonly why: string;
}

/** The library ran out of stack: after that no instance of it is trusted. */
class Overrun extends Error {}

const require = createRequire(import.meta.url);
const MODULE = '@cedar-policy/mcp-schema-generator-wasm';
let loaded: typeof Generator | undefined;

type Generated = { readonly schema: string } | { readonly fault: string };

function generate(stub: string, tools: readonly unknown[]): Generated {
  loaded ??= require(MODULE) as typeof Generator;
  try {
    const { schema, error } = JSON.parse(loaded.generateSchema(stub, JSON.stringify(tools))) as {
      schema: string | null;
      error: string | null;
    };
    return schema === null ? { fault: error ?? 'the generator says nothing' } : { schema };
  } catch (cause) {
    if (!(cause instanceof Error && (cause.name === 'RuntimeError' || cause instanceof RangeError))) throw cause;
    loaded = undefined;
    delete require.cache[require.resolve(MODULE)];
    throw new Overrun('it is nested too deeply', { cause });
  }
}

/** What Cedar itself does not read is not printed. */
function generated(stub: string, tools: readonly unknown[]): Generated & { readonly json?: SchemaJson<string> } {
  try {
    const made = generate(stub, tools);
    return 'fault' in made ? made : { ...made, json: schemaToJson(made.schema) };
  } catch (error) {
    if (error instanceof Overrun || error instanceof CedarTrap) return { fault: error.message };
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** Reserved in Cedar, or in its schemas. */
const RESERVED =
  /^(?:true|false|if|then|else|in|is|like|has|principal|action|resource|context|Set|Record|Entity|Extension|Bool|String|Long)$/;

/** `tools.example:8080` is `tools_example_8080`; no two are the same. */
function namespaceOf(server: string, taken: Set<string>): string {
  const plain = server.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|$)/, '_');
  const base = RESERVED.test(plain) || plain.startsWith('__') ? `mcp_${plain.replace(/^_+/, '')}` : plain;
  let name = base;
  for (let turn = 2; taken.has(name); turn += 1) name = `${base}_${turn}`;
  taken.add(name);
  return name;
}

function byServer(seen: readonly SeenTool[]): ReadonlyMap<string, SeenTool['tool'][]> {
  const servers = new Map<string, SeenTool['tool'][]>();
  for (const { server, tool } of seen) servers.set(server, [...(servers.get(server) ?? []), tool]);
  return servers;
}

/** What the generator reads of a tool. */
function described({ name, description, inputSchema }: SeenTool['tool']): object {
  return { name, ...(typeof description === 'string' && { description }), inputSchema };
}

/**
 * By the generator of Cedar for Agents: an action a tool, its arguments under `context.input`. A tool that it does not take, because its
 * name is no identifier, say, is left out.
 */
export function toolSchema(seen: readonly SeenTool[]): ToolSchema {
  const texts: string[] = [];
  const left: LeftOut[] = [];
  let json: SchemaJson<string> = {};
  const taken = new Set<string>();
  for (const [server, tools] of byServer(seen)) {
    const stub = `namespace ${namespaceOf(server, taken)} { @mcp_principal entity Agent; @mcp_resource entity Server; }`;
    let kept = tools;
    let made = generated(stub, kept.map(described));
    if ('fault' in made) {
      kept = tools.filter((tool) => {
        const alone = generated(stub, [described(tool)]);
        if ('fault' in alone) left.push({ server, tool: tool.name, why: alone.fault });
        return !('fault' in alone);
      });
      made = generated(stub, kept.map(described));
    }
    if ('fault' in made) {
      const why = made.fault;
      left.push(...kept.map(({ name }) => ({ server, tool: name, why })));
    } else if (kept.length > 0) {
      texts.push(made.schema.trim());
      json = { ...json, ...made.json };
    }
  }
  return { texts, json, left };
}
