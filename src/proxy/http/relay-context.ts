// What a relay of HTTP requests is given: the gate that judges them, and the seams to the journal and the network outside.

import type { Emit } from '../../schema/event.ts';
import type { HttpRequest } from '../../schema/request.ts';
import type { Gate, GateContext } from '../exchange/gate.ts';
import type { UpstreamPool } from '../upstream/pool.ts';
import type { RequestHead } from './head.ts';
import type { RequestRecord } from './record.ts';

export interface RelayContext extends Pick<GateContext, 'peer' | 'scheme' | 'epoch'> {
  readonly emit: Emit;
  readonly gate: Gate;
  readonly pool: UpstreamPool;
  readonly headTimeout?: number | undefined;
}

/** The request in flight. */
export interface Current {
  readonly request: HttpRequest;
  readonly record: RequestRecord;
  readonly head: RequestHead;
}
