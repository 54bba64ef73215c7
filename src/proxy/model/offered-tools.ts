// One entry of a request's `tools`, in any API's form, enters; what it offers leaves: a tool of the agent, of the provider, or an MCP server.
import { isObject, type JsonObject, type JsonValue } from '../../json/strict-json.ts';
import { type Complain, type Fields, fieldsOf, snakeCase } from './field-view.ts';

export interface Offered {
  /** Tools that the agent runs. */
  readonly tools: Set<string>;
  /** Tools that the provider runs. */
  readonly serverTools: Set<string>;
  /** MCP servers that the provider is asked to call: URL without user and query, else the id of a connector, else a name. */
  readonly mcpServers: Set<string>;
}

/** Tools with a schema that the model knows, run by the agent all the same. */
const RUN_BY_AGENT =
  /^(?:bash|text_editor|str_replace_(?:based_)?edit(?:or|_tool)|computer|memory|local_shell|apply_patch)(?:_|$)/;
/** `_20250305`, `_2025_03_11`, `_preview`: versions of one tool. */
const VERSION = /(?:_preview)?(?:_\d{8}|_\d{4}_\d{2}_\d{2})?$/;
const NO_TOOL = /^cache_(?:point|control)$/;
const UNNAMED = '?';

/** `web_search` of `web_search_20250305`, `web_search_preview` and `openrouter:web_search`. */
function kindOf(type: string): string {
  return snakeCase(type.slice(type.lastIndexOf(':') + 1)).replace(VERSION, '');
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Credentials stand in user and query. */
function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url.split(/[?#]/, 1)[0] ?? '';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** What a policy calls an MCP server that a request names. */
export function serverName(server: JsonValue, complain: Complain): string {
  if (!isObject(server)) return text(server) ?? UNNAMED;
  const field = fieldsOf(server, complain);
  const transport = field('streamable_http_transport');
  const url =
    text(field('server_url')) ??
    text(field('url')) ??
    (isObject(transport) && text(fieldsOf(transport, complain)('url')));
  if (url) return withoutCredentials(url);
  return text(field('connector_id')) ?? text(field('server_label')) ?? text(field('name')) ?? UNNAMED;
}

/** Adds the servers of a list; a single one may stand without a list. */
export function offerServers(list: JsonValue | undefined, offered: Offered, complain: Complain): void {
  if (list === undefined) return;
  if (!Array.isArray(list)) complain('"mcp_servers" is not a list');
  for (const server of Array.isArray(list) ? (list as readonly JsonValue[]) : [list])
    offered.mcpServers.add(serverName(server, complain));
}

function inner(field: Fields, name: string, complain: Complain): Fields | undefined {
  const value = field(name);
  return isObject(value) ? fieldsOf(value, complain) : undefined;
}

/** Adds the tools of a list; `prefix`: the namespace they stand in. */
export function offerTools(
  list: JsonValue | undefined,
  offered: Offered,
  complain: Complain,
  prefix: string = '',
): void {
  if (list === undefined) return;
  if (!Array.isArray(list)) {
    complain('"tools" is not a list');
    return;
  }
  for (const tool of list as readonly JsonValue[]) {
    if (isObject(tool)) offerTool(tool, offered, complain, prefix);
    else if (typeof tool === 'string') offered.serverTools.add(kindOf(tool));
    else complain('a tool is no object');
  }
}

function offerTool(tool: JsonObject, offered: Offered, complain: Complain, prefix: string): void {
  const field = fieldsOf(tool, complain);
  const type = text(field('type'));
  const named = text(field('name')) ?? text(inner(field, 'function', complain)?.('name'));
  if (type === undefined) offerUntyped(tool, field, named, offered, complain, prefix);
  else if (type === 'function' || type === 'custom')
    offered.tools.add(prefix + (named ?? text(inner(field, 'custom', complain)?.('name')) ?? UNNAMED));
  else if (type === 'namespace') offerTools(field('tools'), offered, complain, prefix + (named ?? ''));
  else if (type === 'mcp') offered.mcpServers.add(serverName(tool, complain));
  else if (type === 'mcp_toolset') offerToolset(text(field('mcp_server_name')), offered);
  else offerBuiltIn(type, named, field, offered, complain);
}

/** Speaks of a server of `mcp_servers`, whose entries were taken before. */
function offerToolset(server: string | undefined, offered: Offered): void {
  if (offered.mcpServers.size === 0) offered.mcpServers.add(server ?? UNNAMED);
}

function offerBuiltIn(
  type: string,
  named: string | undefined,
  field: Fields,
  offered: Offered,
  complain: Complain,
): void {
  const kind = kindOf(type);
  const isLocalShell = kind === 'shell' && inner(field, 'environment', complain)?.('type') === 'local';
  if (isLocalShell || RUN_BY_AGENT.test(kind)) offered.tools.add(named ?? kind);
  else offered.serverTools.add(kind);
}

/** The forms of Gemini and of Bedrock's Converse name a tool by the key it stands under; that of Anthropic may leave the type out. */
function offerUntyped(
  tool: JsonObject,
  field: Fields,
  named: string | undefined,
  offered: Offered,
  complain: Complain,
  prefix: string,
): void {
  if (named !== undefined) return void offered.tools.add(prefix + named);
  offerServers(field('mcp_servers'), offered, complain);
  const specification = inner(field, 'tool_spec', complain);
  if (specification !== undefined) offered.tools.add(text(specification('name')) ?? UNNAMED);
  const system = inner(field, 'system_tool', complain);
  if (system !== undefined) offered.serverTools.add(text(system('name')) ?? UNNAMED);
  offerTools(field('function_declarations'), offered, complain);
  for (const [key, value] of Object.entries(tool)) {
    const kind = snakeCase(key);
    if (value === null || KEYED.has(kind) || NO_TOOL.test(kind)) continue;
    if (RUN_BY_AGENT.test(kind)) offered.tools.add(kind);
    else offered.serverTools.add(kind.replace(VERSION, ''));
  }
}

const KEYED: ReadonlySet<string> = new Set([
  'mcp_servers',
  'tool_spec',
  'system_tool',
  'function_declarations',
  'function',
]);
