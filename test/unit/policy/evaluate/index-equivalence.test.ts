// Random policies, decided with the index and in a form that no index can use: the same verdicts, in the same order.
import { expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { Authorizer } from '../../../../src/policy/evaluate/authorizer.ts';
import type { Expression } from '../../../../src/policy/evaluate/expression.ts';
import { type Policy, readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { FALSE, TRUE } from '../../../../src/policy/evaluate/value.ts';
import { Reach } from '../../../../src/policy/reach.ts';
import type { FileRequest } from '../../../../src/schema/request.ts';
import { cedar, FACTS, judge, prepare } from '../judge.ts';
import { FAMILIES } from '../random-families.ts';
import { indexedTest } from '../random-indexed.ts';
import { Generator } from '../random-policies.ts';

const ROUNDS = 10;
const POLICIES = 60;
const REQUESTS = 200;

const HOLDS: Expression = { op: 'literal', value: TRUE };

/** The same meaning, out of sight: nothing is known of the branches of an `if` whose test is a comparison. */
function veiled(body: Expression): Expression {
  const test: Expression = {
    op: 'equal',
    left: { op: 'variable', name: 'resource' },
    right: { op: 'variable', name: 'resource' },
  };
  return { op: 'if', test, yes: body, no: { op: 'literal', value: FALSE } };
}

function unindexed(policy: Policy): Policy {
  const scope = { wants: true, body: veiled(policy.scope.resource) };
  const conditions = policy.conditions.map(({ wants, body }) => ({ wants, body: veiled(body) }));
  return { ...policy, scope: { ...policy.scope, resource: HOLDS }, conditions: [scope, ...conditions] };
}

interface RandomSet {
  readonly texts: Readonly<Record<string, string>>;
  readonly policies: readonly Policy[];
}

/** Most policies end in conditions that an index could look up. */
function randomSet(generator: Generator, count: number): RandomSet {
  const { random } = generator;
  const texts: Record<string, string> = {};
  const policies: Policy[] = [];
  while (policies.length < count) {
    const clauses = Array.from({ length: random.below(3) }, () => {
      return ` ${random.chance(0.75) ? 'when' : 'unless'} { ${indexedTest(generator)} }`;
    });
    const text = `${generator.policy().slice(0, -1)}${clauses.join('')};`;
    if (cedar.policyToJson(text).type !== 'success') continue;
    const id = `p${policies.length}`;
    texts[id] = text;
    policies.push(readPolicy({ id, shadow: false, json: statementToJson(text) }));
  }
  return { texts, policies };
}

function literalPaths(texts: RandomSet['texts']): readonly string[] {
  return Object.values(texts).flatMap((text) => [...text.matchAll(/"(\/[^"]*)"/g)].map((match) => match[1] ?? ''));
}

test.each(FAMILIES)('%s: with and without the index', { timeout: 600_000 }, (family) => {
  const generator = new Generator(2026);
  generator.family = family;
  let [allowed, errors] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const { texts, policies } = randomSet(generator, POLICIES);
    const paths = literalPaths(texts);
    const plain = policies.map(unindexed);
    const [indexed, exhaustive] = [new Authorizer(policies, FACTS), new Authorizer(plain, FACTS)];
    const [reach, exhaustiveReach] = [new Reach(policies, FACTS), new Reach(plain, FACTS)];
    const hosts = new Set<string>();
    prepare('index', texts);
    for (let i = 0; i < REQUESTS; i++) {
      const request = generator.request(paths);
      const verdict = exhaustive.decide(request);
      expect(indexed.decide(request), JSON.stringify({ request, texts })).toEqual(verdict);
      if (verdict.effect === 'allow') allowed++;
      errors += verdict.errors?.length ?? 0;
      if (request.resource.type === 'host') hosts.add(request.resource.name);
      // The veil is no part of the proof: what it says is what Cedar says.
      if (i > 5) continue;
      const { effect, policies: ids, errors: failed } = judge('index', request);
      expect([verdict.effect, verdict.policies.toSorted(), verdict.errors?.toSorted() ?? []]).toEqual([
        effect,
        ids,
        failed,
      ]);
    }
    for (const host of hosts) expect(reach.includes(host), host).toBe(exhaustiveReach.includes(host));
  }
  expect(allowed).toBeGreaterThan(20);
  expect(errors).toBeGreaterThan(200);
});

test('what is found for all programs is the verdict for any', () => {
  const generator = new Generator(2027);
  generator.family = 'file';
  let forAll = 0;
  for (let round = 0; round < 10 * ROUNDS; round++) {
    const { texts, policies } = randomSet(generator, 4);
    const authorizer = new Authorizer(policies, FACTS);
    const paths = literalPaths(texts);
    for (let i = 0; i < REQUESTS; i++) {
      const [request, other] = [generator.request(paths), generator.request(paths)] as [FileRequest, FileRequest];
      const { verdict, isForAll } = authorizer.find(request);
      if (!isForAll) continue;
      forAll++;
      expect(authorizer.decide({ ...request, program: other.program }), JSON.stringify({ request, texts })).toEqual(
        verdict,
      );
    }
  }
  expect(forAll).toBeGreaterThan(1000);
});
