// Questions of `@ask` policies in, a person's words out to all who wait for one: bounded, merged, and refused when nobody speaks in time.
import { randomBytes } from 'node:crypto';
import type { Approval, Question, Ruling, SettledBy } from '../schema/approval.ts';
import type { Who } from '../schema/event.ts';
import type { KeptApprovals } from './kept-approvals.ts';
import type { Subject } from './subject.ts';

/** More than a person will read: what comes beyond is refused, and the journal counts it. */
const QUESTIONS_MAX = 64;
/** The kernel walks over all held calls at each intercepted one (find_notification(), kernel/seccomp.c): 0.1 ms for a thousand. */
const WAITERS_MAX = 2_048;
/** Milliseconds. A call that a signal interrupted asks again when it is begun again; its question is still there for so long. */
const GRACE = 2_000;
/** Milliseconds between the approval of a connect call and the connection's arrival at the proxy. */
const PASS_TTL = 10_000;
const PASSES_MAX = 4_096;

/** What an interested party hears: how the question ended, or that the policy changed and it must judge again. */
export type Settled = (approval: Approval | 'again') => void;

export interface Asked {
  /** At least one; all are asked at once. Those of one question have one resource. */
  readonly subjects: readonly [Subject, ...Subject[]];
  readonly who?: Who | undefined;
  /** From `@ask("…")`. */
  readonly text: string;
  readonly policies: readonly string[];
}

export interface ApprovalsOptions {
  /** Milliseconds until a question is refused; 0: none is asked, because nobody could answer. */
  readonly timeout: number;
  readonly kept: KeptApprovals;
  readonly opened: (question: Question) => void;
  /** Given up by all who waited, before an answer. */
  readonly withdrawn: (asked: Asked, approval: Approval) => void;
}

interface Waiter {
  readonly settled: Settled;
}

interface Open {
  readonly id: string;
  readonly asked: Asked;
  /** Milliseconds since the Unix epoch, for people. */
  readonly opened: number;
  /** The same, by a clock that only goes forward. */
  readonly start: number;
  readonly waiters: Set<Waiter>;
  readonly deadline: NodeJS.Timeout;
  grace: NodeJS.Timeout | undefined;
}

/** Base 32 (Crockford): 30 bits that are easy to read out and type. */
function newId(): string {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz';
  return Array.from(randomBytes(6), (byte) => digits[byte & 31]).join('');
}

export class Approvals {
  readonly #options: ApprovalsOptions;
  /** By id, and by the keys of its subjects. */
  readonly #open = new Map<string, Open>();
  readonly #byKeys = new Map<string, Open>();
  /** Words for the rest of the session, by key. */
  readonly #session = new Map<string, 'session' | 'denied'>();
  /** When each pass of a key expires. */
  readonly #passes = new Map<string, number[]>();
  /** Approved while those who waited were away: for the one that comes back. */
  readonly #spared = new Map<string, Approval>();
  #waiting = 0;

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  /** The word that holds for a subject without asking. */
  standing({ key }: Subject): Approval | undefined {
    const word = this.#session.get(key);
    if (word !== undefined) return { by: word, waited: 0 };
    return this.#options.kept.has(key) ? { by: 'always', waited: 0 } : undefined;
  }

  /**
   * Opens a question, or joins the open one about the same. `settled` is called once, later.
   * @returns how it ended when it cannot be asked; else what gives the wait up
   */
  ask(asked: Asked, settled: Settled): Approval | (() => void) {
    const keys = keysOf(asked);
    const spared = this.#spared.get(keys);
    if (spared !== undefined) {
      this.#spared.delete(keys);
      return spared;
    }
    if (this.#options.timeout <= 0) return { by: 'nobody', waited: 0 };
    if (this.#waiting >= WAITERS_MAX) return { by: 'flood', waited: 0 };
    const known = this.#byKeys.get(keys);
    if (known === undefined && this.#open.size >= QUESTIONS_MAX) return { by: 'flood', waited: 0 };
    const open = known ?? this.#begin(keys, asked);
    clearTimeout(open.grace);
    const waiter = { settled };
    open.waiters.add(waiter);
    this.#waiting++;
    if (known === undefined) this.#options.opened(view(open, this.#options.timeout));
    return () => this.#leave(open, waiter);
  }

  /** Open questions, oldest first. */
  list(): readonly Question[] {
    return [...this.#open.values()].map((open) => view(open, this.#options.timeout));
  }

  /**
   * A person's word on an open question. False: there is none of that id, or no more.
   * @throws {LeashError} LEASH_APPROVALS when the word is to be kept and cannot be
   */
  rule(id: string, ruling: Ruling): boolean {
    const open = this.#open.get(id);
    if (open === undefined) return false;
    const { subjects } = open.asked;
    if (ruling.effect === 'allow' && ruling.scope === 'always') this.#options.kept.add(subjects);
    const by: SettledBy = ruling.effect === 'allow' ? ruling.scope : 'denied';
    if (ruling.scope === 'session')
      for (const { key } of subjects) this.#session.set(key, ruling.effect === 'allow' ? 'session' : 'denied');
    if (open.waiters.size === 0) this.#spare(open, by);
    this.#end(open, by);
    return true;
  }

  /** Another policy is in force: everybody who waits judges again. Who still must ask finds the question as it was. */
  rejudge(): void {
    for (const open of this.#open.values()) {
      const waiters = [...open.waiters];
      for (const waiter of waiters) this.#leave(open, waiter);
      for (const { settled } of waiters) settled('again');
    }
  }

  /** A connect call was approved once; its connection is about to arrive at the proxy, which judges it again. */
  leavePass({ key }: Subject): void {
    const now = performance.now();
    if (this.#passes.size >= PASSES_MAX) this.#passes.clear();
    const valid = (this.#passes.get(key) ?? []).filter((expires) => expires > now);
    this.#passes.set(key, [...valid, now + PASS_TTL]);
  }

  /** Uses a pass up. */
  takePass({ key }: Subject): boolean {
    const now = performance.now();
    const [taken, ...rest] = (this.#passes.get(key) ?? []).filter((expires) => expires > now);
    if (rest.length === 0) this.#passes.delete(key);
    else this.#passes.set(key, rest);
    return taken !== undefined;
  }

  /** Nobody waits any more. */
  close(): void {
    for (const open of this.#open.values()) this.#forget(open);
  }

  #begin(keys: string, asked: Asked): Open {
    let id = newId();
    while (this.#open.has(id)) id = newId();
    const open: Open = {
      id,
      asked,
      opened: Date.now(),
      start: performance.now(),
      waiters: new Set(),
      deadline: setTimeout(() => this.#end(open, 'timeout'), this.#options.timeout).unref(),
      grace: undefined,
    };
    this.#open.set(id, open);
    this.#byKeys.set(keys, open);
    return open;
  }

  #leave(open: Open, waiter: Waiter): void {
    if (!open.waiters.delete(waiter)) return;
    this.#waiting--;
    if (open.waiters.size > 0 || !this.#open.has(open.id)) return;
    open.grace = setTimeout(() => {
      this.#forget(open);
      this.#options.withdrawn(open.asked, { by: 'withdrawn', waited: elapsed(open) });
    }, GRACE).unref();
  }

  #spare(open: Open, by: SettledBy): void {
    if (by !== 'once') return;
    const keys = keysOf(open.asked);
    this.#spared.set(keys, { by, waited: elapsed(open) });
    setTimeout(() => this.#spared.delete(keys), GRACE).unref();
  }

  #end(open: Open, by: SettledBy): void {
    const waiters = [...open.waiters];
    const approval = { by, waited: elapsed(open) };
    this.#forget(open);
    for (const { settled } of waiters) settled(approval);
  }

  #forget(open: Open): void {
    clearTimeout(open.deadline);
    clearTimeout(open.grace);
    this.#waiting -= open.waiters.size;
    open.waiters.clear();
    this.#open.delete(open.id);
    this.#byKeys.delete(keysOf(open.asked));
  }
}

function keysOf({ subjects }: Asked): string {
  return subjects.map(({ key }) => key).join(' ');
}

function elapsed({ start }: Open): number {
  return Math.round(performance.now() - start);
}

function view({ id, opened, asked, waiters }: Open, timeout: number): Question {
  const { subjects, who, text, policies } = asked;
  const [{ resource, particulars }] = subjects;
  return {
    id,
    opened,
    expires: opened + timeout,
    ...(who !== undefined && { who }),
    actions: subjects.map(({ action }) => action),
    resource,
    particulars,
    text,
    policies,
    waiting: waiters.size,
  };
}
