// A request of Leash's own enters; it takes the way of a request of the agent's, with all that judges, changes and records it, and its answer is dropped.
import { Buffer } from 'node:buffer';
import { type Duplex, duplexPair } from 'node:stream';
import type { OwnRequest, RequestMessage, SendOwn } from '../exchange/passage.ts';
import { isRefusal, type Peer } from '../options.ts';
import { type HttpWay, httpRelay } from './route.ts';

/** Servers cause them: with more at a time they are not sent. */
const MAX_AT_A_TIME = 32;
/** Milliseconds from its first byte to the end of its answer. */
const PATIENCE = 10_000;
/** Of an answer; whoever says more to what asks for nothing is not heard to the end. */
const MAX_ANSWER = 65_536;

/** As clients write it: the port that the scheme has anyway is not said. */
function hostOf({ name, port }: Peer, scheme: 'http' | 'https'): string {
  const host = name.includes(':') ? `[${name}]` : name;
  return port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`;
}

/** In HTTP/1.1, whatever the program speaks with the server. */
function rendered({ method, path, fields }: RequestMessage, host: string, body: Buffer): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    ...fields.map(({ name, value }) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/** Owns the connections inside this process on which such requests are made. */
export class OwnRequests {
  readonly #way: HttpWay;
  readonly #open: Set<Duplex> = new Set();
  #isClosed = false;

  constructor(way: HttpWay) {
    const { decide, pool, epoch, timeouts, brokers, reads } = way;
    this.#way = {
      ...{ decide, pool, epoch, timeouts, brokers, reads },
      // A person is asked about what the agent does.
      ask: undefined,
      emit: (event) => way.emit({ ...event, detail: { ...event.detail, sent_by: 'leash' } }),
    };
  }

  readonly send: SendOwn = ({ peer, scheme, message, body }: OwnRequest): void => {
    if (this.#isClosed || this.#open.size >= MAX_AT_A_TIME) return;
    // The connection that the peer is known from may be gone, and the policy another one.
    if (isRefusal(this.#way.decide(peer.request, peer.attribution.program))) return;
    const [served, client] = duplexPair();
    const timer = setTimeout(() => served.destroy(), PATIENCE).unref();
    this.#open.add(served);
    served.once('close', () => {
      clearTimeout(timer);
      this.#open.delete(served);
      client.destroy();
    });
    client.on('error', () => {});
    let heard = 0;
    client.on('data', (bytes: Buffer) => {
      heard += bytes.length;
      if (heard > MAX_ANSWER) served.destroy();
    });
    client.once('end', () => served.destroy());
    httpRelay(served, peer, scheme, this.#way);
    client.write(rendered(message, hostOf(peer, scheme), body));
  };

  /** Ends those that are on their way. */
  close(): void {
    this.#isClosed = true;
    for (const served of this.#open) served.destroy();
  }
}
