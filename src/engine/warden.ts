// Starts leash-warden and speaks with it: the sandbox's command and the policy table go in, records and listeners come out.
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { assertNever, LeashError } from '../host/errors.ts';
import { ledStreams, wardenStdio } from './commands.ts';
import { Dials } from './dials.ts';
import { type Fault, failureOf, neverStood } from './fault.ts';
import { type HandleTakers, receiveHandle } from './handles.ts';
import { startWarden } from './start-warden.ts';
import { type WardenWords, wardenWords } from './warden-words.ts';
import { FrameReader, WireError } from './wire.ts';
import { WIRE_TYPE } from './wire-layout.ts';
import {
  encodeAnswer,
  encodeDatagram,
  encodeFrame,
  encodeResume,
  encodeSignal,
  encodeTable,
  type TableOrder,
  type Word,
} from './wire-order.ts';
import type {
  WireCommandEnded,
  WireConnected,
  WireDatagram,
  WireEvent,
  WireProcess,
  WireRecord,
} from './wire-record.ts';

/** The first descriptor in the sandbox's command that carries data (files made of bytes); see SandboxPlan. */
export const FIRST_DATA_DESCRIPTOR = 5;

/**
 * Records are read in slices of about a hundred, between which everything else has its turn. As 'data' they would come two megabytes at a
 * time when the agent is fast (libuv reads 32 times 64 KiB on end): a quarter of a second in which nobody is answered.
 */
const SLICE_BYTES = 16 << 10;

export interface WardenOptions extends WardenWords {
  readonly program: string;
  /** The backend's command line, ending in leash-entry and the agent's command. */
  readonly command: readonly string[];
  /** What the agent is called in messages: the first word of its command. */
  readonly agent: string;
  /** Of the command, which the agent may inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Contents for descriptors 5, 6, … of the command; nothing where they are not to be had. */
  readonly data: readonly (Uint8Array | Promise<Uint8Array>)[];
  /** The agent's streams lead to `Warden.stream`: those of a terminal of this size, or a pipe for what it writes. */
  readonly streams?: { readonly rows: number; readonly columns: number } | 'output';
}

export interface WardenHandlers extends HandleTakers {
  process(process: WireProcess): void;
  event(event: WireEvent): void;
  /** Answer with `answer(event.id, …)`. */
  query(event: WireEvent): void;
  connected(connected: WireConnected): void;
  datagram(datagram: WireDatagram): void;
  /** A held call is over. */
  released(id: bigint): void;
  commandEnded(ended: WireCommandEnded): void;
}

export interface WardenEnd {
  /** The agent's status as a shell reports it. */
  readonly status: number;
  /** Set when the session did not end by the agent's own exit. */
  readonly failure?: LeashError;
}

/** Bytes on their way to the warden above which no datagram is added. */
const DATAGRAMS_WAITING_MAX = 256 << 10;

/** Milliseconds a failed session waits, after the end of the warden, for that of the backend it started. */
const CLOSE_PATIENCE = 1_000;

/** Milliseconds that a warden has to end its sandbox and itself. */
const ABORT_PATIENCE = 500;

export class Warden {
  readonly #child: ChildProcess;
  readonly #control: Duplex;
  readonly #handlers: WardenHandlers;
  readonly #reader = new FrameReader();
  readonly #agent: string;
  readonly dials: Dials;
  /** As the host numbers it; undefined until the sandbox stands. */
  agentPid: number | undefined;
  #isReading = false;
  #fault: Fault | undefined;
  #status: number | undefined;
  #failure: LeashError | undefined;
  #killer: NodeJS.Timeout | undefined;
  /** What the agent writes, and to its terminal; where `streams` asked for it. */
  readonly stream: Duplex | undefined;
  /** Resolves once, when the sandbox and the warden are gone. */
  readonly ended: Promise<WardenEnd>;

  constructor(options: WardenOptions, handlers: WardenHandlers) {
    this.#handlers = handlers;
    this.#agent = options.agent;
    const words = [
      ...wardenWords(options, FIRST_DATA_DESCRIPTOR),
      ...ledStreams(options.streams, FIRST_DATA_DESCRIPTOR + options.data.length),
    ];
    const child = startWarden(options.program, [...words, '--', ...options.command], {
      stdio: wardenStdio(options.data.length, options.streams !== undefined),
      env: options.env,
      serialization: 'json',
    });
    const streams = child.stdio;
    this.#child = child;
    this.#control = streams[3] as Duplex;
    this.dials = new Dials(this.#child);
    this.stream = (options.streams && streams.at(-1)) as Duplex | undefined;
    options.data.forEach((bytes, index) => {
      const pipe = this.#child.stdio[FIRST_DATA_DESCRIPTOR + index] as Duplex;
      pipe.on('error', () => undefined); // the sandbox ended before it read this
      if (bytes instanceof Uint8Array) pipe.end(bytes);
      else
        bytes.then(
          (all) => pipe.end(all),
          () => pipe.end(),
        );
    });
    this.#control.on('readable', () => this.#readSlice());
    this.#control.on('error', () => undefined);
    this.#child.on('message', (message, handle) => receiveHandle(message, handle, handlers));
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (cause) => {
        this.#failure = new LeashError(
          'LEASH_NATIVE_MISSING',
          `${options.program} cannot be started: ${cause.message}`,
        );
        resolve({ status: this.#failure.exit, failure: this.#failure });
      });
      // After an abort no record is wanted any more; what still holds a pipe open must not hold the session.
      // 'close' comes after the last record was read, and when the backend has let go of what it was to read.
      let late: NodeJS.Timeout | undefined;
      this.#child.once('exit', () => {
        // Out of descriptors, Node may never hear that the channel has ended.
        this.#child.channel?.unref();
        clearTimeout(this.#killer);
        if (this.#failure) late = setTimeout(() => resolve(this.#end()), CLOSE_PATIENCE);
      });
      this.#child.once('close', () => {
        clearTimeout(late);
        resolve(this.#end());
      });
    });
  }

  #end(): WardenEnd {
    const failure =
      this.#failure ??
      (this.#fault && failureOf(this.#fault, this.#agent)) ??
      (this.#status === undefined ? new LeashError('LEASH_ENGINE_LOST', 'the warden ended unexpectedly') : undefined);
    return failure ? { status: failure.exit, failure } : { status: this.#status ?? 0 };
  }

  /** A turn of the event loop for each slice, however much is waiting: so it ends by itself only when all is read. */
  #readSlice(): void {
    if (this.#isReading) return;
    const chunk = this.#control.read(Math.min(SLICE_BYTES, this.#control.readableLength) || undefined) as Buffer | null;
    if (chunk === null) return;
    this.#isReading = true;
    setImmediate(() => {
      this.#isReading = false;
      this.#readSlice();
    });
    this.#receive(chunk);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const record of this.#reader.read(chunk)) this.#act(record);
    } catch (error) {
      if (error instanceof WireError) {
        const code = error.isVersion ? 'LEASH_WIRE_VERSION' : 'LEASH_WIRE_RECORD';
        this.abort(new LeashError(code, error.message));
      } else if (error instanceof LeashError) {
        this.abort(error);
      } else {
        throw error;
      }
    }
  }

  #act(record: WireRecord): void {
    switch (record.type) {
      case 'process':
        this.#handlers.process(record.process);
        break;
      case 'event':
        this.#handlers.event(record.event);
        break;
      case 'query':
        this.#handlers.query(record.event);
        break;
      case 'connected':
        this.#handlers.connected(record.connected);
        break;
      case 'datagram':
        this.#handlers.datagram(record.datagram);
        break;
      case 'released':
        this.#handlers.released(record.id);
        break;
      case 'commandEnded':
        this.#handlers.commandEnded(record.ended);
        break;
      case 'exit':
        this.#status = record.status;
        this.#control.end(); // the warden waits for this: nothing is written to it any more
        if (this.agentPid === undefined && this.#fault === undefined) this.#failure ??= neverStood(record.status);
        break;
      case 'fault':
        this.#fault ??= record;
        break;
      case 'ready':
        this.agentPid = record.pid;
        break;
      case 'epoch':
        break;
      default:
        assertNever(record);
    }
  }

  /** An order of `commands.ts`. */
  readonly order = (frame: Buffer): void => this.#write(frame);

  #write(frame: Buffer): void {
    if (this.#control.writable) this.#control.write(frame);
  }

  /** Puts a table in force for every call that is answered from then on. */
  load(order: TableOrder, image: Uint8Array): void {
    this.#write(encodeTable(order, image));
  }

  /** The listeners are served: the agent may run. */
  start(): void {
    this.#write(encodeFrame(WIRE_TYPE.start));
  }

  answer(id: bigint, epoch: number, word: Word, server?: number): void {
    this.#write(encodeAnswer(id, epoch, word, server));
  }

  /** What a held call waits for has been decided: it is begun again, and asks again. */
  resume(id: bigint): void {
    this.#write(encodeResume(id));
  }

  /** Sends to the agent as from its peer. False when so much is waiting that it was dropped, as a datagram may be. */
  deliver(ends: Buffer, bytes: Buffer): boolean {
    return this.#writeDatagram(encodeDatagram('deliver', ends, bytes));
  }

  unreachable(ends: Buffer): void {
    this.#writeDatagram(encodeDatagram('unreachable', ends));
  }

  /** Calls of the agent wait for answers on the same socket. */
  #writeDatagram(frame: Buffer): boolean {
    if (this.#control.writableLength > DATAGRAMS_WAITING_MAX) return false;
    this.#write(frame);
    return true;
  }

  signal(number: number): void {
    this.#write(encodeSignal(number));
  }

  /** Ends the session at once: the warden dies, and with it (parent-death signal) the sandbox. */
  abort(failure: LeashError = new LeashError('LEASH_ENGINE_LOST', 'the session was ended')): void {
    this.#failure ??= failure;
    // The warden ends the sandbox when the connection ends; only it can end one that is still being built.
    this.#control.destroy();
    this.#killer ??= setTimeout(() => this.#child.kill('SIGKILL'), ABORT_PATIENCE);
  }
}
