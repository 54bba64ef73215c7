// Random policy sets and the same in other words: no request may be decided differently, and none may be left open.

import { LeashError } from '../../../../src/host/errors.ts';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { comparePolicies } from '../../../../src/policy/compare/compare.ts';
import { type Policy, type PolicyRecord, readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { cedar, FACTS } from '../judge.ts';
import type { Family } from '../random-families.ts';
import { Generator } from '../random-policies.ts';
import type { Random } from '../random-words.ts';

interface Condition {
  readonly kind: string;
  readonly body: unknown;
}

/** The part of a statement in JSON that is put in other words. */
interface Statement {
  readonly conditions: readonly Condition[];
}

const TRUE = { Value: true };
const FALSE = { Value: false };
const not = (arg: unknown): unknown => ({ '!': { arg } });

/** Equal in every outcome, errors included. */
const SAME: readonly ((body: unknown) => unknown)[] = [
  (body) => not(not(body)),
  (left) => ({ '&&': { left, right: TRUE } }),
  (right) => ({ '&&': { left: TRUE, right } }),
  (right) => ({ '||': { left: FALSE, right } }),
  // By entries: an object literal with `then` looks like a promise.
  (test) => ({
    'if-then-else': Object.fromEntries(Object.entries({ if: test, else: FALSE }).concat([['then', TRUE]])),
  }),
  (left) => ({ '==': { left: { '&&': { left, right: TRUE } }, right: TRUE } }),
];

function refactored(random: Random, statement: Statement): Statement {
  const rewrite = ({ kind, body }: Condition): Condition => {
    const other = random.pick(SAME)(body);
    // An error satisfies neither form.
    return random.chance(0.5) ? { kind: kind === 'when' ? 'unless' : 'when', body: not(other) } : { kind, body: other };
  };
  const conditions = statement.conditions.map((one) => (random.chance(0.7) ? rewrite(one) : one));
  return { ...statement, conditions };
}

function randomStatement(generator: Generator): Statement {
  for (;;) {
    const text = generator.policy();
    if (cedar.policyToJson(text).type === 'success') return statementToJson(text);
  }
}

function read(statements: readonly Statement[]): readonly Policy[] {
  return statements.map((json, i): Policy => {
    const record: PolicyRecord = { id: `p${i}`, shadow: false, json };
    return readPolicy(record);
  });
}

export interface Tally {
  sets: number;
  /** Policies with a condition that was put in other words. */
  reworded: number;
  faults: string[];
}

const FAMILIES: readonly Family[] = ['file', 'exec', 'net', 'http'];

/** Compares `sets` sets with their refactorings, in both directions at once. */
export function runRefactorings(seed: number, sets: number): Tally {
  const generator = new Generator(seed);
  const { random } = generator;
  const tally: Tally = { sets: 0, reworded: 0, faults: [] };
  while (tally.sets < sets && tally.faults.length < 3) {
    generator.family = random.pick(FAMILIES);
    const old = Array.from({ length: 1 + random.below(6) }, () => randomStatement(generator));
    const later = old.map((statement) => refactored(random, statement));
    tally.sets++;
    tally.reworded += later.filter((statement, i) => JSON.stringify(statement) !== JSON.stringify(old[i])).length;
    try {
      const differences = comparePolicies(read(old), read(random.chance(0.5) ? later : later.toReversed()), FACTS);
      if (differences.length > 0) tally.faults.push(JSON.stringify({ old, later, differences }, null, 1));
    } catch (error) {
      if (!(error instanceof LeashError)) throw error;
    }
  }
  return tally;
}
