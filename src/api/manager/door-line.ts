// A session's manager and a request to its door in, the reply out; by a relay that stays for a while, because the hub looks twice a second.
import type net from 'node:net';
import { createInterface } from 'node:readline';
import type { RecordedManager } from '../../sandbox/container/recorded-manager.ts';
import type { Asking, Reply } from '../exchange.ts';
import { type AskingLine, connectionError, readReplyLine } from './relay-words.ts';
import { type Relay, startRelay } from './start-relay.ts';

/** Milliseconds that a relay stays when nobody asks. */
const IDLE = 10_000;
/** Milliseconds beyond a request's own for the engine to start a program. */
const STARTING = 30_000;
const ASKING = 5_000;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

const lines = new Map<string, DoorLine>();

class DoorLine {
  readonly #relay: Relay;
  readonly #waiting = new Map<number, Waiting>();
  readonly #over: () => void;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(manager: RecordedManager, over: () => void) {
    this.#over = over;
    this.#relay = startRelay(manager, 'door');
    const { child, failure } = this.#relay;
    createInterface(child.stdout).on('line', (line) => this.#hear(line));
    void failure.then((error) => this.#fail(error));
    this.#hold(false);
  }

  ask(asking: Asking): Promise<Reply> {
    clearTimeout(this.#idle);
    this.#hold(true);
    const id = ++this.#last;
    const patience = (asking.timeout ?? ASKING) + STARTING;
    const timer = setTimeout(() => this.#fail(new Error('no reply in time')), patience);
    const reply = new Promise<Reply>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#relay.child.stdin.write(`${JSON.stringify({ id, asking } satisfies AskingLine)}\n`);
    return reply.finally(() => {
      clearTimeout(timer);
      if (this.#waiting.size > 0) return;
      this.#hold(false);
      this.#idle = setTimeout(() => this.#end(), IDLE).unref();
    });
  }

  #hear(line: string): void {
    const said = readReplyLine(line);
    const waiting = said && this.#waiting.get(said.id);
    if (said === undefined || waiting === undefined) {
      this.#fail(new Error('what its manager said was not understood'));
      return;
    }
    this.#waiting.delete(said.id);
    if ('reply' in said) waiting.resolve(said.reply);
    else waiting.reject(connectionError(said.code, said.message));
  }

  #fail(error: Error): void {
    this.#end();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#over();
    this.#relay.child.stdin.end();
    this.#relay.child.stdout.destroy();
  }

  /** Whether this process waits for it. */
  #hold(isWaiting: boolean): void {
    const { child } = this.#relay;
    const held = [child, child.stdin, child.stdout, child.stderr] as readonly unknown[] as readonly net.Socket[];
    for (const each of held) {
      if (isWaiting) each.ref();
      else each.unref();
    }
  }
}

/** @throws Error why there is no reply, with the system's `code` where the relay found one */
export function askThrough(manager: RecordedManager, asking: Asking): Promise<Reply> {
  const { name } = manager;
  let line = lines.get(name);
  if (line === undefined) {
    const begun: DoorLine = new DoorLine(manager, () => {
      if (lines.get(name) === begun) lines.delete(name);
    });
    line = begun;
    lines.set(name, begun);
  }
  return line.ask(asking);
}
