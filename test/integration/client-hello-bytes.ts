// What a ClientHello should say enters, its bytes leave: as records of any size, with extensions that no library here sends.
import { randomBytes } from 'node:crypto';

export interface HelloOptions {
  readonly serverName?: string;
  readonly alpn?: readonly string[];
  /** Type and body. */
  readonly extensions?: readonly (readonly [number, Buffer])[];
  /** Bytes of the handshake message in each record; default: all in one. */
  readonly fragment?: number;
}

function uint(value: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

function vector(size: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint(body.length, size), body]);
}

function extension(type: number, body: Buffer): Buffer {
  return Buffer.concat([uint(type, 2), vector(2, body)]);
}

/** RFC 8446, section 4.1.2. It offers TLS 1.2 only, and no server completes it: there is no key behind it. */
export function clientHello(options: HelloOptions): Buffer {
  const { serverName, alpn, extensions = [], fragment } = options;
  const list: Buffer[] = extensions.map(([type, body]) => extension(type, body));
  if (serverName !== undefined)
    list.push(extension(0, vector(2, Buffer.of(0), vector(2, Buffer.from(serverName, 'latin1')))));
  if (alpn !== undefined)
    list.push(extension(16, vector(2, ...alpn.map((protocol) => vector(1, Buffer.from(protocol, 'latin1'))))));
  const body = [
    Buffer.of(3, 3),
    randomBytes(32),
    vector(1),
    vector(2, Buffer.of(0xc0, 0x2b, 0xc0, 0x2f)),
    vector(1, Buffer.of(0)),
    vector(2, ...list),
  ];
  const message = Buffer.concat([Buffer.of(1), vector(3, ...body)]);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += fragment ?? message.length)
    records.push(Buffer.of(22, 3, 1), vector(2, message.subarray(at, at + (fragment ?? message.length))));
  return Buffer.concat(records);
}
