// A running session's folder in; a connection by which one attaches to its agent or runs a command beside it, out.
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { ERRORS, type ErrorCode, LeashError } from '../host/errors.ts';
import type { Ending, Size } from '../schema/stage.ts';
import { type Asked, encode, FRAME, type Frame, Frames, type Ready, readEnding, readReady } from './gate-frames.ts';
import { openGateStream } from './manager/gate-stream.ts';
import { managerOf } from './manager/manager-of.ts';
import { socketPath } from './socket-path.ts';

export interface Heard {
  ready(ready: Ready): void;
  /** False: hold back, until `goOn`. */
  output(bytes: Uint8Array): boolean;
  errors(bytes: Uint8Array): boolean;
  /** More may be sent. */
  drained(): void;
}

export class Visit {
  readonly #socket: Duplex;
  readonly #heard: Heard;
  readonly #frames = new Frames();
  #ending: Ending | undefined;
  /** @throws {LeashError} what the session refused or failed with; LEASH_SESSION_OVER when it broke off */
  readonly ended: Promise<number>;

  constructor(socket: Duplex, asked: Asked, heard: Heard) {
    this.#socket = socket;
    this.#heard = heard;
    this.ended = new Promise((resolve, reject) => {
      socket.on('data', (chunk: Buffer) => {
        try {
          for (const frame of this.#frames.read(chunk)) this.#take(frame);
        } catch (error) {
          reject(error);
          socket.destroy();
        }
      });
      socket.on('error', () => undefined); // the end follows
      socket.on('drain', () => heard.drained());
      socket.on('close', () => {
        try {
          resolve(this.#outcome());
        } catch (error) {
          reject(error);
        }
      });
    });
    this.ended.catch(() => undefined);
    socket.write(encode(FRAME.hello, JSON.stringify(asked)));
  }

  #take({ type, payload }: Frame): void {
    const ready = type === FRAME.ready ? readReady(payload) : undefined;
    if (ready !== undefined) this.#heard.ready(ready);
    else if (type === FRAME.output || type === FRAME.errors) {
      const goesOn = type === FRAME.output ? this.#heard.output(payload) : this.#heard.errors(payload);
      if (!goesOn) this.#socket.pause();
    } else {
      this.#ending = type === FRAME.ended ? readEnding(payload) : undefined;
      if (this.#ending === undefined)
        throw new LeashError('LEASH_SESSION_UNREACHABLE', 'what the session said was not understood');
      this.#socket.end();
    }
  }

  #outcome(): number {
    if (this.#ending === undefined) throw new LeashError('LEASH_SESSION_OVER', 'the session broke off');
    const { status, failure } = this.#ending;
    if (failure === undefined) return status;
    const code = Object.hasOwn(ERRORS, failure.code) ? (failure.code as ErrorCode) : 'LEASH_SESSION_UNREACHABLE';
    throw new LeashError(code, failure.message);
  }

  /** False: wait for `Heard.drained`. */
  input(bytes: Uint8Array): boolean {
    return !this.#socket.writable || this.#socket.write(encode(FRAME.input, bytes));
  }

  endInput(): void {
    if (this.#socket.writable) this.#socket.write(encode(FRAME.endInput));
  }

  resize(size: Size): void {
    if (this.#socket.writable) this.#socket.write(encode(FRAME.resize, JSON.stringify(size)));
  }

  signal(number: number): void {
    if (this.#socket.writable) this.#socket.write(encode(FRAME.signal, JSON.stringify(number)));
  }

  goOn(): void {
    this.#socket.resume();
  }

  leave(): void {
    this.#socket.destroy();
  }
}

async function connectHere(dir: string): Promise<Duplex> {
  const place = socketPath(dir, 'gate.sock');
  try {
    const socket = net.connect(place.path);
    await once(socket, 'connect');
    return socket;
  } finally {
    place.close();
  }
}

/** @throws {LeashError} LEASH_SESSION_UNREACHABLE */
export async function visit(dir: string, asked: Asked, heard: Heard): Promise<Visit> {
  const manager = managerOf(dir);
  try {
    const socket = await (manager === undefined ? connectHere(dir) : openGateStream(manager));
    return new Visit(socket, asked, heard);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new LeashError('LEASH_SESSION_UNREACHABLE', `the session in ${dir} cannot be reached (${code ?? message})`, {
      cause,
    });
  }
}
