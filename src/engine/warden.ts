// Starts leash-warden and speaks with it: the sandbox's command and the policy table go in, records and listeners come out.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { getSystemErrorName } from 'node:util';
import { assertNever, LeashError } from '../host/errors.ts';
import {
  encodeAnswer,
  encodeFrame,
  encodeSignal,
  encodeTable,
  FrameReader,
  type TableOrder,
  WireError,
} from './wire.ts';
import { FAULT, WIRE_TYPE } from './wire-layout.ts';
import type { WireConnected, WireEvent, WireProcess, WireRecord } from './wire-record.ts';

/** The first descriptor in the sandbox's command that carries data (files made of bytes); see SandboxPlan. */
export const FIRST_DATA_DESCRIPTOR = 5;

/**
 * Records are read in slices of about a hundred, between which everything else has its turn. As 'data' they would come two megabytes at a
 * time when the agent is fast (libuv reads 32 times 64 KiB on end): a quarter of a second in which nobody is answered.
 */
const SLICE_BYTES = 16 << 10;

/** A UDP socket as Node hands it over: to be adopted by `dgram.Socket.bind({ fd })`. */
export interface NativeUdp {
  readonly fd: number;
  close(): void;
}

export interface WardenOptions {
  readonly program: string;
  /** The backend's command line, ending in leash-entry and the agent's command. */
  readonly command: readonly string[];
  /** What the agent is called in messages: the first word of its command. */
  readonly agent: string;
  /** The agent's environment. Inherited, never on a command line. */
  readonly env: Readonly<Record<string, string>>;
  /** Contents for descriptors 5, 6, … of the command. */
  readonly data: readonly Uint8Array[];
}

export interface WardenHandlers {
  listener(name: 'tcp4' | 'tcp6' | 'udp4' | 'udp6', handle: Server | NativeUdp): void;
  process(process: WireProcess): void;
  event(event: WireEvent): void;
  /** Answer with `answer(event.id, …)`. */
  query(event: WireEvent): void;
  connected(connected: WireConnected): void;
}

export interface WardenEnd {
  /** The agent's status as a shell reports it. */
  readonly status: number;
  /** Set when the session did not end by the agent's own exit. */
  readonly failure?: LeashError;
}

interface Fault {
  readonly code: number;
  readonly error: number;
  readonly text: string;
}

const ENOENT = 2;

function failureOf(fault: Fault, agent: string): LeashError {
  if (fault.code !== FAULT.exec) return new LeashError('LEASH_SANDBOX_START', fault.text);
  if (fault.error === ENOENT) return new LeashError('LEASH_COMMAND_NOT_FOUND', `there is no command ${agent}`);
  const why = getSystemErrorName(-fault.error);
  return new LeashError('LEASH_COMMAND_NOT_EXECUTABLE', `${agent} cannot be executed (${why})`);
}

/** The backend ended before there was an agent: its own message is on stderr, and its status is not the agent's. */
function neverStood(status: number): LeashError {
  return new LeashError('LEASH_SANDBOX_START', `the sandbox could not be built (status ${status})`);
}

export class Warden {
  readonly #child: ChildProcess;
  readonly #control: Duplex;
  readonly #handlers: WardenHandlers;
  readonly #reader = new FrameReader();
  readonly #agent: string;
  #isReady = false;
  #isReading = false;
  #fault: Fault | undefined;
  #status: number | undefined;
  #failure: LeashError | undefined;
  /** Resolves once, when the sandbox and the warden are gone. */
  readonly ended: Promise<WardenEnd>;

  constructor(options: WardenOptions, handlers: WardenHandlers) {
    this.#handlers = handlers;
    this.#agent = options.agent;
    this.#child = spawn(options.program, ['--', ...options.command], {
      stdio: ['inherit', 'inherit', 'inherit', 'pipe', 'ipc', ...options.data.map(() => 'pipe' as const)],
      env: options.env,
      serialization: 'json',
    });
    this.#control = this.#child.stdio[3] as Duplex;
    options.data.forEach((bytes, index) => {
      const pipe = this.#child.stdio[FIRST_DATA_DESCRIPTOR + index] as Duplex;
      pipe.on('error', () => undefined); // the sandbox ended before it read this
      pipe.end(bytes);
    });
    this.#control.on('readable', () => this.#readSlice());
    this.#control.on('error', () => undefined);
    this.#child.on('message', (message, handle) => {
      const { listener } = message as { listener: 'tcp4' | 'tcp6' | 'udp4' | 'udp6' };
      handlers.listener(listener, handle as unknown as Server | NativeUdp);
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (cause) => {
        this.#failure = new LeashError(
          'LEASH_NATIVE_MISSING',
          `${options.program} cannot be started: ${cause.message}`,
        );
        resolve({ status: this.#failure.exit, failure: this.#failure });
      });
      // After an abort no record is wanted any more; what still holds a pipe open must not hold the session.
      this.#child.once('exit', () => this.#failure && resolve(this.#end()));
      // 'close' comes after the last record was read.
      this.#child.once('close', () => resolve(this.#end()));
    });
  }

  #end(): WardenEnd {
    const failure =
      this.#failure ??
      (this.#fault && failureOf(this.#fault, this.#agent)) ??
      (this.#status === undefined ? new LeashError('LEASH_ENGINE_LOST', 'the warden ended unexpectedly') : undefined);
    if (failure) return { status: failure.exit, failure };
    return { status: this.#status ?? failure ?? 0 };
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
      case 'exit':
        this.#status = record.status;
        this.#control.end(); // the warden waits for this: nothing is written to it any more
        if (!this.#isReady && this.#fault === undefined) this.#failure ??= neverStood(record.status);
        break;
      case 'fault':
        this.#fault ??= record;
        break;
      case 'ready':
        this.#isReady = true;
        break;
      case 'epoch':
        break;
      default:
        assertNever(record);
    }
  }

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

  answer(id: bigint, epoch: number, allow: boolean): void {
    this.#write(encodeAnswer(id, epoch, allow));
  }

  signal(number: number): void {
    this.#write(encodeSignal(number));
  }

  /** Ends the session at once: the warden dies, and with it (parent-death signal) the sandbox. */
  abort(failure: LeashError = new LeashError('LEASH_ENGINE_LOST', 'the session was ended')): void {
    this.#failure ??= failure;
    this.#child.kill('SIGKILL');
  }
}
