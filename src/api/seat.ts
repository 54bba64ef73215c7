// One session's place at the user's one port in: it serves the API there, or waits for who does to end, out.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { API_ROOT } from '../schema/api.ts';
import { proofOf, tokenFor, type UserKey } from './access.ts';
import { Claim } from './claim.ts';
import type { HubOptions } from './hub/hub.ts';
import type { HubWord } from './hub-thread.ts';
import { listenText } from './listen-address.ts';

/** Megabytes of heap of the hub's thread. */
const MAX_HEAP_MB = 1_024;
/** Milliseconds for a hub to show that it is one. */
const PATIENCE = 3_000;
const ANSWER_MAX = 8_192;
/** After a hub that could not serve, or died: not at once again, and not for ever. */
const PAUSE = 500;
const FAILURES_MAX = 5;
/** Another was faster. */
const SOON = 20;

export interface SeatOptions extends HubOptions {
  readonly key: UserKey;
  /** A line for the person. */
  readonly say: (line: string) => void;
}

/** `silent`: a stranger, or a hub on a machine that has too much to do. */
type Found = 'nobody' | 'stranger' | 'silent' | net.Socket;

/** Who serves: this process, another session of the user's, or nobody that is theirs. */
export type ServedBy = 'this' | 'another' | 'nobody';

export class Seat {
  readonly #options: SeatOptions;
  #isOver = false;
  #thread: Worker | undefined;
  #hub: net.Socket | undefined;
  #claim: Claim | undefined;
  #served!: (by: ServedBy) => void;
  /** Who served first. */
  readonly served: Promise<ServedBy> = new Promise((resolve) => {
    this.#served = resolve;
  });

  constructor(options: SeatOptions) {
    this.#options = options;
    void this.#keep();
  }

  /** Who is first at the free port serves; the others look again when it ends. */
  async #keep(): Promise<void> {
    for (let failures = 0; !this.#isOver && failures < FAILURES_MAX; ) {
      const found = await this.#look();
      if (found === 'stranger') break;
      if (found === 'silent') {
        failures += 1;
        if (failures === FAILURES_MAX) this.#sayStranger();
        continue;
      }
      if (found === 'nobody') {
        const why = await this.#serve();
        if (why === 'EADDRINUSE') {
          await sleep(SOON, undefined, { ref: false });
          continue;
        }
        if (why !== undefined && !this.#isOver) {
          failures += 1;
          if (failures === FAILURES_MAX) this.#options.say(`the control API does not run: ${why}`);
          await sleep(PAUSE, undefined, { ref: false });
        }
        continue;
      }
      failures = 0;
      await this.#stayBeside(found);
    }
    this.#served('nobody');
  }

  /** Who is at the port. A hub proves that it has the user's key; to anybody else nothing is told. */
  #look(): Promise<Found> {
    const { address, key } = this.#options;
    const nonce = randomBytes(16).toString('hex');
    const expected = Buffer.from(proofOf(tokenFor('user', key), listenText(address), nonce));
    return new Promise((resolve) => {
      const socket = net.connect({ host: address.host, port: address.port });
      socket.unref();
      let heard = '';
      const settle = (found: Found): void => {
        clearTimeout(timer);
        socket.removeAllListeners('data');
        if (found !== socket) socket.destroy();
        resolve(found);
      };
      const stranger = (): void => {
        this.#sayStranger();
        settle('stranger');
      };
      const timer = setTimeout(() => settle('silent'), PATIENCE);
      timer.unref();
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') settle('nobody');
        else stranger();
      });
      socket.once('connect', () =>
        socket.write(
          `GET ${API_ROOT}/hub/wait?scope=user&nonce=${nonce} HTTP/1.1\r\nHost: ${listenText(address)}\r\n\r\n`,
        ),
      );
      socket.on('data', (chunk: Buffer) => {
        heard += chunk.toString('latin1');
        const [, proof] = /\{"proof":"([\w-]{43})"\}/.exec(heard) ?? [];
        if (proof !== undefined && timingSafeEqual(Buffer.from(proof), expected)) settle(socket);
        else if (proof !== undefined || heard.length > ANSWER_MAX) stranger();
      });
      // A hub that ends just now.
      socket.once('close', () => settle('nobody'));
    });
  }

  #sayStranger(): void {
    const { address, say } = this.#options;
    const place = listenText(address);
    say(`${place} is taken by another program: this session has no control API (--listen names another)`);
  }

  /** Resolves when the hub ended. */
  #stayBeside(hub: net.Socket): Promise<void> {
    this.#hub = hub;
    this.#served('another');
    hub.resume();
    return new Promise((resolve) => {
      if (hub.destroyed) resolve();
      else hub.once('close', () => resolve());
      if (this.#isOver) hub.destroy();
    });
  }

  /** Serves until the session ends. @returns why it does not, or no more */
  async #serve(): Promise<string | undefined> {
    try {
      this.#claim = await Claim.of(this.#options.address);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
    try {
      return this.#isOver ? undefined : await this.#work(this.#claim);
    } finally {
      this.#claim.end();
    }
  }

  #work(claim: Claim): Promise<string> {
    const { address, stateDir, pages, env } = this.#options;
    return new Promise((resolve) => {
      const thread = new Worker(new URL('./hub-thread.js', import.meta.url), {
        workerData: { address, stateDir, pages, env } satisfies HubOptions,
        env: {},
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      });
      thread.unref();
      this.#thread = thread;
      let why = 'its thread ended';
      thread.on('message', (word: HubWord) => {
        if (word === 'free') {
          claim.free();
          return thread.postMessage('freed');
        }
        if (word === 'serving') {
          claim.end();
          return this.#served('this');
        }
        why = word.failed;
        void thread.terminate();
      });
      thread.on('error', (error) => {
        why = error.message;
      });
      thread.once('exit', () => {
        this.#thread = undefined;
        resolve(why);
      });
    });
  }

  /** The port is free when it resolves; another session takes it. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#hub?.destroy();
    this.#claim?.end();
    await this.#thread?.terminate();
  }
}
