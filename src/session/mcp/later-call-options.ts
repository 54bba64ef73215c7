// What judging MCP calls needs, loaded and made when the first connection or server wants it, for all of a session.
import type { McpBrokerOptions } from '../../proxy/mcp/call-judge.ts';
import type { CallJudging } from './call-options.ts';

export function laterCallOptions(judging: CallJudging): () => Promise<McpBrokerOptions> {
  let made: Promise<McpBrokerOptions> | undefined;
  return () => {
    made ??= import('./call-options.ts').then(({ callOptions }) => callOptions(judging));
    return made;
  };
}
