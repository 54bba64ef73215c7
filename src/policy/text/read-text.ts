// A regular file, or standard input, of bounded size in; its text out. Whatever cannot be a policy text is refused before it is read.
import { isUtf8 } from 'node:buffer';
import fs from 'node:fs';
import { LeashError } from '../../host/errors.ts';

function refusal(name: string, why: string, cause?: unknown): LeashError {
  return new LeashError('LEASH_POLICY_READ', `cannot read ${name}: ${why}`, cause === undefined ? {} : { cause });
}

function kindOf(stat: fs.Stats): string {
  if (stat.isDirectory()) return 'it is a directory';
  if (stat.isFIFO()) return 'it is a FIFO, not a regular file; use - for standard input';
  return 'it is a device or socket, not a regular file';
}

function tooLarge(name: string, limit: number): LeashError {
  return refusal(name, `it holds more than ${limit} bytes`);
}

const ERRNO_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symbolic links',
  ENXIO: 'it is a socket, not a regular file',
};

function readBytes(name: string, limit: number): Buffer {
  let descriptor: number;
  try {
    // O_NONBLOCK: open(2) of a FIFO would wait for a writer.
    descriptor = fs.openSync(name, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw refusal(name, ERRNO_WORDS[code] ?? code, cause);
  }
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) throw refusal(name, kindOf(stat));
    if (stat.size > limit) throw tooLarge(name, limit);
    // It may grow while it is read, and files of procfs have no size.
    const buffer = Buffer.alloc(limit + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= limit; length += read) {
      read = fs.readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    if (length > limit) throw tooLarge(name, limit);
    return buffer.subarray(0, length);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The first byte that differs from what decoding and encoding again gives back is the first that is not UTF-8. */
function firstInvalid(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  const again = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  const offset = again.findIndex((byte, index) => byte !== bytes[index]);
  const lines = again.subarray(0, offset).toString().split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

/** UTF-8 text of `bytes`, without a byte order mark. Throws LEASH_POLICY_READ with the place of the first byte that is not UTF-8. */
export function decodeText(name: string, bytes: Uint8Array): string {
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const { line, column } = firstInvalid(bytes);
  throw refusal(name, `it is not UTF-8 text (${name}:${line}:${column})`);
}

/** Text of a regular file of at most `limit` bytes. Throws LEASH_POLICY_READ: missing, no regular file, too large, not UTF-8. */
export function readText(name: string, limit: number): string {
  return decodeText(name, readBytes(name, limit));
}

/** Text that a stream gives up to its end, at most `limit` bytes. Throws LEASH_POLICY_READ. */
export async function readStream(name: string, stream: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > limit) throw tooLarge(name, limit);
    chunks.push(chunk);
  }
  return decodeText(name, Buffer.concat(chunks));
}
