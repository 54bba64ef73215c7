// Denied events in, a file that the agent reads at $LEASH_DENIALS out: bounded, newest last, repeats counted instead of repeated.

import { closeSync, copyFileSync, ftruncateSync, linkSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { isRunning } from '../host/is-running.ts';
import { makeFolder } from '../host/make-folder.ts';
import type { Event } from '../schema/event.ts';
import { denialLine, denialText } from './denial-line.ts';

/** Bytes; then the older half is dropped. */
const MOST = 256 * 1024;
/** Milliseconds in which the same denial is written once, and at most so many lines. */
const INTERVAL = 1_000;
const LINES_PER_INTERVAL = 200;
/** Different denials whose repeats are counted. */
const COUNTED = 1_000;
const STARTING = /^denials-(\d+)-\d+$/;

const HEADER =
  '# What Leash denied, newest last. The user can change the policy, you cannot; a denial is no reason to look for a way around it.\n';

function clock(time: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** Removes what a `leash` left that was killed. Returns the paths. */
export function sweepDenials(folder: string): readonly string[] {
  const left = readdirSync(folder).filter((name) => {
    const pid = STARTING.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  for (const name of left) rmSync(path.join(folder, name), { force: true });
  return left.map((name) => path.join(folder, name));
}

let opened = 0;

export class Denials {
  /** Where the file is on the host, until the session ends: bubblewrap may look for it there at any moment. */
  readonly #file: string;
  #isKept = false;
  #copy: string | undefined;
  readonly #fd: number;
  #size = 0;
  /** The newest lines, at most half of what the file may hold. */
  #tail: string[] = [];
  #tailBytes = 0;
  /** How often each was repeated since it was written. */
  readonly #repeats = new Map<string, number>();
  #written = 0;
  #unwritten = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Makes the file in `folder`, which may be absent; it has to have its place before there is a session to keep it with. */
  constructor(folder: string) {
    this.#file = path.join(folder, `denials-${process.pid}-${++opened}`);
    try {
      makeFolder(folder);
      sweepDenials(folder);
      this.#fd = openSync(this.#file, 'wx', 0o600);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new LeashError('LEASH_JOURNAL_WRITE', `cannot write to ${folder} (${code})`, { cause });
    }
    this.#put(HEADER);
  }

  get file(): string {
    return this.#file;
  }

  /** Keeps the file with its session, under a second name: the sandbox is built at the same time, from the first. */
  keepAs(file: string): void {
    try {
      linkSync(this.#file, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      this.#copy = file; // on another file system: when the session has ended
    }
    this.#isKept = true;
  }

  add(event: Event): void {
    const text = denialText(event);
    const repeats = this.#repeats.get(text);
    if (repeats !== undefined) {
      this.#repeats.set(text, repeats + 1);
    } else if (this.#written < LINES_PER_INTERVAL && this.#repeats.size < COUNTED) {
      this.#repeats.set(text, 0);
      this.#written++;
      this.#put(`${clock(event.time)} ${denialLine(event)}\n`);
    } else {
      this.#unwritten++;
    }
    this.#timer ??= setTimeout(() => this.#sumUp(), INTERVAL).unref();
  }

  /** What the agent should know besides: one line, said once by whoever calls. */
  tell(text: string): void {
    this.#put(`${clock(Date.now())} ${text}\n`);
  }

  /** Says what was only counted. What did not come again is written in full when it does. */
  #sumUp(): void {
    this.#timer = undefined;
    const now = clock(Date.now());
    for (const [text, repeats] of [...this.#repeats]) {
      if (repeats === 0) {
        this.#repeats.delete(text);
      } else {
        this.#repeats.set(text, 0);
        this.#put(`${now} ×${repeats} more: ${text}\n`);
      }
    }
    if (this.#unwritten > 0) this.#put(`${now} ×${this.#unwritten} more of other kinds, too many to list\n`);
    this.#written = 0;
    this.#unwritten = 0;
    if (this.#repeats.size > 0) this.#timer = setTimeout(() => this.#sumUp(), INTERVAL).unref();
  }

  #put(line: string): void {
    const bytes = Buffer.byteLength(line);
    this.#tail.push(line);
    this.#tailBytes += bytes;
    while (this.#tailBytes > MOST / 2) this.#tailBytes -= Buffer.byteLength(this.#tail.shift() ?? '');
    try {
      if (this.#size + bytes > MOST) this.#startOver();
      else this.#size += writeSync(this.#fd, line, this.#size);
    } catch {
      // A full disk: the journal, on the same disk, ends the session.
    }
  }

  /** In place: the sandbox holds this very file. */
  #startOver(): void {
    const text = this.#tail.join('');
    ftruncateSync(this.#fd);
    this.#size = writeSync(this.#fd, text, 0);
  }

  /** Writes what was only counted. */
  close(): void {
    clearTimeout(this.#timer);
    this.#sumUp();
    clearTimeout(this.#timer);
    closeSync(this.#fd);
    if (this.#copy !== undefined) copyFileSync(this.#file, this.#copy);
    if (this.#isKept) rmSync(this.#file, { force: true });
  }

  /** There was no session. */
  discard(): void {
    clearTimeout(this.#timer);
    closeSync(this.#fd);
    rmSync(this.#file, { force: true });
  }
}
