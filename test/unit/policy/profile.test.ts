import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/host/paths.ts';
import { TABLE_ALLOW, TABLE_DENY } from '../../../src/policy/compile/image.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { PolicySet } from '../../../src/policy/policy-set.ts';
import { defaultProfile } from '../../../src/policy/profile.ts';
import { splitStatements } from '../../../src/policy/text/statements.ts';
import { readCases } from './cases.ts';
import { FACTS, judge, prepare } from './judge.ts';
import { tableVerdict } from './table-verdict.ts';

const cases = readCases(path.join(PACKAGE_ROOT, 'policies/coder.cases'), FACTS);
let set: PolicySet;

beforeAll(async () => {
  const source = defaultProfile();
  set = await loadPolicies(source, FACTS);
  const statements = splitStatements(source.text);
  prepare('coder', Object.fromEntries(set.policies.map((id, i) => [id, statements[i]?.text ?? ''])));
});

describe('the profile coder', () => {
  test.each(cases.map((c) => [c.line, c] as const))('%s', (_, { effect, policies, request }) => {
    const verdict = set.decide(request);
    expect({ effect: verdict.effect, policies: verdict.policies.toSorted() }).toEqual({ effect, policies });
    expect(judge('coder', request)).toEqual({ effect, policies, errors: [] });
    if (request.resource.type !== 'path') return;
    expect(tableVerdict(set.image, request, 'enforced')).toBe(effect === 'allow' ? TABLE_ALLOW : TABLE_DENY);
  });

  test('covers every policy with a case it determines', () => {
    const used = new Set(cases.flatMap(({ policies }) => policies));
    expect(set.policies.filter((id) => !used.has(id))).toEqual([]);
  });

  test('gives every forbid a reason', () => {
    const statements = splitStatements(defaultProfile().text).map(({ text }) => text);
    const forbids = statements.filter((text) => /^(@.*\n)*forbid/.test(text));
    expect(forbids.length).toBeGreaterThan(5);
    expect(forbids.filter((text) => !text.includes('@reason("'))).toEqual([]);
  });

  test('needs no rewriting and leaves nothing to ask', () => {
    expect(set.notes).toEqual([]);
  });

  test('resolves the names it lets the agent connect to, and no other', () => {
    expect(set.mayConnect('api.anthropic.com')).toBe(true);
    expect(set.mayConnect('github.com')).toBe(true);
    expect(set.mayConnect('example.com')).toBe(false);
  });
});
