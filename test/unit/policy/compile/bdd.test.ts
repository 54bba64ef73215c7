import { expect, test } from 'vitest';
import { Bdd, FALSE, type Node, TRUE } from '../../../../src/policy/compile/bdd.ts';

const bdd = new Bdd();
const [a, b, c] = [bdd.newVariable(), bdd.newVariable(), bdd.newVariable()];
const [A, B, C] = [bdd.literal(a), bdd.literal(b), bdd.literal(c)];

/** Value under an assignment of all variables. */
function evaluate(node: Node, bits: number): boolean {
  const value = bdd.restrict(node, (variable) => ((bits >> variable) & 1) === 1);
  expect([TRUE, FALSE]).toContain(value);
  return value === TRUE;
}

test('operations agree with Boolean algebra under every assignment', () => {
  const node = bdd.or(bdd.and(A, bdd.not(B)), bdd.and(B, C));
  for (let bits = 0; bits < 8; bits++) {
    const [x, y, z] = [bits & 1, bits & 2, bits & 4].map(Boolean);
    expect(evaluate(node, bits)).toBe((x && !y) || (y && z));
  }
});

test('equal functions are the same node', () => {
  expect(bdd.not(bdd.and(A, B))).toBe(bdd.or(bdd.not(A), bdd.not(B)));
  expect(bdd.and(A, bdd.or(B, C))).toBe(bdd.or(bdd.and(A, B), bdd.and(A, C)));
  expect(bdd.or(A, bdd.not(A))).toBe(TRUE);
  expect(bdd.and(A, bdd.not(A))).toBe(FALSE);
  expect(bdd.not(bdd.not(B))).toBe(B);
});

test('restriction and support', () => {
  const node = bdd.or(bdd.and(A, B), C);
  expect(bdd.support(node)).toEqual([a, b, c]);
  const rest = bdd.restrict(node, (variable) => (variable === c ? false : undefined));
  expect(rest).toBe(bdd.and(A, B));
  expect(bdd.support(rest)).toEqual([a, b]);
  expect(bdd.support(TRUE)).toEqual([]);
});
