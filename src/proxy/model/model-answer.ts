// The JSON of a model's answer enters, whole or event by event and in any known API's form; who answered, what it calls and what it cost leave.
import { Buffer } from 'node:buffer';
import { isObject, type JsonObject, type JsonValue } from '../../json/strict-json.ts';

export interface Answer {
  /** The model that answered, as it calls itself. */
  readonly name: string | undefined;
  /** Names of the tools that the model wants called, each once. */
  readonly calls: ReadonlySet<string>;
  readonly stopReason: string | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** Of the input, those that the provider had kept from before. */
  readonly cachedTokens: number | undefined;
}

const MAX_CALLS = 64;
const MAX_NAME = 128;
const MAX_PARTS = 4096;

/** Names of the same fact in the answers of Anthropic, OpenAI, Gemini, Bedrock and Ollama. */
const MODEL = ['model', 'modelVersion', 'model_version'];
const STOP = ['stop_reason', 'finish_reason', 'finishReason', 'stopReason', 'done_reason'];
const USAGE = ['usage', 'usageMetadata', 'usage_metadata', 'amazon-bedrock-invocationMetrics'];
const INPUT = [
  'input_tokens',
  'prompt_tokens',
  'promptTokenCount',
  'inputTokens',
  'prompt_eval_count',
  'inputTokenCount',
];
const OUTPUT = [
  'output_tokens',
  'completion_tokens',
  'candidatesTokenCount',
  'outputTokens',
  'eval_count',
  'outputTokenCount',
];
const CACHED = [
  'cache_read_input_tokens',
  'cached_tokens',
  'cachedContentTokenCount',
  'cacheReadInputTokens',
  'cacheReadInputTokenCount',
  'prompt_cache_hit_tokens',
];
const CACHE_DETAILS = ['prompt_tokens_details', 'input_tokens_details'];
/** Where the parts of an answer lie: an object or a list of them. */
const HOLDERS = [
  'message',
  'delta',
  'response',
  'choices',
  'candidates',
  'content',
  'content_block',
  'parts',
  'output',
  'item',
  'start',
  'messageStop',
  'messageStart',
  'contentBlockStart',
  'metadata',
];
/** Calls, by the key they stand under. */
const CALLS = ['tool_calls', 'function_call', 'functionCall', 'function_calls', 'toolUse', 'tool_call'];
/** Calls, by their type: those of server-side tools and MCP too, which the provider has made already. */
const CALL_TYPE =
  /^(?:tool_use|server_tool_use|mcp_tool_use|function_call|custom_tool_call|mcp_call|local_shell_call|shell_call|apply_patch_call|(?:web_search|file_search|computer|code_interpreter)_call)$/;

/** Most events of a stream are pieces of text, and hold none of these: they are not worth parsing. */
const TELLING = new RegExp(
  `"(?:${[...MODEL, ...STOP, ...USAGE, ...INPUT, ...OUTPUT, ...CACHED].join('|')}|name|error|bytes|status)"|_call"`,
);

function firstText(object: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, MAX_NAME);
  }
  return undefined;
}

function firstCount(object: JsonObject, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  }
  return undefined;
}

export class AnswerReader implements Answer {
  readonly calls: Set<string> = new Set();
  name: string | undefined;
  stopReason: string | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  cachedTokens: number | undefined;
  #parts = 0;

  /** Takes an answer, or one event of it; a later fact replaces an earlier one. What is no answer is passed over. */
  take(value: JsonValue): void {
    this.#parts = 0;
    this.#part(value, 0);
  }

  /** As `take`, from text that need not be JSON. */
  takeText(text: string): void {
    if (!TELLING.test(text)) return;
    let value: JsonValue;
    try {
      value = JSON.parse(text) as JsonValue;
    } catch {
      return;
    }
    this.take(unwrapped(value));
  }

  #part(value: JsonValue | undefined, depth: number): void {
    if (typeof value !== 'object' || value === null || depth > 8 || this.#parts++ > MAX_PARTS) return;
    if (!isObject(value)) {
      for (const entry of value) this.#part(entry, depth + 1);
      return;
    }
    this.name = firstText(value, MODEL) ?? this.name;
    this.stopReason = firstText(value, STOP) ?? this.#incomplete(value) ?? this.stopReason;
    this.#call(value);
    this.#count(value);
    for (const usage of USAGE) if (isObject(value[usage])) this.#count(value[usage]);
    for (const holder of HOLDERS) this.#part(value[holder], depth + 1);
    for (const key of CALLS) this.#called(value[key]);
  }

  /** The Responses API says why it stopped in another way. */
  #incomplete(value: JsonObject): string | undefined {
    if (value['object'] !== 'response') return undefined;
    const details = value['incomplete_details'];
    const reason = isObject(details) ? firstText(details, ['reason']) : undefined;
    return reason ?? firstText(value, ['status']);
  }

  #call(value: JsonObject): void {
    const { type, name, server_name: server, error } = value;
    // In the midst of a stream, whose status was 200.
    if (type === 'error' && isObject(error)) this.stopReason = firstText(error, ['type']) ?? type;
    if (typeof type !== 'string' || !CALL_TYPE.test(type)) return;
    const called = typeof name === 'string' ? name : type.replace(/_call$/, '');
    const owner = server ?? value['server_label'] ?? value['namespace'];
    this.#add(typeof owner === 'string' && type.startsWith('mcp') ? `${owner}/${called}` : called);
  }

  /** One call, or a list of calls. */
  #called(value: JsonValue | undefined): void {
    for (const call of Array.isArray(value) ? (value as readonly JsonValue[]).slice(0, MAX_PARTS) : [value]) {
      if (!isObject(call)) continue;
      const inner = call['function'];
      const name = firstText(isObject(inner) ? inner : call, ['name']);
      if (name !== undefined) this.#add(name);
    }
  }

  #add(name: string): void {
    if (this.calls.size < MAX_CALLS) this.calls.add(name.slice(0, MAX_NAME));
  }

  #count(usage: JsonObject): void {
    this.inputTokens = firstCount(usage, INPUT) ?? this.inputTokens;
    this.outputTokens = firstCount(usage, OUTPUT) ?? this.outputTokens;
    this.cachedTokens = firstCount(usage, CACHED) ?? this.cachedTokens;
    for (const name of CACHE_DETAILS) {
      const details = usage[name];
      if (isObject(details)) this.cachedTokens = firstCount(details, CACHED) ?? this.cachedTokens;
    }
  }
}

/** Bedrock wraps the event of a model's own API: `{"bytes": base64}`. */
function unwrapped(value: JsonValue): JsonValue {
  const bytes = isObject(value) ? value['bytes'] : undefined;
  if (typeof bytes !== 'string') return value;
  try {
    return JSON.parse(Buffer.from(bytes, 'base64').toString('utf8')) as JsonValue;
  } catch {
    return null;
  }
}
