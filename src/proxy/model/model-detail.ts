// What was asked of a model and what it answered enter, the details of the event leave: names and numbers, bounded, never contents.
import { quoted } from '../../json/strict-json.ts';
import type { Detail } from '../exchange/passage.ts';
import type { Answer } from './model-answer.ts';

const MAX_LISTED = 64;
const MAX_NAME = 128;

interface Asked {
  readonly provider: string;
  readonly name: string;
  readonly tools: Iterable<string>;
  readonly serverTools: Iterable<string>;
  readonly mcpServers: Iterable<string>;
}

function listed(key: string, names: Iterable<string>): Detail {
  const all = [...names];
  if (all.length === 0) return {};
  const shown = all.slice(0, MAX_LISTED).map((name) => name.slice(0, MAX_NAME));
  return { [key]: shown, ...(all.length > shown.length && { [`${key}_more`]: all.length - shown.length }) };
}

/** Of a request to a model. */
export function askedDetail({ provider, name, tools, serverTools, mcpServers }: Asked): Detail {
  return {
    model_provider: provider,
    model: name.slice(0, MAX_NAME),
    ...listed('model_tools', tools),
    ...listed('model_server_tools', serverTools),
    ...listed('model_mcp_servers', mcpServers),
  };
}

function list(name: string, values: Iterable<string>): string {
  const all = [...values];
  const shown = all.slice(0, 8).map(quoted);
  return `${name} [${shown.join(', ')}${all.length > shown.length ? ', …' : ''}]`;
}

/** The same as a sentence, by the names that policies use, for whoever reads a refusal. */
export function askedText({ provider, name, tools, serverTools, mcpServers }: Asked): string {
  const lists = [list('serverTools', serverTools), list('mcpServers', mcpServers), list('tools', tools)];
  return `In context.model: provider ${quoted(provider)}, name ${quoted(name)}, ${lists.join(', ')}`;
}

/** Of its answer, as far as it came. */
export function answerDetail({ name, calls, stopReason, inputTokens, outputTokens, cachedTokens }: Answer): Detail {
  return {
    ...(name !== undefined && { model_answered: name }),
    ...listed('model_calls', calls),
    ...(stopReason !== undefined && { model_stop: stopReason }),
    ...(inputTokens !== undefined && { model_tokens_in: inputTokens }),
    ...(cachedTokens !== undefined && { model_tokens_cached: cachedTokens }),
    ...(outputTokens !== undefined && { model_tokens_out: outputTokens }),
  };
}
