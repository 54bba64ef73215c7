// Frames that pass to one side of a WebSocket enter, and whole messages of Leash's own; both leave, no message within another.
import { Buffer } from 'node:buffer';
import { closeFrame, frameOf, OPCODE, type Violation } from './frame.ts';

/** Where bytes of the other side end: within a frame, between two frames of a message, or between two messages. */
export type EndsIn = 'frame' | 'message' | 'nothing';

export interface FrameWriterOptions {
  readonly isToServer: boolean;
  /** @param isOwn nobody sent it */
  readonly send: (bytes: Buffer, isOwn: boolean) => void;
}

export class FrameWriter {
  readonly #options: FrameWriterOptions;
  /** Messages of Leash's own that wait for the end of one that is passing. */
  #waiting: Buffer[] = [];
  #endsIn: EndsIn = 'nothing';
  #isOver = false;

  constructor(options: FrameWriterOptions) {
    this.#options = options;
  }

  /** Whether something waits. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Frames of the other side, or parts of one. */
  pass(bytes: Buffer, endsIn: EndsIn): void {
    if (this.#isOver) return;
    this.#options.send(bytes, false);
    this.#endsIn = endsIn;
    this.#flush();
  }

  /** A whole control frame of the other side, which may stand between the frames of a message. */
  control(frame: Buffer): void {
    if (!this.#isOver) this.#options.send(frame, false);
  }

  say(content: string | Buffer, opcode: number = OPCODE.text): void {
    if (this.#isOver) return;
    this.#waiting.push(frameOf(opcode, Buffer.from(content as string), this.#options.isToServer));
    this.#flush();
  }

  /** The last that is said, if anything can be. */
  close(code: Violation['code']): void {
    if (!this.#isOver && this.#endsIn !== 'frame') this.#options.send(closeFrame(code, this.#options.isToServer), true);
    this.end();
  }

  /** Nothing more is passed or said: the other side has said its last. */
  end(): void {
    this.#isOver = true;
    this.#waiting = [];
  }

  #flush(): void {
    if (this.#endsIn !== 'nothing' || this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#options.send(Buffer.concat(waiting), true);
  }
}
