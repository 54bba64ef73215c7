// The directory of a session in, its verified events out: those written so far, then, if wanted, those still to come.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import type { SessionInfo } from '../schema/event.ts';
import { DirectoryChanges } from './changes.ts';
import { JournalDecoder, type JournalEntry } from './decoder.ts';
import type { JournalPlace } from './place.ts';
import { lastSegment, segmentName } from './segment.ts';
import { readSessionInfo } from './session-file.ts';
import { type SessionState, sessionState } from './session-list.ts';

const CHUNK_BYTES = 256 * 1024;

/** A position in one session's journal. It can only read: it holds no descriptor open for writing. */
export interface JournalReader {
  /** Events written and not yet read. Throws LEASH_JOURNAL_CORRUPT at the first place that cannot be trusted. */
  available(): AsyncGenerator<JournalEntry, void, undefined>;
  /** The same, those of one read together: for who goes through long journals. Each is to be gone through, whole, before the next. */
  batches(): AsyncGenerator<Iterable<JournalEntry>, void, undefined>;
  /** Like `available`, then waits for more, until the session is over or `signal` aborts. */
  follow(signal: AbortSignal): AsyncGenerator<JournalEntry, void, undefined>;
  /** State of the session when it was last looked at. */
  readonly state: SessionState;
  /** Bytes of a last line that has no end: a line being written, or what a crash left. Not an event. */
  readonly unfinished: number;
  close(): Promise<void>;
}

class SegmentsReader implements JournalReader {
  readonly #dir: string;
  readonly #decoder: JournalDecoder;
  readonly #chunk: Buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #info: SessionInfo;
  #state: SessionState;
  #number: number;
  /** Where in the next segment reading begins. */
  #offset: number;
  /** Of the next read. */
  #position = 0;
  #file: FileHandle | undefined;

  constructor(dir: string, from: JournalPlace | undefined) {
    this.#dir = dir;
    this.#info = readSessionInfo(dir);
    this.#state = sessionState(this.#info);
    this.#decoder = new JournalDecoder(this.#info.id, from?.head);
    this.#number = (from?.segment ?? 1) - 1;
    this.#offset = from?.offset ?? 0;
  }

  get state(): SessionState {
    return this.#state;
  }

  get unfinished(): number {
    return this.#decoder.unfinished;
  }

  async *available(): AsyncGenerator<JournalEntry, void, undefined> {
    for await (const batch of this.batches()) yield* batch;
  }

  async *batches(): AsyncGenerator<Iterable<JournalEntry>, void, undefined> {
    // The record is looked at before the segments: what an ended session wrote is then all there.
    this.#info = readSessionInfo(this.#dir);
    this.#state = sessionState(this.#info);
    let last = lastSegment(this.#dir);
    for (let known = -1; known !== last; ) {
      const { bytesRead } = (await this.#file?.read(this.#chunk, 0, CHUNK_BYTES, this.#position)) ?? { bytesRead: 0 };
      this.#position += bytesRead;
      if (bytesRead > 0) yield this.#decoder.push(this.#chunk.subarray(0, bytesRead));
      // Likewise: a segment is complete when a later one existed before its end was read.
      else if (last > this.#number) await this.#nextSegment();
      else [known, last] = [last, lastSegment(this.#dir)];
    }
    if (this.#state === 'ended') this.#decoder.finish(this.#info);
  }

  async *follow(signal: AbortSignal): AsyncGenerator<JournalEntry, void, undefined> {
    const changes = new DirectoryChanges(this.#dir);
    try {
      while (!signal.aborted) {
        const changed = changes.next(signal);
        yield* this.available();
        if (this.#state !== 'running') return;
        await changed;
      }
    } finally {
      changes.close();
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #nextSegment(): Promise<void> {
    const name = segmentName(this.#number + 1);
    this.#decoder.startSegment(name, this.#offset === 0);
    await this.close();
    try {
      this.#file = await open(path.join(this.#dir, name), constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (cause) {
      throw new LeashError(
        'LEASH_JOURNAL_CORRUPT',
        `${name} is missing or cannot be read, but a later segment exists`,
        { cause },
      );
    }
    this.#number += 1;
    this.#position = this.#offset;
    this.#offset = 0;
  }
}

/**
 * Opens the journal of the session in `dir`. The caller closes the reader.
 * @param from where to begin: what is before is neither read nor verified
 * Throws LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT.
 */
export function openReader(dir: string, from?: JournalPlace): JournalReader {
  return new SegmentsReader(dir, from);
}
