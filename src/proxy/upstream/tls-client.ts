// A connected socket enters, a TLS connection verified against the name leaves, whatever the environment of this process says.
import net from 'node:net';
import type { ConnectionOptions, PeerCertificate, SecureContext, TLSSocket } from 'node:tls';
import type { UpstreamOptions } from '../options.ts';
import { quoted, tlsFailure, UpstreamError } from './failure.ts';

const MAX_TLS_SESSIONS = 256;
/** As Debian, Ubuntu and Fedora set it for OpenSSL: RSA and DH of 2048 bits at least, and no SHA-1 (SSL_CTX_set_security_level(3)). */
const SECURITY_LEVEL = '@SECLEVEL=2';
/** A wildcard that is only part of a label: no authority may sign it (RFC 9525, section 6.3). */
const PARTIAL_WILDCARD = /^DNS:(?:[^.*]+\*|\*[^.])/;

type Tls = typeof import('node:tls');

/** Why a verified certificate is not the server's that was meant (RFC 9525), or undefined. */
function identityObjection(tls: Tls, name: string, certificate: PeerCertificate): UpstreamError | undefined {
  const names = certificate.subjectaltname;
  const refuse = (why: string): UpstreamError =>
    new UpstreamError('ERR_TLS_CERT_ALTNAME_INVALID', `the certificate of ${name} ${why}`);
  if (names === undefined) return refuse('names no host (it has no subject alternative name)');
  if (names.split(', ').some((one) => PARTIAL_WILDCARD.test(one))) return refuse('has a wildcard inside a label');
  // Without the subject: Node would take a common name where no alternative name is of its kind.
  const wrong = tls.checkServerIdentity(name, { ...certificate, subject: { ...certificate.subject, CN: '' } });
  return wrong === undefined ? undefined : refuse(`is for other names: ${quoted(names)}`);
}

/** The client side of TLS with the servers of one session. */
export class TlsClient {
  readonly #options: UpstreamOptions;
  /** TLS sessions to resume, by name and port; oldest first. */
  readonly #sessions: Map<string, Buffer> = new Map();
  #context: SecureContext | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /**
   * @param protocols offered by ALPN (RFC 7301)
   * @param timeout milliseconds for the handshake
   * @throws UpstreamError that says what is wrong with the server's certificate, if that is it
   */
  async secure(
    socket: net.Socket,
    name: string,
    port: number,
    protocols: readonly string[],
    timeout: number,
  ): Promise<TLSSocket> {
    const tls = await import('node:tls');
    const place = `${name}:${port}`;
    if (socket.destroyed)
      throw new UpstreamError('ECONNRESET', `${place} closed the connection before anything was said`);
    const session = this.#sessions.get(place);
    const options: ConnectionOptions = {
      socket,
      secureContext: this.#secureContext(tls),
      // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in our environment changes nothing.
      rejectUnauthorized: true,
      checkServerIdentity: (_host, certificate) => identityObjection(tls, name, certificate),
      ALPNProtocols: [...protocols],
      // RFC 6066, section 3: no address in SNI.
      servername: net.isIP(name) === 0 ? name : '',
      ...(session === undefined ? {} : { session }),
    };
    const secure = tls.connect(options);
    // Not before: a resumed session is not verified again, so one of a server that was refused must not be kept.
    secure.once('secureConnect', () => secure.on('session', (ticket) => this.#remember(place, ticket)));
    return await handshake(secure, name, place, timeout);
  }

  #secureContext(tls: Tls): SecureContext {
    const { roots, ca = [] } = this.#options;
    this.#context ??= tls.createSecureContext({
      ca: [...(roots?.() ?? tls.rootCertificates), ...ca],
      minVersion: 'TLSv1.2',
      ciphers: `${tls.DEFAULT_CIPHERS}:${SECURITY_LEVEL}`,
      // A second handshake inside the first could present another certificate, which nobody would look at.
      secureOptions: process.getBuiltinModule('node:crypto').constants.SSL_OP_NO_RENEGOTIATION,
    });
    return this.#context;
  }

  #remember(key: string, ticket: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, ticket);
    if (this.#sessions.size > MAX_TLS_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value ?? key);
  }
}

function handshake(secure: TLSSocket, name: string, place: string, timeout: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      clearTimeout(timer);
      secure.destroy();
      reject(error instanceof UpstreamError ? error : tlsFailure(error, name, place));
    };
    const timer = setTimeout(
      () => fail(new UpstreamError('ETIMEDOUT', `${place} did not complete the TLS handshake in ${timeout} ms`)),
      timeout,
    );
    const closed = (): void =>
      fail(new UpstreamError('ECONNRESET', `${place} closed the connection inside the TLS handshake`));
    // Stays for the socket's life, as on every socket here.
    secure.on('error', fail);
    secure.once('close', closed);
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      secure.off('close', closed);
      secure.off('error', fail);
      secure.on('error', () => {});
      resolve(secure);
    });
  });
}
