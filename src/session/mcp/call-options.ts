// A session's policy, its people and its journal in; what judging MCP calls needs out, whatever they travel on.
import type { McpBrokerOptions } from '../../proxy/mcp/call-judge.ts';
import type { Ask, Decide } from '../../proxy/options.ts';
import type { HeldCallsContext } from '../held-calls.ts';
import type { Recorder } from '../recorder.ts';
import { toolKeeper } from '../tool-keeper.ts';
import { type PinChoice, sessionPins } from './session-pins.ts';

export interface CallJudging {
  readonly session: PinChoice;
  readonly asking: HeldCallsContext;
  readonly recorder: Pick<Recorder, 'emit' | 'tell' | 'calls' | 'dir'>;
  readonly decide: Decide;
  readonly ask: Ask;
  /** Names and values, as far as they are known by then. */
  readonly credentials: () => readonly (readonly [string, string])[];
}

export interface JudgedCalls {
  readonly options: McpBrokerOptions;
  /** What was pinned is kept. */
  end(): Promise<void>;
}

export function judgedCalls({ session, asking, recorder, decide, ask, credentials }: CallJudging): JudgedCalls {
  const { decision } = asking;
  const pins = sessionPins(session, asking, recorder.tell);
  const options: McpBrokerOptions = {
    attention: () => {
      const attention = decision.set.mcp();
      if (decision.mode === 'enforce') return { ...attention, pins: pins?.doesAsk === true };
      // The mode stops nothing.
      return attention.calls === 'enforced' ? { ...attention, calls: 'shadow' } : attention;
    },
    decide,
    ask,
    mayCall: (request) => decision.set.mayCall(request),
    epoch: () => decision.epoch,
    emit: recorder.emit,
    inHand: recorder.calls,
    toolSeen: toolKeeper({ dir: recorder.dir, credentials: credentials() }),
    ...(pins && { pins: pins.calls }),
  };
  return { options, end: async () => pins?.close() };
}
