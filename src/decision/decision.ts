// The one door every layer asks: a request in; the verdict of the policy set in force, how strictly it applies and its epoch out.
import type { PolicySet } from '../policy/policy-set.ts';
import type { Request } from '../schema/request.ts';
import type { Mode, Verdict } from '../schema/verdict.ts';
import { BoundedCache } from './bounded-cache.ts';

export interface Decided extends Verdict {
  /** False when the effect is deny but the session's mode lets the operation go on. */
  readonly enforced: boolean;
  /** Number of the policy set that decided. */
  readonly epoch: number;
}

const CACHED_VERDICTS = 4096;
/** Replaced sets that are kept: the records of an agent that works faster than they are read come some epochs late. */
const KEPT_SETS = 8;

/** A policy set and what it decided. */
interface Generation {
  readonly set: PolicySet;
  readonly verdicts: BoundedCache<Verdict>;
}

function newGeneration(set: PolicySet): Generation {
  return { set, verdicts: new BoundedCache(CACHED_VERDICTS) };
}

/** File requests repeat all the time and depend on nothing but these. Others carry arguments and are not worth keeping. */
function cacheKey(request: Request): string | undefined {
  if (request.resource.type !== 'path' || request.action === 'ProcessExec' || !('program' in request)) return undefined;
  const { exe, uid, ancestors = [], sha256, via } = request.program;
  return [request.action, request.resource.path, exe, uid, sha256, ...ancestors, via].join('\0');
}

export class Decision {
  readonly mode: Mode;
  /** What is denied of the network is denied in every mode. */
  readonly #isOffline: boolean;
  /** By epoch; the last one is in force. */
  readonly #generations = new Map<number, Generation>();
  #current: Generation;
  #epoch = 1;

  constructor(set: PolicySet, mode: Mode, isOffline: boolean = false) {
    this.#current = newGeneration(set);
    this.#generations.set(this.#epoch, this.#current);
    this.mode = mode;
    this.#isOffline = isOffline;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get set(): PolicySet {
    return this.#current.set;
  }

  decide(request: Request): Decided {
    const verdict = verdictOf(this.#current, request);
    const isStrict = this.mode === 'enforce' || (this.#isOffline && leaves(request));
    return { ...verdict, enforced: verdict.effect === 'allow' || isStrict, epoch: this.#epoch };
  }

  /** Why the set of an epoch decided as it did: a record may still be on its way when its set is replaced. */
  explain(request: Request, epoch: number): Verdict {
    return verdictOf(this.#generations.get(epoch) ?? this.#current, request);
  }

  /** Puts another set in force, for every request from now on. Returns its epoch. */
  replace(set: PolicySet): number {
    this.#current = newGeneration(set);
    this.#generations.set(++this.#epoch, this.#current);
    this.#generations.delete(this.#epoch - 1 - KEPT_SETS);
    return this.#epoch;
  }
}

function leaves({ action }: Request): boolean {
  return action === 'DnsResolve' || action === 'NetConnect';
}

function verdictOf({ set, verdicts }: Generation, request: Request): Verdict {
  const key = cacheKey(request);
  if (key === undefined) return set.decide(request);
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const verdict = set.decide(request);
  verdicts.set(key, verdict);
  return verdict;
}
