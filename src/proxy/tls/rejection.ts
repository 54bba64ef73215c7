// How a TLS handshake with the session's certificate failed enters; whether the client rejected the certificate, and the remedy, leaves.

/**
 * Alerts about the server's certificate (RFC 8446, section 6.2), as OpenSSL names those it receives. Not `handshake_failure` and the like,
 * which are about versions and ciphers.
 */
const CERTIFICATE_ALERT =
  /_ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|ACCESS_DENIED)$/;

/** `certain`: the client said by an alert that it turned the certificate down. `possible`: it went away without a word. */
export type Rejection = 'certain' | 'possible';

/** The client left between its ClientHello and the end of the handshake. */
export class HandshakeAbandoned extends Error {
  override readonly name = 'HandshakeAbandoned';
}

/** What a failure before the first request says; undefined when it is not about the certificate. */
export function rejectionIn(error: unknown): Rejection | undefined {
  if (error instanceof HandshakeAbandoned) return 'possible';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (CERTIFICATE_ALERT.test(code)) return 'certain';
  return code === 'ECONNRESET' ? 'possible' : undefined;
}

/** @param host with its port, as a policy names it. */
export function remedyFor(host: string, rejection: Rejection): string {
  const what =
    rejection === 'certain'
      ? "the client rejected the session's certificate"
      : "the client went away when it had seen the session's certificate, and perhaps rejects it";
  return `${what}; if it has a trust store of its own, add the certificates in $SSL_CERT_FILE to it; if it pins certificates, permit it with @passthrough for Host "${host}"`;
}
