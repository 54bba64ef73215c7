// A seed in; random policy sets, each open as a session has it and with its records and texts, out.
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { compileTable } from '../../../../src/policy/compile/table.ts';
import { type PolicyRecord, readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { openPolicySet, type PolicySet } from '../../../../src/policy/policy-set.ts';
import { cedar, FACTS } from '../judge.ts';
import type { Generator } from '../random-policies.ts';

export interface RandomSet {
  readonly set: PolicySet;
  readonly records: readonly PolicyRecord[];
  readonly texts: readonly string[];
}

/** Throws TooComplex now and then. */
export function randomSet(generator: Generator, count: number): RandomSet {
  const records: PolicyRecord[] = [];
  const texts: string[] = [];
  while (records.length < count) {
    const text = generator.policy();
    // The parser refuses constant extension calls it can see to be wrong.
    if (cedar.policyToJson(text).type !== 'success') continue;
    const shadow = generator.random.chance(0.2);
    records.push({ id: `p${records.length}`, shadow, json: statementToJson(text) });
    texts.push(text);
  }
  const image = compileTable(records.map(readPolicy), FACTS);
  const compiled = { policies: records, notes: [], image, readsContent: false };
  return { set: openPolicySet('random', compiled, FACTS), records, texts };
}
