// A raw connection whose ClientHello was read enters, its decrypted side leaves once the handshake is complete.
import type net from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';

const HANDSHAKE_TIMEOUT = 10_000;

/**
 * Answers the client's handshake with the given certificate; HTTP/1.1 is the only protocol offered (ALPN, RFC 7301).
 * @throws Error when the client does not accept the certificate, offers nothing usable, or takes too long.
 */
export function terminateTls(raw: net.Socket, secureContext: SecureContext): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = new TLSSocket(raw, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] });
    const timer = setTimeout(() => fail(new Error('handshake timed out')), HANDSHAKE_TIMEOUT);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      secure.destroy();
      raw.destroy();
      reject(error);
    };
    const closed = (): void => fail(new Error('closed inside the handshake'));
    secure.once('error', fail);
    secure.once('close', closed);
    secure.once('secure', () => {
      clearTimeout(timer);
      secure.off('error', fail);
      secure.off('close', closed);
      resolve(secure);
    });
  });
}
