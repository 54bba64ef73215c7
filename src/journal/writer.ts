// Events of a running session in, its chained segments and record on disk out.
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { makeFolder } from '../host/make-folder.ts';
import type { Event, SessionInfo } from '../schema/event.ts';
import { type ChainHead, encodeLine, genesis } from './chain.ts';
import { eventJson } from './cut.ts';
import { processIdentity } from './owner.ts';
import { SegmentWriter } from './segment-writer.ts';
import { writeSessionInfo } from './session-file.ts';

/** An event reaches the file at most this many milliseconds after `append`. */
const COMMIT_INTERVAL = 20;

/** A batch is written as soon as it has this many UTF-16 code units. */
const COMMIT_UNITS = 64 * 1024;

/** Events that tell of the session itself, or of others than the agent, and are in no count of what it did. */
const LIFE_CYCLE: ReadonlySet<string> = new Set([
  'SessionStart',
  'SessionExec',
  'SessionEnd',
  'PolicyLoad',
  'ResourceLimit',
  'PortPublish',
  'PortConnect',
  'McpToolNotice',
]);

/** How a session ended. Counts are the writer's own unless given. */
export interface SessionFinal {
  /** Milliseconds since the Unix epoch. */
  readonly ended: number;
  readonly exitCode: number;
  readonly allowed?: number;
  readonly denied?: number;
}

export interface JournalOptions {
  /**
   * Called once, with LEASH_JOURNAL_WRITE, when an event cannot be written. The session must stop the agent: from then on
   * `append` keeps nothing.
   */
  readonly onError: (error: LeashError) => void;
  /** Bytes after which a segment is closed; 64 MiB unless given. */
  readonly segmentBytes?: number;
}

export interface JournalWriter {
  /** Takes one event. Denials are in the file when it returns, others at most 20 ms later. */
  append(event: Event): void;
  /** Writes what is buffered and waits until the disk has it. Rejects with LEASH_JOURNAL_WRITE. */
  flush(): Promise<void>;
  /** Writes what is buffered, then the session's final record; afterwards the writer is spent. Rejects with LEASH_JOURNAL_WRITE. */
  close(final: SessionFinal): Promise<void>;
}

function writeError(dir: string, cause: unknown): LeashError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new LeashError('LEASH_JOURNAL_WRITE', `cannot write the journal in ${dir} (${code})`, { cause });
}

class ChainedJournal implements JournalWriter {
  readonly #dir: string;
  readonly #info: SessionInfo;
  readonly #onError: (error: LeashError) => void;
  readonly #segments: SegmentWriter;
  #head: ChainHead | undefined;
  #pending: string[] = [];
  #pendingUnits = 0;
  #timer: NodeJS.Timeout | undefined;
  #allowed = 0;
  #denied = 0;
  #failure: LeashError | undefined;
  #closed = false;

  constructor(dir: string, info: SessionInfo, options: JournalOptions) {
    this.#dir = dir;
    this.#info = info;
    this.#onError = options.onError;
    this.#segments = new SegmentWriter(dir, options.segmentBytes);
  }

  append(event: Event): void {
    if (this.#closed) throw new Error('append to a closed journal');
    if (this.#failure !== undefined) return;
    const json = eventJson(event);
    this.#pending.push(json);
    this.#pendingUnits += json.length;
    this.#count(event);
    if (event.effect === 'deny' || this.#pendingUnits >= COMMIT_UNITS) this.#commit();
    else this.#timer ??= setTimeout(() => this.#commit(), COMMIT_INTERVAL);
  }

  async flush(): Promise<void> {
    this.#commit();
    if (this.#failure !== undefined) throw this.#failure;
    try {
      await this.#segments.sync();
    } catch (cause) {
      throw this.#fail(cause);
    }
  }

  async close(final: SessionFinal): Promise<void> {
    if (this.#closed) throw new Error('journal closed twice');
    try {
      await this.flush();
      const counts = { allowed: this.#allowed, denied: this.#denied };
      const chain = this.#head === undefined ? { events: 0 } : { events: this.#head.seq, head: this.#head.prev };
      this.#record({ ...this.#info, ...counts, ...final, ...chain });
    } finally {
      this.#closed = true;
      this.#segments.close();
    }
  }

  #count(event: Event): void {
    if (LIFE_CYCLE.has(event.action)) return;
    if (event.effect === 'deny') this.#denied += 1;
    else this.#allowed += 1;
  }

  #record(info: SessionInfo): void {
    try {
      writeSessionInfo(this.#dir, info, true);
    } catch (cause) {
      throw this.#fail(cause);
    }
  }

  /** Writes the batch. The chain is computed here and not in `append`, which the agent waits for. */
  #commit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0 || this.#failure !== undefined) return;
    let head = this.#head ?? genesis(this.#info.id);
    let text = '';
    for (const json of this.#pending) {
      const encoded = encodeLine(head, json);
      text += `${encoded.line}\n`;
      head = encoded.next;
    }
    this.#pending = [];
    this.#pendingUnits = 0;
    try {
      this.#segments.write(Buffer.from(text));
      this.#head = head;
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #fail(cause: unknown): LeashError {
    if (this.#failure === undefined) {
      this.#failure = writeError(this.#dir, cause);
      this.#onError(this.#failure);
    }
    return this.#failure;
  }
}

/**
 * Creates the journal of a new session in `dir` (`sessionsDir()/<id>`, which must not exist; parents are made), directory mode
 * 0700, files 0600.
 * @param info the session's record; its owner is filled in from `info.pid` where it has none.
 * Throws LEASH_JOURNAL_WRITE.
 */
export function openJournal(dir: string, info: SessionInfo, options: JournalOptions): JournalWriter {
  try {
    makeFolder(path.dirname(dir));
    // An existing directory, or a link planted in its place, is refused.
    mkdirSync(dir, { mode: 0o700 });
  } catch (cause) {
    throw writeError(dir, cause);
  }
  try {
    chmodSync(dir, 0o700);
    const owner = info.owner ?? processIdentity(info.pid);
    const owned = owner === undefined ? info : { ...info, owner };
    writeSessionInfo(dir, owned, false);
    return new ChainedJournal(dir, owned, options);
  } catch (cause) {
    // No command would find a session without a record.
    rmSync(dir, { recursive: true, force: true });
    throw writeError(dir, cause);
  }
}
