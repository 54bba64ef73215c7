// The first bytes of a TLS connection enter, what the client asked for leaves (RFC 8446, section 4.1.2; RFC 6066, section 3).
import { Buffer } from 'node:buffer';

const HANDSHAKE_RECORD = 0x16;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const ALPN = 16;
/** 2^14 plus the expansion RFC 5246 allows. */
const MAX_RECORD = 2 ** 14 + 256;
const MAX_HELLO = 2 ** 16;
const MAX_BUFFERED = MAX_HELLO + 8192;
/** Clients split a hello into a few records; thousands of one-byte records only cost us time. */
const MAX_RECORDS = 64;

export interface ClientHello {
  /** As sent, not canonical; undefined when the extension is absent. */
  readonly serverName: string | undefined;
  readonly alpn: readonly string[];
}

export type ClientHelloResult = ClientHello | 'incomplete' | 'malformed';

class Malformed extends Error {}

/** Reads fields one after another and never past its end. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get empty(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(size: number): Buffer {
    if (this.#at + size > this.#bytes.length) throw new Malformed();
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  uint(size: number): number {
    return this.take(size).readUIntBE(0, size);
  }

  /** A vector whose length stands before it in `size` bytes. */
  vector(size: number): Cursor {
    return new Cursor(this.take(this.uint(size)));
  }

  rest(): Buffer {
    return this.take(this.#bytes.length - this.#at);
  }
}

function readServerName(extension: Cursor): string {
  const list = extension.vector(2);
  const type = list.uint(1);
  const name = list.vector(2).rest();
  // One name of type host_name; RFC 6066 permits a list, no client sends one, and a second name would be a second opinion.
  if (type !== 0 || !list.empty || name.length === 0 || name.includes(0)) throw new Malformed();
  return name.toString('latin1');
}

function readAlpn(extension: Cursor): string[] {
  const list = extension.vector(2);
  const protocols: string[] = [];
  while (!list.empty) protocols.push(list.vector(1).rest().toString('latin1'));
  return protocols;
}

function readHello(message: Buffer): ClientHello {
  const hello = new Cursor(message);
  hello.take(2 + 32); // legacy_version, random
  hello.vector(1); // legacy_session_id
  hello.vector(2); // cipher_suites
  hello.vector(1); // legacy_compression_methods
  let serverName: string | undefined;
  let alpn: readonly string[] = [];
  if (hello.empty) return { serverName, alpn };
  const extensions = hello.vector(2);
  if (!hello.empty) throw new Malformed();
  const seen = new Set<number>();
  while (!extensions.empty) {
    const type = extensions.uint(2);
    const body = extensions.vector(2);
    if (seen.has(type)) throw new Malformed();
    seen.add(type);
    if (type === SERVER_NAME) serverName = readServerName(body);
    else if (type === ALPN) alpn = readAlpn(body);
    else body.rest();
    if (!body.empty) throw new Malformed();
  }
  return { serverName, alpn };
}

/** Handshake bytes out of complete and partial records; `malformed` when a record is not a handshake record. */
function handshakeBytes(bytes: Buffer): Buffer | 'malformed' {
  const fragments: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = bytes.subarray(at, at + 5);
    if (header[0] !== HANDSHAKE_RECORD || (header.length > 1 && header[1] !== 3)) return 'malformed';
    if (header.length < 5) break;
    const size = header.readUInt16BE(3);
    if (size === 0 || size > MAX_RECORD || fragments.length === MAX_RECORDS) return 'malformed';
    fragments.push(bytes.subarray(at + 5, at + 5 + size));
    at += 5 + size;
    const have = Buffer.concat(fragments);
    // What follows the complete message is not ours to judge.
    if (have.length >= 4 && have.length >= 4 + have.readUIntBE(1, 3)) return have;
  }
  return Buffer.concat(fragments);
}

/** Reads the ClientHello at the start of `bytes`, over as many records as it spans. Duplicate extensions are malformed. */
export function readClientHello(bytes: Buffer): ClientHelloResult {
  const handshake = handshakeBytes(bytes);
  if (handshake === 'malformed') return 'malformed';
  if (handshake.length > 0 && handshake[0] !== CLIENT_HELLO) return 'malformed';
  if (handshake.length < 4) return bytes.length > MAX_BUFFERED ? 'malformed' : 'incomplete';
  const size = handshake.readUIntBE(1, 3);
  if (size > MAX_HELLO) return 'malformed';
  if (handshake.length < 4 + size) return bytes.length > MAX_BUFFERED ? 'malformed' : 'incomplete';
  try {
    return readHello(handshake.subarray(4, 4 + size));
  } catch (error) {
    if (error instanceof Malformed) return 'malformed';
    throw error;
  }
}
