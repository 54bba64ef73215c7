// Host, path and body of a request enter; what it asks a language model for leaves, if it asks one, in the words of the Cedar schema.
import { isObject, type JsonObject, type JsonValue, quoted } from '../../json/strict-json.ts';
import { type Complain, type Fields, fieldsOf } from './field-view.ts';
import { type ApiAtPath, apiAtPath, comparablePath, providerAt } from './known-apis.ts';
import { type Offered, offerServers, offerTools } from './offered-tools.ts';

export interface ModelRequest extends Offered {
  readonly api: string;
  readonly provider: string;
  /** As sent; '' when the request names none. */
  readonly name: string;
  readonly isStreaming: boolean;
  /** Why it may ask for more than is said here, or for something else. */
  readonly doubts: readonly string[];
}

/** More than any agent offers; a set of a policy is never cut. */
const MAX_OFFERED = 4096;

interface Sight extends Offered {
  readonly isKnown: boolean;
  readonly names: Set<string>;
  readonly complain: Complain;
}

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

/** Bodies in a body: entries of a batch, what gateways wrap, and what is passed on to the model as it is. */
function innerBodies(field: Fields, complain: Complain): JsonObject[] {
  const found: (JsonValue | undefined)[] = [
    ...['request', 'session', 'extra_body', 'additional_model_request_fields', 'parameters', 'google'].map(field),
  ];
  const batch = field('batch');
  const config = isObject(batch) ? fieldsOf(batch, complain)('input_config') : undefined;
  const nested = isObject(config) ? fieldsOf(config, complain)('requests') : undefined;
  if (isObject(config) && fieldsOf(config, complain)('file_name') !== undefined) complain(IN_FILE);
  const listed = isObject(nested) ? fieldsOf(nested, complain)('requests') : field('requests');
  for (const entry of isList(listed) ? listed : []) {
    if (!isObject(entry)) continue;
    const own = fieldsOf(entry, complain);
    found.push(entry, own('params'), own('request'), own('body'));
  }
  return found.filter(isObject);
}

const IN_FILE = 'the requests of a batch lie in a file that cannot be looked at';

function hasEntryWith(list: JsonValue | undefined, name: string): boolean {
  return isList(list) && list.some((entry) => isObject(entry) && fieldsOf(entry, () => {})(name) !== undefined);
}

/** Whether it looks like what a model is asked, wherever it is sent. `isKnown`: to a path where models are. */
function looksLikeModel(field: Fields, isKnown: boolean): boolean {
  if (hasEntryWith(field('messages'), 'role') || hasEntryWith(field('contents'), 'parts')) return true;
  if (field('mcp_servers') !== undefined || field('assistant_id') !== undefined) return true;
  if (field('input_file_id') !== undefined && field('endpoint') !== undefined) return true;
  const hasModel = isKnown || typeof field('model') === 'string';
  return hasModel && ['input', 'inputs', 'prompt', 'tools', 'contents'].some((name) => field(name) !== undefined);
}

/** Tools of the provider that have a field of their own. */
function offerSwitches(field: Fields, sight: Sight): void {
  const { serverTools } = sight;
  const search = field('search_parameters');
  const isOn = isObject(search) ? fieldsOf(search, sight.complain)('mode') !== 'off' : search !== undefined;
  if (isOn || field('web_search_options') !== undefined || isSet(field('enable_search'))) serverTools.add('web_search');
  if (isSet(field('enable_code_interpreter'))) serverTools.add('code_interpreter');
  const plugins = field('plugins');
  for (const plugin of isList(plugins) ? plugins : []) {
    const id = isObject(plugin) ? fieldsOf(plugin, sight.complain)('id') : undefined;
    serverTools.add(id === 'web' ? 'web_search' : typeof id === 'string' ? id : '?');
  }
  const compound = field('compound_custom');
  const enabled = isObject(compound) ? fieldsOf(compound, sight.complain)('tools') : undefined;
  if (isObject(enabled)) offerTools(fieldsOf(enabled, sight.complain)('enabled_tools'), sight, sight.complain);
}

const isSet = (value: JsonValue | undefined): boolean => value !== undefined && value !== false;

function doubtStored(field: Fields, complain: Complain): void {
  const prompt = field('prompt');
  if (isObject(prompt) && fieldsOf(prompt, complain)('id') !== undefined)
    complain('it uses a stored prompt, whose tools are not in the request');
  for (const name of ['assistant_id', 'agent_id', 'agent'])
    if (field(name) !== undefined)
      complain(`it uses a stored assistant ("${name}"), whose tools are not in the request`);
  if (field('input_file_id') !== undefined) complain(IN_FILE);
}

function look(body: JsonObject, sight: Sight, depth: number): boolean {
  const { complain } = sight;
  const field = fieldsOf(body, complain);
  const inners = depth < 4 ? innerBodies(field, complain) : [];
  const isInner = inners.map((inner) => look(inner, sight, depth + 1)).includes(true);
  const name = field('model');
  if (typeof name === 'string' && name !== '') {
    sight.names.add(name);
    if (name.endsWith(':online')) sight.serverTools.add('web_search');
  } else if (name !== undefined) complain('"model" is not a name');
  const alternatives = field('models') ?? field('fallback_models');
  for (const other of isList(alternatives) ? alternatives : []) if (typeof other === 'string') sight.names.add(other);
  offerServers(field('mcp_servers'), sight, complain);
  offerTools(field('tools'), sight, complain);
  offerTools(field('functions'), sight, complain);
  const config = field('tool_config');
  if (isObject(config)) offerTools(fieldsOf(config, complain)('tools'), sight, complain);
  offerSwitches(field, sight);
  doubtStored(field, complain);
  return looksLikeModel(field, sight.isKnown) || isInner;
}

function isStreaming(body: JsonObject, path: string, known: ApiAtPath | undefined): boolean {
  if (/stream/.test(comparablePath(path).replace(/^.*\//, ''))) return true;
  const { stream } = body;
  return known?.known.streamsByDefault === true ? stream !== false : stream === true;
}

/** Of the API that the body looks like, when the path does not say it. */
function apiByShape(body: JsonObject): readonly [api: string, provider: string] {
  if ('contents' in body || 'request' in body) return ['gemini', 'google'];
  if ('anthropic_version' in body || 'mcp_servers' in body || 'requests' in body)
    return ['anthropic-messages', 'anthropic'];
  if ('input' in body) return ['openai-responses', 'openai'];
  if ('messages' in body) return ['openai-chat', 'openai'];
  return ['unknown', 'unknown'];
}

/** @returns undefined when the request asks no model for anything, as far as host, path and body tell. */
export function readModelRequest(host: string, path: string, body: JsonValue): ModelRequest | undefined {
  const at = apiAtPath(path);
  const doubts = new Set<string>();
  const sight: Sight = {
    isKnown: at !== undefined,
    tools: new Set(),
    serverTools: new Set(),
    mcpServers: new Set(),
    names: new Set(at?.name === undefined ? [] : [at.name]),
    complain: (fault) => doubts.size < 16 && doubts.add(fault),
  };
  const looks = isObject(body) && look(body, sight, 0);
  if (!looks && at?.known.isTelling !== true) return undefined;
  if (!isObject(body)) doubts.add('it is no JSON object');
  const { tools, serverTools, mcpServers, names, complain } = sight;
  if (tools.size + serverTools.size + mcpServers.size > MAX_OFFERED)
    complain(`it offers more than ${MAX_OFFERED} tools`);
  const [name = '', second] = names;
  if (second !== undefined) complain(`it names several models, ${quoted(name)} and ${quoted(second)}`);
  const [api, maker] = at === undefined ? apiByShape(isObject(body) ? body : {}) : [at.known.api, at.known.provider];
  return {
    api,
    provider: providerAt(host) ?? maker,
    name,
    tools,
    serverTools,
    mcpServers,
    isStreaming: isObject(body) && isStreaming(body, path, at),
    doubts: [...doubts],
  };
}
