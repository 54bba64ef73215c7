// What failed on the way to a server enters, the sentence a person reads leaves: what happened, and where it helps, what to do.

/** The upstream could not be reached or may not be; `refused` tells a rule of Leash from a failure of the network. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly code: string;
  readonly refused: boolean;

  constructor(code: string, message: string, refused: boolean = false) {
    super(message);
    this.code = code;
    this.refused = refused;
  }
}

const MAX_QUOTED = 200;

/** Text that a server chose: printable ASCII, short. */
export function quoted(text: string): string {
  return text.slice(0, MAX_QUOTED).replace(/[^\x20-\x7e]/g, '?');
}

/** errno names (errno(3)) of a connection that did not come about; the sentence begins with the place. */
const CONNECTING: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: nothing listens there',
  ETIMEDOUT: 'did not answer in time',
  EHOSTUNREACH: 'cannot be reached from this machine: no route to it',
  ENETUNREACH: 'cannot be reached from this machine: no route to its network',
  ECONNRESET: 'closed the connection before anything was said',
  EACCES: 'may not be reached from this machine: the system forbids it',
  EPERM: 'may not be reached from this machine: the system forbids it',
  EMFILE: 'could not be reached: Leash has no more descriptors (`ulimit -n`)',
};

/** getaddrinfo(3) errors, as Node names them. */
const RESOLVING: Readonly<Record<string, string>> = {
  ENOTFOUND: 'does not exist: the resolver of this machine knows no address for it',
  ENODATA: 'does not exist: the resolver of this machine knows no address for it',
  EAI_AGAIN: 'could not be resolved: the resolver of this machine does not answer',
  ETIMEDOUT: 'could not be resolved: the resolver of this machine does not answer',
};

const UNKNOWN_AUTHORITY =
  "comes from an authority that this machine does not trust; if it is your company's, name its root with --ca or NODE_EXTRA_CA_CERTS";
const INCOMPLETE =
  'has an unknown issuer: the server sends an incomplete chain, or the authority is not one that this machine trusts (--ca names more)';

/** X509_V_ERR_* names of OpenSSL (verify(1)); the sentence begins with "the certificate of NAME". */
const VERIFYING: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired, or one above it has',
  CERT_NOT_YET_VALID: 'is not valid yet, or one above it is not; is the clock of this machine right?',
  CERT_REVOKED: 'is revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  CERT_UNTRUSTED: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: INCOMPLETE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: INCOMPLETE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: INCOMPLETE,
  CERT_SIGNATURE_FAILURE: 'or one above it has a wrong signature',
  INVALID_CA: 'is signed by a certificate that may not sign others',
  INVALID_PURPOSE: 'is not meant for servers, or is signed by a certificate that may not sign them',
  PATH_LENGTH_EXCEEDED: 'has more intermediates above it than their authority permits',
  CERT_CHAIN_TOO_LONG: 'has too long a chain',
  CERT_REJECTED: 'is rejected by the authority above it',
  HOSTNAME_MISMATCH: 'is for another name',
};

/** Reasons that OpenSSL reports with no name of their own, by a piece of their text. */
const VERIFYING_BY_TEXT: readonly (readonly [text: string, sentence: string])[] = [
  ['subtree violation', 'is for a name that the authority above it may not sign for'],
  ['excluded subtree', 'is for a name that the authority above it may not sign for'],
  ['key too weak', 'has too short a key, or one above it has'],
  ['key too small', 'has too short a key, or one above it has'],
  ['digest algorithm too weak', 'is signed with a broken digest, or one above it is'],
  ['does not support certificate signing', 'is signed by a certificate that may not sign others'],
  ['key usage does not include', 'is signed by a certificate that may not sign others'],
  ['unhandled critical extension', 'has a critical extension that cannot be judged, or one above it has'],
];

/** Handshake failures, by a piece of OpenSSL's error code; the sentence begins with the place. */
const SHAKING: readonly (readonly [code: RegExp, sentence: string])[] = [
  [/WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH|RECORD_LENGTH/, 'does not speak TLS'],
  [
    /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW|UNSUPPORTED_SSL/,
    'speaks only versions of TLS that are no longer safe (before 1.2)',
  ],
  [/DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL|BAD_DH/, 'uses too short a key'],
  [/MD_TOO_WEAK|WRONG_SIGNATURE_TYPE|LEGACY_SIGALG|ILLEGAL_SIGNATURE/, 'signs with a broken digest'],
  [/EXCESSIVE_MESSAGE_SIZE|EXCESSIVE/, 'sends a larger certificate chain than any server needs'],
  [/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/, 'wants a certificate of the client, which Leash does not have'],
  [/NO_SHARED_CIPHER|NO_CIPHERS|WRONG_CIPHER/, 'has no safe cipher in common with this machine'],
  [
    /HANDSHAKE_FAILURE/,
    'has no safe cipher in common with this machine, or wants a certificate of the client, which Leash does not have',
  ],
];

function shaken(code: string): string | undefined {
  return SHAKING.find(([pattern]) => pattern.test(code))?.[1];
}

export function connectFailure(code: string, place: string): UpstreamError {
  return new UpstreamError(code, `${place} ${CONNECTING[code] ?? `could not be reached (${code})`}`);
}

export function resolveFailure(code: string, name: string): UpstreamError {
  return new UpstreamError(code, `${name} ${RESOLVING[code] ?? `could not be resolved (${code})`}`);
}

/**
 * @param error of a TLS handshake, or of the verification after it; its text may contain what the server sent
 * @param place `name:port`
 */
export function tlsFailure(error: Error, name: string, place: string): UpstreamError {
  const code = 'code' in error ? String(error.code) : 'EPROTO';
  const verified = VERIFYING[code] ?? VERIFYING_BY_TEXT.find(([text]) => error.message.includes(text))?.[1];
  if (verified !== undefined) return new UpstreamError(code, `the certificate of ${name} ${verified}`);
  const alert = shaken(code);
  if (alert !== undefined) return new UpstreamError(code, `${place} ${alert}`);
  if (code === 'ECONNRESET') return new UpstreamError(code, `${place} closed the connection inside the TLS handshake`);
  return new UpstreamError(code, `TLS with ${place} failed: ${quoted(error.message)}`);
}

/** An established connection that ended before its answer did; in TLS 1.3 the server's verdict on the client comes as late. */
export function lossFailure(error: Error | undefined): UpstreamError {
  const code = error !== undefined && 'code' in error ? String(error.code) : 'ECONNRESET';
  const alert = shaken(code);
  return new UpstreamError(
    code,
    alert === undefined ? 'the server closed the connection before its answer was complete' : `the server ${alert}`,
  );
}
