// The body of an answer enters, one JSON text or a stream of events; what the agent gets of it leaves, each message judged on its way.
import { Buffer } from 'node:buffer';
import { EventFilter } from '../../mcp/event-filter.ts';
import type { Rewrite } from '../../mcp/received.ts';
import type { Share } from '../exchange/allowance.ts';
import { KeptBytes } from '../exchange/kept-bytes.ts';
import type { BodyFilter } from '../exchange/passage.ts';
import { ProtocolError } from '../http/head.ts';

const NOTHING = Buffer.alloc(0);
/** Of an answer in one JSON text: 32 MiB. */
const MAX_ANSWER = 33_554_432;
/** Of one event. */
const MAX_EVENT = 16_777_216;

/** Nothing goes on before all of it is there. A longer one ends the exchange. */
export function jsonFilter(rewrite: Rewrite, share: Share): BodyFilter {
  const kept = new KeptBytes(share, MAX_ANSWER);
  return {
    changes: true,
    push: (content) => {
      kept.push(content);
      if (!kept.isWhole) throw new ProtocolError('the answer of the MCP server is too long to be judged', 502);
      return NOTHING;
    },
    end: () => (kept.total === 0 ? NOTHING : (rewrite(kept.bytes()) ?? NOTHING)),
  };
}

/** Each event goes on when it is complete. @param endpoint as of `EventFilter` */
export function eventsFilter(rewrite: Rewrite, endpoint: (address: string) => void): BodyFilter {
  const filter = new EventFilter({ rewrite, endpoint, most: MAX_EVENT });
  const sound = (bytes: Buffer): Buffer => {
    if (filter.fault !== undefined) throw new ProtocolError(`a stream of MCP: ${filter.fault}`, 502);
    return bytes;
  };
  return { changes: true, push: (content) => sound(filter.push(content)), end: () => sound(filter.end()) };
}
