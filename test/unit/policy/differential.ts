// Random policy sets, each decided three ways: by the official Cedar authorizer, by the closures, and by walking the table image.
import { statementToJson } from '../../../src/policy/check/cedar.ts';
import { TooComplex } from '../../../src/policy/compile/atoms.ts';
import { imageFault, TABLE_ALLOW, TABLE_ASK, TABLE_DENY, TABLE_QUERY } from '../../../src/policy/compile/image.ts';
import { compileTable } from '../../../src/policy/compile/table.ts';
import { tableVerdict } from '../../../src/policy/compile/table-verdict.ts';
import { Authorizer } from '../../../src/policy/evaluate/authorizer.ts';
import { type Policy, readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { Reach } from '../../../src/policy/reach.ts';
import type { Request } from '../../../src/schema/request.ts';
import { cedar, FACTS, type Judgement, judge, prepare } from './judge.ts';
import { FAMILIES, type Family } from './random-families.ts';
import { Generator } from './random-policies.ts';

export interface Tally {
  cases: number;
  allowed: number;
  asked: number;
  withErrors: number;
  /** Cases the table leaves to the manager. */
  queries: number;
  /** Policy sets with more pattern states than allowed. */
  tooComplex: number;
  mismatches: string[];
}

export interface RandomSet {
  readonly all: readonly Policy[];
  readonly texts: Readonly<Record<string, string>>;
}

/** What four plain Cedar sets say together: strict and lenient, each without and with shadow policies. */
interface Expected {
  readonly outcome: Outcome;
  readonly policies: readonly string[];
}
type Outcome = 'allow' | 'ask' | 'deny';
type SetName = 'enforced' | 'shadow';

function parses(policy: string): boolean {
  return cedar.policyToJson(policy).type === 'success';
}

/** In one set of three about one policy in four is a shadow policy, and in one of three about one in four asks. */
export function randomSet(generator: Generator): RandomSet {
  const { random } = generator;
  const count = 1 + random.below(random.pick([3, 8, 25]));
  const shadowShare = random.chance(0.33) ? 0.25 : 0;
  const askShare = random.chance(0.33) ? 0.25 : 0;
  const texts: Record<string, string> = {};
  const all: Policy[] = [];
  while (all.length < count) {
    const statement = generator.policy();
    // The parser refuses constant extension calls it can see to be wrong.
    if (!parses(statement)) continue;
    const id = `p${all.length}`;
    texts[id] = statement;
    const shadow = random.chance(shadowShare);
    const asking = random.chance(askShare) ? { ask: `${id}?` } : {};
    all.push(readPolicy({ id, shadow, ...asking, json: statementToJson(statement) }));
  }
  return { all, texts };
}

function literalsOf(texts: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(texts).flatMap((statement) =>
    [...statement.matchAll(/"(\/[^"]*)"/g)].map((match) => match[1] as string),
  );
}

const VERDICTS: Readonly<Record<Outcome, number>> = { allow: TABLE_ALLOW, deny: TABLE_DENY, ask: TABLE_ASK };

function compareTable(
  image: Uint8Array,
  request: Request,
  expected: Record<SetName, Expected>,
  tally: Tally,
): string[] {
  return (['enforced', 'shadow'] as const).flatMap((set) => {
    const verdict = tableVerdict(image, request, set);
    if (verdict === TABLE_QUERY) tally.queries++;
    if (verdict === undefined || verdict === TABLE_QUERY) return [];
    return verdict === VERDICTS[expected[set].outcome] ? [] : [`table ${set} says ${verdict}`];
  });
}

function compareClosures(
  authorizer: Authorizer,
  request: Request,
  expected: Record<SetName, Expected>,
  expectedErrors: readonly string[],
): string[] {
  const { effect, ask, policies, errors = [], shadow = effect } = authorizer.decide(request);
  const problems: string[] = [];
  const outcome = ask === undefined ? effect : 'ask';
  if (outcome !== expected.enforced.outcome) problems.push(`closures say ${outcome}`);
  if (policies.toSorted().join() !== expected.enforced.policies.join()) problems.push(`closures name ${policies}`);
  if (errors.toSorted().join() !== expectedErrors.join()) problems.push(`closures fail in ${errors}`);
  if ((shadow === 'allow') !== (expected.shadow.outcome === 'allow')) problems.push(`closures say ${shadow} in shadow`);
  return problems;
}

/** Without shadow policies and without forbids that ask. */
function lenient(policies: readonly Policy[]): readonly Policy[] {
  return policies.filter(({ shadow, ask, effect }) => !shadow && (ask === undefined || effect === 'permit'));
}

function compareReach(reach: Reach, request: Request, expected: Expected): string[] {
  // Reach is about connections; a name may be permitted alone.
  if ((request.action !== 'NetConnect' && request.action !== 'HttpRequest') || expected.outcome === 'deny') return [];
  return reach.includes(request.resource.name) ? [] : ['allowed, but the host counts as out of reach'];
}

/** A judge of one of the four sets; sets with the same policies share one. */
class Judges {
  readonly #set: RandomSet;
  readonly #prepared = new Set<string>();

  constructor(set: RandomSet) {
    this.#set = set;
  }

  judge(name: SetName, without: Policy['effect'], request: Request): Judgement {
    const policies = this.#set.all.filter(
      ({ shadow, ask, effect }) => (name === 'shadow' || !shadow) && (ask === undefined || effect !== without),
    );
    const key = policies.length === this.#set.all.length ? 'all' : `${name} without asking ${without}`;
    if (!this.#prepared.has(key)) {
      prepare(key, Object.fromEntries(policies.map(({ id }) => [id, this.#set.texts[id] as string])));
      this.#prepared.add(key);
    }
    return judge(key, request);
  }
}

function expectation(strict: Judgement, lenient: Judgement): Expected {
  if (strict.effect === 'allow') return { outcome: 'allow', policies: strict.policies };
  if (lenient.effect === 'deny') return { outcome: 'deny', policies: lenient.policies };
  return { outcome: 'ask', policies: strict.policies.length > 0 ? strict.policies : lenient.policies };
}

function compareSet(generator: Generator, set: RandomSet, tally: Tally): void {
  const image = compileTable(set.all, FACTS);
  const fault = imageFault(image);
  if (fault !== undefined) tally.mismatches.push(`image: ${fault}`);
  const authorizer = new Authorizer(set.all, FACTS);
  const reach = new Reach(lenient(set.all), FACTS);
  const literals = literalsOf(set.texts);
  const judges = new Judges(set);
  const [hasShadow, asks] = [set.all.some(({ shadow }) => shadow), set.all.some(({ ask }) => ask !== undefined)];
  for (let i = 0; i < 30; i++) {
    const request = generator.request(literals);
    const pair = (name: SetName): [Judgement, Judgement] => {
      const strict = judges.judge(name, 'permit', request);
      return [strict, asks ? judges.judge(name, 'forbid', request) : strict];
    };
    const enforced = pair('enforced');
    const shadow = hasShadow ? pair('shadow') : enforced;
    const expected = { enforced: expectation(...enforced), shadow: expectation(...shadow) };
    const errors = [...new Set(shadow.flatMap((judgement) => judgement.errors))].sort();
    tally.cases++;
    if (expected.enforced.outcome === 'allow') tally.allowed++;
    if (expected.enforced.outcome === 'ask') tally.asked++;
    if (errors.length > 0) tally.withErrors++;
    const problems = [
      ...compareClosures(authorizer, request, expected, errors),
      ...compareTable(image, request, expected, tally),
      ...compareReach(reach, request, expected.enforced),
    ];
    if (problems.length > 0) {
      const marked = set.all.map(({ id, shadow: isShadow, ask }) => ({ id, isShadow, ask }));
      tally.mismatches.push(JSON.stringify({ problems, request, expected, marked, policies: set.texts }, null, 1));
    }
  }
}

/** Those with tables, where most can go wrong, more often. */
const CHOSEN: readonly Family[] = [...FAMILIES, 'file', 'file', 'exec', 'net', 'http'];

/** Runs until `cases` requests have been compared. */
export function runDifferential(seed: number, cases: number): Tally {
  const generator = new Generator(seed);
  const tally: Tally = { cases: 0, allowed: 0, asked: 0, withErrors: 0, queries: 0, tooComplex: 0, mismatches: [] };
  while (tally.cases < cases && tally.mismatches.length < 5) {
    generator.family = generator.random.pick(CHOSEN);
    const set = randomSet(generator);
    try {
      compareSet(generator, set, tally);
    } catch (error) {
      if (!(error instanceof TooComplex)) throw error;
      tally.tooComplex++;
    }
  }
  return tally;
}
