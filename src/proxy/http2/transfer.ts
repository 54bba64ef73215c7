// One body between two streams: chunks of the sender enter, what a filter makes of them leaves, no faster than the receiver takes it.
import { Buffer } from 'node:buffer';
import type { Http2Stream } from 'node:http2';
import type { BodyFilter } from '../exchange/passage.ts';
import type { StreamBudget } from './limits.ts';

/** Bytes that wait for the receiver before the sender is held back; those of all its streams count as memory of a session. */
const MAX_QUEUED = 65_536;
const NOTHING: Buffer = Buffer.alloc(0);

export interface TransferEnd {
  /** The sender is done, and all was passed on; the receiver's side is for the owner to end. */
  done(): void;
  /** A filter failed, or the body was given up for others. */
  failed(error: unknown): void;
}

export class BodyTransfer {
  readonly #source: Http2Stream;
  readonly #sink: Http2Stream;
  readonly #filter: BodyFilter | undefined;
  readonly #budget: StreamBudget;
  readonly #end: TransferEnd;
  #isOver = false;
  #isHeld = false;
  #received = 0;
  #sent = 0;

  constructor(
    source: Http2Stream,
    sink: Http2Stream,
    filter: BodyFilter | undefined,
    budget: StreamBudget,
    end: TransferEnd,
  ) {
    this.#source = source;
    this.#sink = sink;
    this.#filter = filter;
    this.#budget = budget;
    this.#end = end;
  }

  /** Bytes of content, before and after the filter. */
  get received(): number {
    return this.#received;
  }

  get sent(): number {
    return this.#sent;
  }

  /** @param ahead what was read of the body before. @param isComplete there is no more. */
  start(ahead: readonly Buffer[] = [], isComplete: boolean = false): void {
    this.#sink.on('drain', () => this.#resume());
    this.#filter?.wakes?.(() => this.#take(NOTHING));
    for (const chunk of ahead) this.#take(chunk);
    // It may have ended between what was read ahead and now, when nobody listened.
    if (isComplete || this.#source.readableEnded) {
      this.#finish();
      return;
    }
    this.#source.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#source.on('end', () => this.#finish());
    if (!this.#isHeld) this.#source.resume();
  }

  /** Nothing is passed on any more. */
  stop(): void {
    this.#isOver = true;
    this.#budget.release(this);
  }

  #take(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#received += chunk.length;
    try {
      const passed = this.#filter?.push(chunk);
      this.#write(this.#filter?.changes === true && passed !== undefined ? passed : chunk);
    } catch (error) {
      this.#fail(error);
    }
  }

  #write(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#sent += chunk.length;
    if (this.#sink.write(chunk) || this.#isHeld || this.#sink.writableLength < MAX_QUEUED) return;
    this.#isHeld = true;
    this.#source.pause();
    this.#budget.hold(this, () => this.#fail(new Error('too many bodies wait for their receivers')));
  }

  #resume(): void {
    if (!this.#isHeld || this.#isOver) return;
    this.#isHeld = false;
    this.#budget.release(this);
    this.#source.resume();
  }

  #finish(): void {
    if (this.#isOver) return;
    try {
      const held = this.#filter?.end();
      if (held !== undefined && this.#filter?.changes === true) this.#write(held);
      this.stop();
      this.#end.done();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.stop();
    this.#end.failed(error);
  }
}
