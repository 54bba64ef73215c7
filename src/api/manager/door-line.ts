// A session's manager and a request to its door in, the reply out; by a relay that stays for a while, because the hub looks twice a second.
import type net from 'node:net';
import type { RecordedManager } from '../../sandbox/container/recorded-manager.ts';
import type { Asking, Reply } from '../exchange.ts';
import { type AskingLine, connectionError, readReplyLine } from './relay-words.ts';
import { type Relay, startRelay } from './start-relay.ts';

/** Milliseconds that a relay stays when nobody asks. */
const IDLE = 10_000;
/** Milliseconds beyond a request's own for the engine to start a program. */
const STARTING = 10_000;
const ASKING = 5_000;
const LINE_FEED = 0x0a;
/** More than the longest reply. */
const LINE_MAX = 9 << 20;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

const lines = new Map<string, DoorLine>();

class DoorLine {
  readonly #relay: Relay;
  readonly #waiting = new Map<number, Waiting>();
  readonly #over: () => void;
  readonly #rest: Buffer[] = [];
  /** Of `#rest`, in bytes. */
  #length = 0;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(manager: RecordedManager, over: () => void) {
    this.#over = over;
    this.#relay = startRelay(manager, 'door');
    const { child, failure } = this.#relay;
    child.stdout.on('data', (bytes: Buffer) => this.#take(bytes));
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

  #take(bytes: Buffer): void {
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      this.#hear(Buffer.concat([...this.#rest.splice(0), bytes.subarray(from, end)]).toString());
      from = end + 1;
      this.#length = 0;
    }
    this.#rest.push(bytes.subarray(from));
    this.#length += bytes.length - from;
    if (this.#length > LINE_MAX) this.#fail(new Error('what its manager said is too long'));
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
    this.#relay.child.kill('SIGKILL');
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
