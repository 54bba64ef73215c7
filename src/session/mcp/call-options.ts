// A session's policy, its people and its journal in; what judging MCP calls needs out, whatever they travel on.
import type { Decision } from '../../decision/decision.ts';
import type { McpBrokerOptions } from '../../proxy/mcp/call-judge.ts';
import type { Ask, Decide } from '../../proxy/options.ts';
import type { Recorder } from '../recorder.ts';
import { toolKeeper } from '../tool-keeper.ts';

export interface CallJudging {
  readonly decision: Decision;
  /** The session's mode stops nothing. */
  readonly observes: boolean;
  readonly recorder: Pick<Recorder, 'emit' | 'calls' | 'dir'>;
  readonly decide: Decide;
  readonly ask: Ask;
  /** Names and values, as far as they are known by then. */
  readonly credentials: () => readonly (readonly [string, string])[];
}

export function callOptions({ decision, observes, recorder, decide, ask, credentials }: CallJudging): McpBrokerOptions {
  return {
    attention: () => {
      const attention = decision.set.mcp();
      return observes && attention.calls === 'enforced' ? { ...attention, calls: 'shadow' } : attention;
    },
    decide,
    ask,
    mayCall: (request) => decision.set.mayCall(request),
    epoch: () => decision.epoch,
    emit: recorder.emit,
    inHand: recorder.calls,
    toolSeen: toolKeeper({ dir: recorder.dir, credentials: credentials() }),
  };
}
