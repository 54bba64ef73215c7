// Certificates in PEM, and the store that a Java runtime has already, in; a store in Sun's JKS format with all of them out.
import { createHash } from 'node:crypto';

/**
 * JKS holds certificates in the clear, so a runtime reads it without a password, which it cannot do with PKCS #12; runtimes whose default
 * type is PKCS #12 recognise JKS by its first bytes (`keystore.type.compat` in java.security). All integers are big-endian:
 *
 *     store   = magic:u32 version:u32 count:u32 entry… digest
 *     entry   = kind:u32 alias:text created:u64(ms) "X.509":text length:u32 certificate(DER)     kind 2: a trusted certificate
 *     text    = length:u16 bytes
 *     digest  = SHA-1 of password (UTF-16BE), "Mighty Aphrodite", and all bytes before; without a password it is not looked at
 *
 * Source: OpenJDK, sun/security/provider/JavaKeyStore.java.
 */
const MAGIC = 0xfeed_feed;
const VERSION = 2;
const HEADER = 12;
const DIGEST = 20;
const TRUSTED_CERTIFICATE = 2;
const WHITENER = 'Mighty Aphrodite';
/** What every runtime's own store has. */
export const PASSWORD = 'changeit';

const TYPE = 'X.509';
const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/** Base64 of each certificate in a PEM text, line ends included. */
function* bodies(pem: string): Generator<string> {
  for (let begin = pem.indexOf(BEGIN); begin !== -1; begin = pem.indexOf(BEGIN, begin)) {
    const from = begin + BEGIN.length;
    const to = pem.indexOf(END, from);
    if (to === -1) return;
    yield pem.slice(from, to);
    begin = to;
  }
}

/** Writes an entry; returns where the next one begins. */
function writeEntry(store: Buffer, offset: number, alias: string, base64: string): number {
  let at = store.writeUInt32BE(TRUSTED_CERTIFICATE, offset);
  at = store.writeUInt16BE(alias.length, at);
  at += store.write(alias, at, 'latin1');
  // Nobody asks when it was added; the same input gives the same store.
  at = store.writeBigUInt64BE(0n, at);
  at = store.writeUInt16BE(TYPE.length, at);
  at += store.write(TYPE, at, 'latin1');
  const length = store.write(base64, at + 4, 'base64');
  return store.writeUInt32BE(length, at) + length;
}

function digest(password: string, body: Buffer): Buffer {
  const utf16 = Buffer.from(password, 'utf16le').swap16();
  return createHash('sha1').update(utf16).update(WHITENER).update(body).digest();
}

/** Whether these are the bytes of a store in JKS. */
export function isJavaStore(bytes: Buffer): boolean {
  return bytes.length >= HEADER + DIGEST && bytes.readUInt32BE(0) === MAGIC && bytes.readUInt32BE(4) === VERSION;
}

/**
 * At each start of a session: all of the system's roots in a millisecond.
 * @param pem certificates that Java can read; what is between them is left out
 * @param base a JKS store whose entries are kept as they are
 * @param password what the digest is made with
 */
export function javaStore(pem: string, base?: Buffer, password: string = PASSWORD): Buffer {
  const kept = base !== undefined && isJavaStore(base) ? base.subarray(0, -DIGEST) : Buffer.alloc(HEADER);
  // What base64 and the lines around it take is more than an entry does.
  const store = Buffer.alloc(kept.length + pem.length + DIGEST);
  kept.copy(store);
  let [at, count] = [kept.length, 0];
  // An alias is unique in a store; the prefix is not one of a distribution's.
  for (const base64 of bodies(pem)) at = writeEntry(store, at, `leash-${count++}`, base64);
  store.writeUInt32BE(MAGIC, 0);
  store.writeUInt32BE(VERSION, 4);
  store.writeUInt32BE(kept.readUInt32BE(8) + count, 8);
  const body = store.subarray(0, at);
  return store.subarray(0, at + digest(password, body).copy(store, at));
}
