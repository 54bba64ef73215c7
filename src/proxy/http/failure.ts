// Whatever an exchange failed of enters; what its client and the journal are told of it leaves.
import { UpstreamError } from '../upstream/failure.ts';
import { ProtocolError } from './head.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Whether a rule of Leash refused the upstream, rather than the network. */
  readonly refused: boolean;
}

/** What a person is told of what went wrong. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UpstreamError) return { code: error.code, message: error.message, refused: error.refused };
  if (error instanceof ProtocolError) return { code: 'EPROTO', message: error.message, refused: false };
  return { code: 'EIO', message: 'unexpected failure in the proxy', refused: false };
}
