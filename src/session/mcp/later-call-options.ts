// What judging MCP calls needs, loaded and made when the first connection or server wants it, for all of a session.
import type { McpBrokerOptions } from '../../proxy/mcp/call-judge.ts';
import type { CallJudging, JudgedCalls } from './call-options.ts';

export interface LaterCalls {
  readonly options: () => Promise<McpBrokerOptions>;
  /** The session is over. */
  readonly end: () => Promise<void>;
}

export function laterCallOptions(judging: CallJudging): LaterCalls {
  let made: Promise<JudgedCalls> | undefined;
  return {
    options: async () => {
      made ??= import('./call-options.ts').then(({ judgedCalls }) => judgedCalls(judging));
      return (await made).options;
    },
    end: async () => (await made)?.end(),
  };
}
