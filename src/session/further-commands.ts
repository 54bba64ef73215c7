// Commands that a person outside starts beside the agent in; orders for the warden, and what the commands write, out.

import type { Socket } from 'node:net';
import { encodeCommandSignal, encodeResize, encodeRun } from '../engine/commands.ts';
import type { WireCommandEnded } from '../engine/wire-record.ts';
import { errorName } from '../host/error-name.ts';
import { LeashError } from '../host/errors.ts';
import type { Audience, Command, Ending, Program } from '../schema/stage.ts';

/** As the warden; the starter has no room for more. */
const COMMANDS_MAX = 16;
const SIGHUP = 1;
const SIGKILL = 9;
/** Milliseconds that a command has to end when nobody sees it any more. */
const GRACE = 5_000;
const ENOENT = 2;
const ESRCH = 3;

interface Running {
  readonly word: string;
  audience: Audience | undefined;
  /** Both directions; undefined until the warden has handed it over. */
  out?: Socket;
  readonly before: Uint8Array[];
  isInputOver: boolean;
  open: number;
  readonly sockets: Socket[];
  ended?: WireCommandEnded;
  killer?: NodeJS.Timeout;
}

export interface Orders {
  order(frame: Buffer): void;
}

function failureOf(word: string, error: number): LeashError {
  if (error === ENOENT) return new LeashError('LEASH_COMMAND_NOT_FOUND', `there is no command ${word}`);
  if (error === ESRCH) {
    return new LeashError(
      'LEASH_EXEC',
      `${word} cannot be run: what starts commands in this session was ended inside it`,
    );
  }
  const why = errorName(error);
  return new LeashError('LEASH_COMMAND_NOT_EXECUTABLE', `${word} cannot be executed (${why})`);
}

export class FurtherCommands {
  readonly #orders: Orders;
  readonly #permit: (command: readonly string[]) => void;
  readonly #running = new Map<number, Running>();
  #last = 0;
  #isOver = false;

  /** @param permit records the command, or throws LEASH_COMMAND_DENIED */
  constructor(orders: Orders, permit: (command: readonly string[]) => void) {
    this.#orders = orders;
    this.#permit = permit;
  }

  /** @throws {LeashError} LEASH_COMMAND_DENIED, LEASH_EXEC, LEASH_SESSION_OVER, LEASH_USAGE */
  run(command: Command, audience: Audience): Program {
    if (this.#isOver) throw new LeashError('LEASH_SESSION_OVER', 'the session is over');
    if (this.#running.size >= COMMANDS_MAX)
      throw new LeashError('LEASH_EXEC', `${COMMANDS_MAX} further commands run already`);
    const id = this.#last + 1;
    const frame = encodeRun({ ...command, command: command.words, id });
    this.#permit(command.words);
    this.#last = id;
    const word = command.words[0] ?? '';
    const running: Running = { word, audience, before: [], isInputOver: false, open: 0, sockets: [] };
    this.#running.set(id, running);
    this.#orders.order(frame);
    audience.begun(command.terminal !== undefined);
    return this.#program(id, running, command.terminal !== undefined);
  }

  #program(id: number, running: Running, isTerminal: boolean): Program {
    const signal = (number: number): void => this.#orders.order(encodeCommandSignal(id, number));
    return {
      input: (bytes) => {
        if (running.out !== undefined) return !running.out.writable || running.out.write(bytes);
        running.before.push(bytes);
        return false;
      },
      endInput: () => {
        running.isInputOver = true;
        if (!isTerminal) running.out?.end();
      },
      resize: (size) => this.#orders.order(encodeResize(id, size)),
      signal,
      goOn: () => {
        for (const socket of running.sockets) socket.resume();
      },
      leave: () => {
        running.audience = undefined;
        for (const socket of running.sockets) socket.resume();
        if (!this.#running.has(id)) return;
        signal(SIGHUP);
        running.killer = setTimeout(() => signal(SIGKILL), GRACE);
      },
    };
  }

  /** A stream from the warden, of a name as in `WardenHandlers.stream`. */
  take(name: string, socket: Socket): void {
    const [kind, number] = name.split(':');
    const id = Number(number);
    const running = this.#running.get(id);
    socket.on('error', () => undefined); // its end follows
    if (running === undefined) {
      socket.destroy();
      return;
    }
    running.open++;
    running.sockets.push(socket);
    const isOut = kind === 'out';
    socket.on('data', (bytes: Buffer) => {
      const { audience } = running;
      if (audience !== undefined && !(isOut ? audience.output(bytes) : audience.errors(bytes))) socket.pause();
    });
    socket.on('end', () => {
      running.open--;
      this.#settle(id, running);
    });
    if (!isOut) return;
    running.out = socket;
    socket.on('drain', () => running.audience?.drained());
    for (const bytes of running.before.splice(0)) socket.write(bytes);
    if (running.isInputOver) socket.end();
    running.audience?.drained();
  }

  ended(record: WireCommandEnded): void {
    const running = this.#running.get(record.id);
    if (running === undefined) return;
    running.ended = record;
    this.#settle(record.id, running);
  }

  /** Over when the warden says so and all that it wrote has come. */
  #settle(id: number, running: Running): void {
    if (running.ended === undefined || running.open > 0) return;
    const { status, error } = running.ended;
    const failure = error === 0 ? undefined : failureOf(running.word, error);
    this.#finish(id, running, failure ? { status: failure.exit, failure } : { status });
  }

  #finish(id: number, running: Running, ending: Ending): void {
    clearTimeout(running.killer);
    this.#running.delete(id);
    for (const socket of running.sockets) socket.destroy();
    running.audience?.ended(ending);
  }

  /** The sandbox is gone, and every command with it. */
  end(): void {
    this.#isOver = true;
    for (const [id, running] of this.#running) {
      const failure = new LeashError('LEASH_SESSION_OVER', `the session ended, and ${running.word} with it`);
      this.#finish(id, running, { status: failure.exit, failure });
    }
  }
}
