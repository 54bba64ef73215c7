// A session's policy and its people in, what judging MCP calls needs out, whatever they travel on.
import type { Decision } from '../../decision/decision.ts';
import type { McpBrokerOptions } from '../../proxy/mcp/call-judge.ts';
import type { Ask, Decide } from '../../proxy/options.ts';
import type { Emit } from '../../schema/event.ts';

export interface CallJudging {
  readonly decision: Decision;
  /** The session's mode stops nothing. */
  readonly observes: boolean;
  readonly emit: Emit;
}

export function mcpOptions(
  { decision, observes, emit }: CallJudging,
  { decide, ask }: { readonly decide: Decide; readonly ask: Ask },
): McpBrokerOptions {
  return {
    attention: () => {
      const attention = decision.set.mcp();
      return observes && attention.calls === 'enforced' ? { ...attention, calls: 'shadow' } : attention;
    },
    decide,
    ask,
    mayCall: (request) => decision.set.mayCall(request),
    epoch: () => decision.epoch,
    emit,
  };
}
