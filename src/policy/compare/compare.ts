// Two policy sets in, every difference in what they decide out: exact over all requests that can be asked, each with a request that shows it.
import { LeashError } from '../../host/errors.ts';
import type { Action, Request } from '../../schema/request.ts';
import { TooComplex } from '../compile/atoms.ts';
import { ACTIONS } from '../evaluate/actions.ts';
import { Authorizer } from '../evaluate/authorizer.ts';
import type { Policy } from '../evaluate/policy.ts';
import { canonicalFacts, type SessionFacts } from '../facts.ts';
import { type Direction, directionOf, type Outcome, outcomeOf } from './outcome.ts';
import { differentRegions, type Region } from './regions.ts';
import type { RequestClass } from './request-class.ts';
import { requestClasses } from './request-classes.ts';
import { constantsOf, matchStatements, type Pair, type Statements } from './statements.ts';
import { variations } from './variations.ts';

/** What one set says of a request. */
export interface Side {
  readonly outcome: Outcome;
  /** Ids of the policies that determine it; none for a default deny. */
  readonly policies: readonly string[];
}

/** Requests that the sets decide differently for the same reasons. */
export interface Difference {
  readonly action: Action;
  /** In the order deny, ask, allow. */
  readonly direction: Direction;
  /** One such request, of the shortest. When `undecided` is not empty: one that may be, depending on what `undecided` names. */
  readonly witness: Request;
  readonly old: Side;
  readonly new: Side;
  /** What the witness has in common with the others of its region, in words. */
  readonly conditions: readonly string[];
  /** Parts of the request that no automaton models and the difference depends on: `context.argv`. */
  readonly undecided: readonly string[];
  /** Regions with this cause, told apart by conditions; the witness is of the first. The last of an action and direction counts what is beyond MAX_JUDGED. */
  readonly regions: number;
}

/** Of each action and direction, so many regions are put to the authorizers; the others are counted with the last. */
const MAX_JUDGED = 400;

/** Of requests with values taken from the policies, so many are tried for one region, and for all. */
const MAX_TRIED = 400;
const MAX_TRIED_ALTOGETHER = 20_000;

type Sides = Pair<Side>;

class Judge {
  readonly #authorizers: Pair<Authorizer>;
  #decided = 0;

  constructor(sets: Pair<readonly Policy[]>, facts: SessionFacts) {
    this.#authorizers = { old: new Authorizer(sets.old, facts), new: new Authorizer(sets.new, facts) };
  }

  /** Requests put to both sides so far. */
  get decided(): number {
    return this.#decided;
  }

  decide(request: Request): Sides {
    this.#decided++;
    return { old: this.#side('old', request), new: this.#side('new', request) };
  }

  #side(set: keyof Sides, request: Request): Side {
    const verdict = this.#authorizers[set].decide(request);
    return { outcome: outcomeOf(verdict), policies: verdict.policies };
  }
}

function hasDirection({ old, new: later }: Sides, direction: Direction): boolean {
  return directionOf(old.outcome, later.outcome) === direction;
}

function certainDifference(region: Region, witness: Request, judge: Judge): Difference {
  const sides = judge.decide(witness);
  const { action, direction, conditions } = region;
  // The compiler and the evaluator are compared with Cedar apart; that they agree here is what makes the report true.
  if (!hasDirection(sides, direction))
    throw new Error(`no difference in ${JSON.stringify(witness)}, which was found to be ${direction}`);
  return { action, direction, witness, ...sides, conditions, undecided: [], regions: 1 };
}

function possibleDifference(region: Region, request: Request, judge: Judge): Difference {
  const { action, direction, conditions, undecided, suspects } = region;
  const constants = constantsOf([...suspects.old, ...suspects.new]);
  let tried = 0;
  for (const witness of variations(request, constants)) {
    if (++tried > MAX_TRIED || judge.decided > MAX_TRIED_ALTOGETHER) break;
    const sides = judge.decide(witness);
    if (hasDirection(sides, direction))
      return { action, direction, witness, ...sides, conditions, undecided: [], regions: 1 };
  }
  const { old, new: later } = judge.decide(request);
  const side = ({ outcome }: Side, policies: readonly Policy[]): Side => ({
    outcome,
    policies: policies.map(({ id }) => id),
  });
  const sides = { old: side(old, suspects.old), new: side(later, suspects.new) };
  return { action, direction, witness: request, ...sides, conditions, undecided, regions: 1 };
}

function differenceIn(kind: RequestClass, region: Region, judge: Judge): Difference {
  const request = kind.build(region.action, region.values);
  const isCertain = region.undecided.length === 0;
  return isCertain ? certainDifference(region, request, judge) : possibleDifference(region, request, judge);
}

/** Differences with the same cause are one, with the first witness. */
class Collection {
  readonly #byCause = new Map<string, Difference>();
  readonly #judged = new Map<string, number>();
  readonly #last = new Map<string, string>();

  /** `make` is called while the budget of the region's action and direction lasts. */
  add({ action, direction }: Region, make: () => Difference): void {
    const kind = `${action} ${direction}`;
    const judged = this.#judged.get(kind) ?? 0;
    this.#judged.set(kind, judged + 1);
    if (judged >= MAX_JUDGED) {
      this.#count(this.#last.get(kind)!);
      return;
    }
    const difference = make();
    const { old, new: later, undecided } = difference;
    const cause = JSON.stringify([kind, old, later, undecided]);
    this.#last.set(kind, cause);
    if (this.#byCause.has(cause)) this.#count(cause);
    else this.#byCause.set(cause, difference);
  }

  #count(cause: string): void {
    const difference = this.#byCause.get(cause)!;
    this.#byCause.set(cause, { ...difference, regions: difference.regions + 1 });
  }

  /** What is certain and less restrictive first; then in the order of the actions. */
  sorted(): readonly Difference[] {
    const rank = ({ action, direction, undecided }: Difference): number =>
      (direction === 'newly allowed' ? 0 : 200) + (undecided.length === 0 ? 0 : 100) + ACTIONS.indexOf(action);
    return [...this.#byCause.values()].sort((a, b) => rank(a) - rank(b));
  }
}

function collect(statements: Statements, facts: SessionFacts): readonly Difference[] {
  if (statements.edited.old.length + statements.edited.new.length === 0) return [];
  const judge = new Judge(statements.all, facts);
  const collection = new Collection();
  for (const kind of requestClasses(facts)) {
    for (const region of differentRegions(kind, statements, facts))
      collection.add(region, () => differenceIn(kind, region, judge));
  }
  return collection.sorted();
}

/**
 * What changes when the new set takes the place of the old one; nothing when both decide every request alike. Shadow policies decide nothing.
 * Whatever a session may be, the rest of `facts` is given; they need not be canonical.
 * Throws LeashError LEASH_POLICY_INVALID when the sets are too complex to compare, and LEASH_WORKSPACE.
 */
export function comparePolicies(
  before: readonly Policy[],
  after: readonly Policy[],
  facts: SessionFacts,
): readonly Difference[] {
  const canonical = canonicalFacts(facts);
  try {
    return collect(matchStatements({ old: before, new: after }), canonical);
  } catch (cause) {
    // RangeError: recursion over a diagram deeper than the stack, or the diagram is full.
    if (!(cause instanceof TooComplex || cause instanceof RangeError)) throw cause;
    throw new LeashError('LEASH_POLICY_INVALID', `the policies are too complex to compare: ${cause.message}`, {
      cause,
    });
  }
}
