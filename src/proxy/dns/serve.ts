// DNS over UDP and TCP: queries leave the sockets for `answer`, replies go back (RFC 1035, section 4.2).
import { Buffer } from 'node:buffer';
import type dgram from 'node:dgram';
import type net from 'node:net';
import type { Who } from '../../schema/event.ts';
import { answerQuery, type NameService } from './answer.ts';

/** No question with one name is longer; the length field itself would permit 64 KiB. */
const MAX_QUERY = 4096;
const TCP_IDLE = 30_000;

/** Answers one datagram. A reply that cannot be sent (the asker is gone) is dropped, as UDP does. */
export function answerDatagram(
  socket: dgram.Socket,
  query: Buffer,
  from: dgram.RemoteInfo,
  service: NameService,
  asker: Who | undefined,
): void {
  const send = (reply: Buffer | undefined): void => {
    if (reply !== undefined) socket.send(reply, from.port, from.address, () => {});
  };
  if (query.length > MAX_QUERY) return;
  const reply = answerQuery(query, service, asker);
  // When the session has ended meanwhile, the socket is closed.
  if (reply instanceof Promise) reply.then(send).catch(() => {});
  else send(reply);
}

/**
 * Serves one TCP connection to port 53: queries with a two-byte length before each, until the client ends or misuses it.
 * @param asker who opened it, for the record.
 */
export function serveDnsStream(socket: net.Socket, service: NameService, asker: Who | undefined): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.setTimeout(TCP_IDLE, () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    try {
      pending = answerAll(socket, pending, service, asker);
    } catch {
      socket.destroy();
    }
  });
  socket.on('drain', () => socket.resume());
}

/** @returns the bytes of the last, incomplete query. */
function answerAll(socket: net.Socket, bytes: Buffer, service: NameService, asker: Who | undefined): Buffer {
  let rest = bytes;
  while (rest.length >= 2) {
    const size = rest.readUInt16BE(0);
    if (size > MAX_QUERY) throw new RangeError('query too long');
    if (rest.length < 2 + size) break;
    const reply = answerQuery(rest.subarray(2, 2 + size), service, asker, 'tcp');
    rest = rest.subarray(2 + size);
    // Answers may come in another order than questions: RFC 7766, section 6.2.1.1.
    if (reply instanceof Promise) reply.then((late) => send(socket, late)).catch(() => socket.destroy());
    else if (reply !== undefined) send(socket, reply);
  }
  return rest;
}

function send(socket: net.Socket, reply: Buffer): void {
  const prefix = Buffer.alloc(2);
  prefix.writeUInt16BE(reply.length);
  if (!socket.destroyed && !socket.write(Buffer.concat([prefix, reply]))) socket.pause();
}
