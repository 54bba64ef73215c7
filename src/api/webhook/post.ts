// A URL, headers and a text in; sent once, what came of it out. Of the answer only its status is looked at.
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';

/** Milliseconds for all of an attempt: name, connection, TLS and the answer's first line. */
const PATIENCE = 10_000;
const HEADERS_MAX = 16_384;

export type Post = (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<number | string>;

/**
 * What posts, and looks names up once at a time: each look-up that hangs holds a thread of the pool that the session's files need, too.
 */
export function poster(patience: number = PATIENCE): Post {
  let pending: ReturnType<typeof resolveAll> | undefined;
  const resolveAll = (name: string) => lookup(name, { all: true });
  const find: LookupFunction = (name, options, found) => {
    pending ??= resolveAll(name).finally(() => {
      pending = undefined;
    });
    pending.then(
      (all) => (options.all ? found(null, all) : found(null, all[0]?.address ?? '', all[0]?.family)),
      (error: NodeJS.ErrnoException) => found(error, ''),
    );
  };
  /** The status of the answer, or why there is none: a code, which holds nothing of the URL. */
  return (url, headers, body) =>
    new Promise((resolve) => {
      const { request } = url.startsWith('https:') ? https : http;
      const sent = request(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        agent: false,
        lookup: find,
        maxHeaderSize: HEADERS_MAX,
      });
      const end = (outcome: number | string): void => {
        clearTimeout(late);
        sent.destroy();
        resolve(outcome);
      };
      const late = setTimeout(() => end('ETIMEDOUT'), patience).unref();
      // The end of a session waits for no webhook.
      sent.once('socket', (socket) => socket.unref());
      sent.once('response', ({ statusCode = 0 }) => end(statusCode));
      sent.on('error', ({ code }: NodeJS.ErrnoException) => end(code ?? 'no answer'));
      sent.end(body);
    });
}
