// Policy texts in, policy sets out, compiled in a thread of its own: this one goes on answering meanwhile.
import type { Worker } from 'node:worker_threads';
import { type ErrorCode, LeashError } from '../host/errors.ts';
import { type CompiledMessage, SetReceiver } from './exchange.ts';
import { canonicalFacts, type SessionFacts } from './facts.ts';
import { type GuardedSource, setId, today } from './load.ts';
import { type Compiled, openPolicySet, type PolicySet } from './policy-set.ts';

export interface CompileOrder {
  readonly id: number;
  readonly source: GuardedSource;
  /** Canonical. */
  readonly facts: SessionFacts;
  /** In UTC, `YYYY-MM-DD`. */
  readonly day: string;
}

export type CompileAnswer =
  | { readonly id: number; readonly compiled: CompiledMessage }
  | {
      readonly id: number;
      readonly fault: { readonly code: ErrorCode; readonly message: string; readonly details: readonly string[] };
    };

interface Waiting {
  readonly resolve: (compiled: Compiled) => void;
  readonly reject: (error: LeashError) => void;
}

/** Megabytes of heap: ten times what 10,000 policies need. */
const MAX_HEAP_MB = 2_048;
/** Milliseconds for one text. */
const PATIENCE = 60_000;

/** One thread and the texts it is asked about. It keeps no process alive. */
class CompilerThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #receiver = new SetReceiver();
  readonly #ended: () => void;
  #lastId = 0;

  constructor(worker: Worker, ended: () => void) {
    this.#worker = worker;
    this.#ended = ended;
    worker.unref();
    worker.on('message', (answer: CompileAnswer) => this.#settle(answer));
    worker.on('error', (cause) => this.end(cause.message));
    worker.on('exit', () => this.end('its thread ended'));
  }

  /** Throws LeashError. */
  compile(source: GuardedSource, facts: SessionFacts): Promise<Compiled> {
    const id = ++this.#lastId;
    const timer = setTimeout(() => this.end(`no result within ${PATIENCE / 1000} s`), PATIENCE);
    timer.unref();
    const compiled = new Promise<Compiled>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ id, source, facts, day: today() } satisfies CompileOrder);
    return compiled.finally(() => clearTimeout(timer));
  }

  #settle(answer: CompileAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    // Each set is read, wanted or not: the next one rests on it.
    if ('compiled' in answer) {
      const compiled = this.#receiver.read(answer.compiled);
      waiting?.resolve(compiled);
    } else {
      const { code, message, details } = answer.fault;
      waiting?.reject(new LeashError(code, message, { details }));
    }
  }

  end(why: string): void {
    this.#ended();
    const error = new LeashError('LEASH_POLICY_INVALID', `the policy could not be compiled: ${why}`);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    void this.#worker.terminate();
  }
}

export class BackgroundCompiler {
  #thread: CompilerThread | undefined;

  /**
   * Compiles a text; the first one starts the thread. Throws LeashError LEASH_POLICY_INVALID, also when the thread dies of a text or
   * finds no end: the next text gets a new one.
   */
  async load(source: GuardedSource, facts: SessionFacts): Promise<PolicySet> {
    const canonical = canonicalFacts(facts);
    this.#thread ??= this.#start();
    const compiled = await this.#thread.compile(source, canonical);
    return openPolicySet(setId(source, canonical), compiled, canonical);
  }

  #start(): CompilerThread {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const worker = new Worker(new URL('./compile-worker.js', import.meta.url), {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    const thread: CompilerThread = new CompilerThread(worker, () => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    return thread;
  }

  close(): void {
    this.#thread?.end('the session is over');
  }
}
