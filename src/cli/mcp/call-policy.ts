// An MCP call in, Cedar statements that permit and forbid exactly such calls out: with its arguments, and with whatever arguments.
import { LeashError } from '../../host/errors.ts';
import { cedarString, hasLiteral } from '../../policy/text/literal.ts';
import { recordedArgument } from '../../proxy/mcp/argument-text.ts';
import type { Event } from '../../schema/event.ts';
import { factOf, serverOf, toolOf } from './call.ts';

interface Arguments {
  /** Conditions, of those whose value the journal has. */
  readonly said: readonly string[];
  /** How many it has not. */
  readonly unsaid: number;
}

function argumentsOf({ detail }: Event): Arguments {
  const args = detail?.['args'];
  const more = detail?.['args_more'];
  const texts: readonly string[] = Array.isArray(args) ? args : [];
  const said = texts.flatMap((text) => {
    const { pointer, value } = recordedArgument(text) ?? {};
    if (pointer === undefined || value === undefined || !hasLiteral(pointer) || !hasLiteral(value)) return [];
    const name = cedarString(pointer);
    return [`context.args.hasTag(${name}) && context.args.getTag(${name}) == ${cedarString(value)}`];
  });
  return { said, unsaid: texts.length - said.length + (typeof more === 'number' ? more : 0) };
}

function statement(effect: 'permit' | 'forbid', id: string, resource: string, conditions: readonly string[]): string {
  const head = `@id(${cedarString(id)})\n${effect}(principal, action == Action::"McpCall", ${resource})`;
  return `${head}\nwhen { ${conditions.join(' && ')} };`;
}

function pair(id: string, resource: string, conditions: readonly string[]): readonly string[] {
  return (['permit', 'forbid'] as const).map((effect) =>
    statement(effect, `${effect === 'permit' ? 'allow' : 'forbid'}-${id}`, resource, conditions),
  );
}

/**
 * Text of a policy; names of others stand in literals only, and in no comment.
 * @throws {LeashError} LEASH_CALL_UNKNOWN when no literal can name its server or tool
 */
export function callPolicy(event: Event): string {
  const [server, tool, method = ''] = [serverOf(event), toolOf(event), factOf(event, 'method')];
  const call = /^c\d+$/.test(event.call ?? '') ? event.call : 'call';
  if (![server, tool ?? '', method].every(hasLiteral))
    throw new LeashError('LEASH_CALL_UNKNOWN', `no Cedar literal can name what call ${call} is about`);
  const resource =
    tool === undefined
      ? `resource == MCP::Server::${cedarString(server)}`
      : `resource == MCP::Tool::${cedarString(tool)}`;
  const about =
    tool === undefined ? `context.method == ${cedarString(method)}` : `context.server == ${cedarString(server)}`;
  const { said, unsaid } = argumentsOf(event);
  const what = tool === undefined ? 'this method of this server' : 'this tool of this server';
  const all = [`// Keep one of these. Of ${what}, whatever the arguments:`, ...pair(`${call}`, resource, [about])];
  if (said.length === 0) return all.join('\n');
  const rest = unsaid === 0 ? 'others may stand beside them' : `the journal does not have the values of ${unsaid} more`;
  const exact = pair(`${call}-arguments`, resource, [about, ...said]);
  return [...all, `// With the arguments of the call; ${rest}:`, ...exact].join('\n');
}
