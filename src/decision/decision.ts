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

/** File requests repeat all the time and depend on nothing but these. Others carry arguments and are not worth keeping. */
function cacheKey(request: Request): string | undefined {
  if (request.resource.type !== 'path' || request.action === 'ProcessExec' || !('program' in request)) return undefined;
  const { exe, uid, ancestors = [], sha256 } = request.program;
  return [request.action, request.resource.path, exe, uid, sha256, ...ancestors].join('\0');
}

export class Decision {
  readonly mode: Mode;
  readonly #verdicts: BoundedCache<Verdict> = new BoundedCache(CACHED_VERDICTS);
  #set: PolicySet;
  #previous: PolicySet;
  #epoch = 1;

  constructor(set: PolicySet, mode: Mode) {
    this.#set = set;
    this.#previous = set;
    this.mode = mode;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get set(): PolicySet {
    return this.#set;
  }

  decide(request: Request): Decided {
    const verdict = this.#verdict(request);
    return { ...verdict, enforced: verdict.effect === 'allow' || this.mode === 'enforce', epoch: this.#epoch };
  }

  /** Why the set of an epoch decided as it did: a record may still be on its way when its set is replaced. */
  explain(request: Request, epoch: number): Verdict {
    return epoch === this.#epoch - 1 ? this.#previous.decide(request) : this.#verdict(request);
  }

  /** Puts another set in force, for every request from now on. Returns its epoch. */
  replace(set: PolicySet): number {
    this.#previous = this.#set;
    this.#set = set;
    this.#verdicts.clear();
    return ++this.#epoch;
  }

  #verdict(request: Request): Verdict {
    const key = cacheKey(request);
    if (key === undefined) return this.#set.decide(request);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = this.#set.decide(request);
    this.#verdicts.set(key, verdict);
    return verdict;
  }
}
