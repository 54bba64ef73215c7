// Random policy sets, each decided three ways: by the official Cedar authorizer, by the closures, and by walking the table image.
import { statementToJson } from '../../../src/policy/check/cedar.ts';
import { TooComplex } from '../../../src/policy/compile/atoms.ts';
import { imageFault, TABLE_ALLOW, TABLE_QUERY } from '../../../src/policy/compile/image.ts';
import { compileTable } from '../../../src/policy/compile/table.ts';
import { Authorizer } from '../../../src/policy/evaluate/authorizer.ts';
import { type Policy, readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { mayReach } from '../../../src/policy/reach.ts';
import type { Request } from '../../../src/schema/request.ts';
import { cedar, FACTS, type Judgement, judge, prepare } from './judge.ts';
import { Generator } from './random-policies.ts';
import type { Family } from './random-words.ts';
import { tableVerdict } from './table-verdict.ts';

export interface Tally {
  cases: number;
  allowed: number;
  withErrors: number;
  /** Cases the table leaves to the manager. */
  queries: number;
  /** Policy sets with more pattern states than allowed. */
  tooComplex: number;
  mismatches: string[];
}

export interface RandomSet {
  readonly enforced: readonly Policy[];
  readonly all: readonly Policy[];
  readonly texts: Readonly<Record<string, string>>;
}

function parses(policy: string): boolean {
  return cedar.policyToJson(policy).type === 'success';
}

/** In one set of three, about one policy in four is a shadow policy. */
export function randomSet(generator: Generator): RandomSet {
  const count = 1 + generator.random.below(generator.random.pick([3, 8, 25]));
  const shadowShare = generator.random.chance(0.33) ? 0.25 : 0;
  const texts: Record<string, string> = {};
  const all: Policy[] = [];
  while (all.length < count) {
    const statement = generator.policy();
    // The parser refuses constant extension calls it can see to be wrong.
    if (!parses(statement)) continue;
    const id = `p${all.length}`;
    texts[id] = statement;
    all.push(readPolicy({ id, shadow: generator.random.chance(shadowShare), json: statementToJson(statement) }));
  }
  return { all, enforced: all.filter((policy) => !policy.shadow), texts };
}

function literalsOf(texts: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(texts).flatMap((statement) =>
    [...statement.matchAll(/"(\/[^"]*)"/g)].map((match) => match[1] as string),
  );
}

function compareTable(
  image: Uint8Array,
  request: Request,
  expected: Record<'enforced' | 'shadow', Judgement>,
  tally: Tally,
): string[] {
  return (['enforced', 'shadow'] as const).flatMap((set) => {
    const verdict = tableVerdict(image, request, set);
    if (verdict === TABLE_QUERY) tally.queries++;
    if (verdict === undefined || verdict === TABLE_QUERY) return [];
    return (verdict === TABLE_ALLOW) === (expected[set].effect === 'allow') ? [] : [`table ${set} says ${verdict}`];
  });
}

function compareClosures(
  authorizer: Authorizer,
  request: Request,
  expected: Record<'enforced' | 'shadow', Judgement>,
): string[] {
  const { effect, policies, errors = [], shadow = effect } = authorizer.decide(request);
  const problems: string[] = [];
  if (effect !== expected.enforced.effect) problems.push(`closures say ${effect}`);
  if (policies.toSorted().join() !== expected.enforced.policies.join()) problems.push(`closures name ${policies}`);
  if (errors.toSorted().join() !== expected.shadow.errors.join()) problems.push(`closures fail in ${errors}`);
  if (shadow !== expected.shadow.effect) problems.push(`closures say ${shadow} in shadow`);
  return problems;
}

function compareReach(set: RandomSet, request: Request, expected: Judgement): string[] {
  if (request.resource.type !== 'host' || expected.effect === 'deny') return [];
  return mayReach(set.enforced, request.resource.name, FACTS) ? [] : ['allowed, but the host counts as out of reach'];
}

function compareSet(generator: Generator, set: RandomSet, tally: Tally): void {
  const image = compileTable(set.all, FACTS);
  const fault = imageFault(image);
  if (fault !== undefined) tally.mismatches.push(`image: ${fault}`);
  const authorizer = new Authorizer(set.all, FACTS);
  const literals = literalsOf(set.texts);
  prepare('enforced', Object.fromEntries(set.enforced.map(({ id }) => [id, set.texts[id] as string])));
  prepare('shadow', set.texts);
  for (let i = 0; i < 30; i++) {
    const request = generator.request(literals);
    const enforced = judge('enforced', request);
    const hasShadow = set.enforced.length < set.all.length;
    const expected = { enforced, shadow: hasShadow ? judge('shadow', request) : enforced };
    tally.cases++;
    if (expected.enforced.effect === 'allow') tally.allowed++;
    if (expected.shadow.errors.length > 0) tally.withErrors++;
    const problems = [
      ...compareClosures(authorizer, request, expected),
      ...compareTable(image, request, expected, tally),
      ...compareReach(set, request, expected.enforced),
    ];
    if (problems.length > 0) {
      const shadow = set.all.filter((policy) => policy.shadow).map(({ id }) => id);
      tally.mismatches.push(JSON.stringify({ problems, request, expected, shadow, policies: set.texts }, null, 1));
    }
  }
}

const FAMILIES: readonly Family[] = ['file', 'file', 'file', 'exec', 'net', 'http'];

/** Runs until `cases` requests have been compared. */
export function runDifferential(seed: number, cases: number): Tally {
  const generator = new Generator(seed);
  const tally: Tally = { cases: 0, allowed: 0, withErrors: 0, queries: 0, tooComplex: 0, mismatches: [] };
  while (tally.cases < cases && tally.mismatches.length < 5) {
    generator.family = generator.random.pick(FAMILIES);
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
