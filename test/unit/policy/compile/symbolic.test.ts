import { expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { MAX_PATTERNS, TooComplex } from '../../../../src/policy/compile/atoms.ts';
import { FALSE, TRUE } from '../../../../src/policy/compile/bdd.ts';
import { PathDomain } from '../../../../src/policy/compile/path-domain.ts';
import { SymbolicEvaluator } from '../../../../src/policy/compile/symbolic.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { FACTS } from '../judge.ts';

function guard(condition: string): { node: number; atoms: string[] } {
  const domain = new PathDomain(FACTS);
  const json = statementToJson(`permit(principal, action, resource) when { ${condition} };`);
  const node = new SymbolicEvaluator(domain).satisfied(readPolicy({ id: 'p', shadow: false, json }));
  return {
    node,
    atoms: domain.atoms
      .of('resource')
      .map((atom) => (atom.kind === 'pattern' ? 'pattern' : `${atom.kind} ${atom.text}`)),
  };
}

test.each([
  ['principal.name == "claude" && principal in User::"alice"', TRUE],
  ['principal in User::"bob"', FALSE],
  ['context.nope == 1 || true', FALSE],
  ['true || context.nope == 1', TRUE],
  ['!(context.nope == 1)', FALSE],
  ['(if context.nope == 1 then true else true)', FALSE],
  ['resource has path && !(resource has nope)', TRUE],
  ['resource in resource && [resource].contains(resource)', TRUE],
  ['resource in ["x"]', FALSE],
  ['action in Action::"FileOpen"', TRUE],
  ['9007199254740991 * 9007199254740991 > 0 || true', FALSE],
])('%s needs no atom', (condition, node) => {
  expect(guard(condition)).toEqual({ node, atoms: [] });
});

test('directories become prefixes, files exact texts, other shapes patterns', () => {
  expect(
    guard('resource in Dir::"/a" || resource in Dir::"@home" || resource == File::"/b" || resource.path like "/c*"')
      .atoms,
  ).toEqual(['prefix /a/', `prefix ${FACTS.home}`, 'exact /b', 'prefix /c']);
  expect(guard('resource.path like "*/x" || resource.name == "y"').atoms).toEqual(['pattern', 'pattern']);
});

test('the same question is the same variable, another one is not', () => {
  expect(guard('context.proc.uid == 0 || context.proc.uid != 0').node).not.toBe(FALSE);
  expect(
    guard('context.proc.exe.path == "a" && context.proc.exe.name == "a" && !(context.proc.exe.path == "a")').node,
  ).toBe(FALSE);
});

test('patterns are limited', () => {
  const domain = new PathDomain(FACTS);
  for (let i = 0; i < MAX_PATTERNS; i++) domain.like('resource.name', [`n${i}`]);
  expect(() => domain.like('resource.name', ['n0'])).not.toThrow();
  expect(() => domain.like('resource.name', ['one more'])).toThrow(TooComplex);
});
