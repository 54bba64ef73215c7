// The recorded bodies of a session's requests, to and from files of their own beside its segments.
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { createPrivateFile } from './segment.ts';

const FOLDER = 'bodies';
const NAME = /^\d{1,12}-(?:request|response)$/;
/** Of one file; those that are written are shorter. */
const MAX_BYTES = 16 << 20;
/** Of all bodies of a session. */
const MAX_TOTAL = 1 << 30;

export type Direction = 'request' | 'response';

/** What an event says of a body. */
export interface WrittenBody {
  /** Name of the file: `17-request`. */
  readonly name: string;
  /** SHA-256 of its content, lower-case hexadecimal. */
  readonly sha256: string;
}

function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export class BodyFiles {
  readonly #dir: string;
  #left: number = MAX_TOTAL;
  #isMade = false;

  /** @param dir the session's own folder */
  constructor(dir: string) {
    this.#dir = path.join(dir, FOLDER);
  }

  /** @returns undefined when the session holds as much as it may. Throws the system's error (ENOSPC …). */
  write(exchange: number, direction: Direction, content: Buffer): WrittenBody | undefined {
    if (content.length > this.#left) return undefined;
    if (!this.#isMade) mkdirSync(this.#dir, { mode: 0o700 });
    this.#isMade = true;
    const name = `${exchange}-${direction}`;
    const descriptor = createPrivateFile(path.join(this.#dir, name));
    try {
      writeFileSync(descriptor, content);
    } finally {
      closeSync(descriptor);
    }
    this.#left -= content.length;
    return { name, sha256: sha256Of(content) };
  }
}

/** The content of a body as an event tells of it. Throws LEASH_JOURNAL_CORRUPT when it is not there, or not what was written. */
export function readBodyFile(dir: string, { name, sha256 }: WrittenBody): Buffer {
  if (!NAME.test(name)) throw new LeashError('LEASH_JOURNAL_CORRUPT', 'the event names no body of a session');
  const file = path.join(dir, FOLDER, name);
  let content: Buffer;
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile() || stat.size > MAX_BYTES) throw new TypeError('not a body of Leash');
      content = readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new LeashError('LEASH_JOURNAL_CORRUPT', `the body ${name} cannot be read from ${file}`, { cause });
  }
  if (sha256Of(content) !== sha256)
    throw new LeashError('LEASH_JOURNAL_CORRUPT', `the body ${name} is not what was recorded: its SHA-256 differs`);
  return content;
}
