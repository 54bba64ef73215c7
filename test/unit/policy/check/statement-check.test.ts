// What is known of earlier texts makes a check and a compilation quick, never different.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkPolicies } from '../../../../src/policy/check/check.ts';
import { StatementChecker } from '../../../../src/policy/check/statement-check.ts';
import { TooComplex } from '../../../../src/policy/compile/atoms.ts';
import { compileTable, TableCompiler } from '../../../../src/policy/compile/table.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { splitStatements } from '../../../../src/policy/text/statements.ts';
import { FACTS } from '../judge.ts';
import { Generator } from '../random-policies.ts';

const SCHEMA = readFileSync(new URL('../../../../src/schema/leash.cedarschema', import.meta.url), 'utf8');
const TODAY = '2026-06-15';

test('a known statement is not looked at again, wherever it stands', () => {
  const checker = new StatementChecker(SCHEMA);
  const text = 'permit(principal, action, resource in Dir::"/a/");';
  const [first] = checker.check(splitStatements(text));
  const [, second] = checker.check(splitStatements(`permit(principal, action, resource);\n\n  ${text}`));
  expect(second).toBe(first);
  expect(first?.json).toBeDefined();
});

test('a fault of a known statement is told at its new place', () => {
  const checker = new StatementChecker(SCHEMA);
  const broken = 'permit(principal, action, resource) when { context.nope == 1 };';
  const lines = (text: string) => {
    const result = checkPolicies({ name: 'p', text }, checker, TODAY);
    return result.ok ? [] : result.lines.filter((line) => line.startsWith('p:'));
  };
  expect(lines(broken)[0]).toMatch(/^p:1:44: /);
  expect(lines(`// one more line\n  ${broken}`)[0]).toMatch(/^p:2:46: /);
});

test('the same text twice in a file is two policies', () => {
  const text = 'permit(principal, action, resource in Dir::"/a/");';
  const result = checkPolicies({ name: 'p', text: `${text}\n${text}` }, new StatementChecker(SCHEMA), TODAY);
  expect(result.ok && result.checked.policies.map(({ id }) => id)).toEqual(['p:1', 'p:2']);
});

/** Statements that pass every check. */
function soundStatements(generator: Generator, count: number): string[] {
  const statements: string[] = [];
  while (statements.length < count) {
    const text = generator.policy();
    if (checkPolicies({ name: 'p', text }, new StatementChecker(SCHEMA), TODAY).ok) statements.push(text);
  }
  return statements;
}

test('a sequence of edits ends where a start with the last text would', () => {
  const generator = new Generator(20_261_125);
  const { random } = generator;
  const pool = ['file', 'exec', 'file'].flatMap((family) => {
    generator.family = family as 'file' | 'exec';
    return soundStatements(generator, 12);
  });
  const checker = new StatementChecker(SCHEMA);
  const warm = new TableCompiler(FACTS);
  let present: string[] = [];
  let compared = 0;
  for (let edit = 0; edit < 120; edit++) {
    const chosen = random.pick(pool);
    const at = random.below(present.length + 1);
    if (random.chance(0.4) && present.length > 0) present = present.toSpliced(random.below(present.length), 1);
    else present = present.toSpliced(at, 0, random.chance(0.2) ? `@mode("shadow") ${chosen}` : chosen);
    const source = { name: 'p', text: present.join('\n') };
    const known = checkPolicies(source, checker, TODAY);
    if (edit % 10 === 0) expect(known).toEqual(checkPolicies(source, new StatementChecker(SCHEMA), TODAY));
    if (!known.ok) throw new Error(known.lines.join('\n'));
    const policies = known.checked.policies.map(readPolicy);
    try {
      expect(Buffer.compare(warm.compile(policies), compileTable(policies, FACTS))).toBe(0);
      compared++;
    } catch (error) {
      if (!(error instanceof TooComplex)) throw error;
    }
  }
  expect(compared).toBeGreaterThan(60);
});
