// A session's folder and its programs in; a socket there that only the session's user can reach, to attach and to run commands by, out.
import fs from 'node:fs';
import net from 'node:net';
import { LeashError } from '../host/errors.ts';
import type { Audience, Ending, Program, Stage } from '../schema/stage.ts';
import { encode, FRAME, type Frame, Frames, readAsked, readSignal, readSize } from './gate-frames.ts';
import { socketPath } from './socket-path.ts';

const CONNECTIONS_MAX = 32;
/** Milliseconds until it must be said what is wanted. */
const PATIENCE = 5_000;
/** Bytes on their way to one who attached above which a command is held back. */
const AHEAD = 256 << 10;
/** And above which who watches the agent, and does not read, is turned out. */
const AHEAD_MAX = 2 << 20;

class Visitor implements Audience {
  readonly #socket: net.Socket;
  readonly #stage: Stage;
  readonly #frames = new Frames();
  #program: Program | undefined;

  constructor(socket: net.Socket, stage: Stage) {
    this.#socket = socket;
    this.#stage = stage;
    const patience = setTimeout(() => socket.destroy(), PATIENCE);
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of this.#frames.read(chunk)) this.#take(frame, patience);
      } catch (error) {
        this.#refuse(error);
      }
    });
    socket.on('drain', () => this.#program?.goOn());
    socket.on('error', () => undefined); // the end follows
    socket.on('close', () => {
      clearTimeout(patience);
      this.#program?.leave();
    });
  }

  #take({ type, payload }: Frame, patience: NodeJS.Timeout): void {
    if (this.#program === undefined) {
      clearTimeout(patience);
      const asked = type === FRAME.hello ? readAsked(payload) : undefined;
      if (asked === undefined) throw new LeashError('LEASH_SESSION_UNREACHABLE', 'what is wanted was not understood');
      this.#program = asked.act === 'attach' ? this.#stage.attach(this, asked.size) : this.#stage.run(asked, this);
      return;
    }
    this.#pass(this.#program, type, payload);
  }

  #pass(program: Program, type: number, payload: Buffer): void {
    const size = type === FRAME.resize ? readSize(payload) : undefined;
    const signal = type === FRAME.signal ? readSignal(payload) : undefined;
    if (size !== undefined) program.resize(size);
    else if (signal !== undefined) program.signal(signal);
    else if (type === FRAME.endInput) program.endInput();
    else if (type !== FRAME.input)
      throw new LeashError('LEASH_SESSION_UNREACHABLE', 'what is wanted was not understood');
    else if (!program.input(Buffer.from(payload))) this.#socket.pause();
  }

  #refuse(error: unknown): void {
    const known = error instanceof LeashError ? error : new LeashError('LEASH_SESSION_UNREACHABLE', String(error));
    this.ended({ status: known.exit, failure: { code: known.code, message: known.message } });
  }

  #write(type: number, bytes: Uint8Array): boolean {
    if (!this.#socket.writable) return true;
    this.#socket.write(encode(type, bytes));
    if (this.#socket.writableLength > AHEAD_MAX) this.#socket.destroy();
    return this.#socket.writableLength < AHEAD;
  }

  begun(isTerminal: boolean): void {
    this.#socket.write(encode(FRAME.ready, JSON.stringify({ isTerminal })));
  }

  output(bytes: Uint8Array): boolean {
    return this.#write(FRAME.output, bytes);
  }

  errors(bytes: Uint8Array): boolean {
    return this.#write(FRAME.errors, bytes);
  }

  drained(): void {
    this.#socket.resume();
  }

  ended({ status, failure }: Ending): void {
    const said = failure && { code: failure.code, message: failure.message };
    this.#socket.end(encode(FRAME.ended, JSON.stringify({ status, ...(said && { failure: said }) })));
    // Who does not read to the end is not waited for.
    this.#socket.setTimeout(PATIENCE, () => this.#socket.destroy());
  }
}

/** Serves until closed. `dir` belongs to the user and is open to nobody else. */
export async function openGate(dir: string, stage: Stage): Promise<{ close(): Promise<void> }> {
  const place = socketPath(dir, 'gate.sock');
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Visitor(socket, stage);
  });
  server.maxConnections = CONNECTIONS_MAX;
  try {
    if ((fs.statSync(dir).mode & 0o077) !== 0) throw new Error(`${dir} is open to others`);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(place.path, resolve);
    });
    fs.chmodSync(place.path, 0o600);
  } catch (error) {
    server.close();
    place.close();
    throw error;
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          place.close();
          resolve();
        });
        // Those who were told that it is over go by themselves; nobody else has anything to wait for.
        for (const socket of sockets) if (socket.writable) socket.destroy();
      }),
  };
}
