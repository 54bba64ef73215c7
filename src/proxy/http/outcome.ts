// What became of a request, in numbers; and of whatever was thrown while it was served, what a person and the journal are told.
import { UpstreamError } from '../upstream/failure.ts';
import { ProtocolError } from './head.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Whether a rule of Leash refused the upstream, rather than the network. */
  readonly refused: boolean;
}

export interface Outcome {
  /** Status the upstream answered; undefined when it did not. */
  readonly status: number | undefined;
  readonly failure: Failure | undefined;
  /** Body bytes as sent on the wire; `in` to the agent, `out` from it. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Whether the client connection can carry another exchange. */
  readonly keepAlive: boolean;
}

/** What a person is told of what went wrong. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UpstreamError) return { code: error.code, message: error.message, refused: error.refused };
  if (error instanceof ProtocolError) return { code: 'EPROTO', message: error.message, refused: false };
  return { code: 'EIO', message: 'unexpected failure in the proxy', refused: false };
}
