// A raw connection whose ClientHello was read enters, its decrypted side leaves once the handshake is complete.
import type net from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { HandshakeAbandoned } from './rejection.ts';

const HANDSHAKE_TIMEOUT = 10_000;

/**
 * Answers the client's handshake with the given certificate, offering one protocol (ALPN, RFC 7301).
 * @throws Error when the client does not accept the certificate, offers nothing usable, or takes too long.
 */
export function terminateTls(
  raw: net.Socket,
  secureContext: SecureContext,
  protocol: string = 'http/1.1',
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = new TLSSocket(raw, { isServer: true, secureContext, ALPNProtocols: [protocol] });
    // Whoever reads next has a listener of its own; until then an error must not end the process.
    secure.on('error', () => {});
    const timer = setTimeout(() => fail(new Error('handshake timed out')), HANDSHAKE_TIMEOUT);
    // The end is seen only by who reads.
    const read = (): void => {
      if (secure.readableLength === 0) secure.read();
    };
    const settled = (): void => {
      clearTimeout(timer);
      secure.off('error', fail).off('close', closed).off('end', closed).off('readable', read);
    };
    const fail = (error: Error): void => {
      settled();
      secure.destroy();
      raw.destroy();
      reject(error);
    };
    const closed = (): void => fail(new HandshakeAbandoned('closed inside the handshake'));
    secure.once('error', fail);
    secure.once('close', closed).once('end', closed).on('readable', read);
    secure.once('secure', () => {
      settled();
      resolve(secure);
    });
  });
}
