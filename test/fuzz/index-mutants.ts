// Bugs that somebody could have written in the index of the evaluator.
import type { Mutant } from './mutant.ts';

const EVALUATE = 'src/policy/evaluate';

export const INDEX_MUTANTS: readonly Mutant[] = [
  {
    name: 'an error before what is looked up goes unnoticed',
    file: `${EVALUATE}/guard.ts`,
    find: 'if (needs === undefined) return first;',
    replace: 'if (needs === undefined) return [...first, ...alternatives(right, wants)];',
  },
  {
    name: 'the right side of || is not looked up',
    file: `${EVALUATE}/guard.ts`,
    find: 'atoms: [...a.atoms, ...b.atoms]',
    replace: 'atoms: a.atoms',
  },
  {
    name: 'an error in an earlier condition goes unnoticed',
    file: `${EVALUATE}/guard.ts`,
    find: '    needs.push(...met);\n',
    replace: '',
  },
  {
    name: 'unless is looked up as when',
    file: `${EVALUATE}/guard.ts`,
    find: 'alternatives(body, wants)',
    replace: 'alternatives(body, true)',
  },
  {
    name: 'a set with something that is no entity is looked up',
    file: `${EVALUATE}/guard.ts`,
    find: 'keys?.every(isEntity)',
    replace: 'keys !== undefined',
  },
  {
    name: 'an absent attribute is no error unless `has` is true',
    file: `${EVALUATE}/guard.ts`,
    find: '(wants ? presentAfter(left, other) : other)',
    replace: 'presentAfter(left, other)',
  },
  {
    name: 'ancestors are not looked up',
    file: `${EVALUATE}/rule-index.ts`,
    find: 'for (const ancestor of world.entity(type, id)?.ancestors ?? []) mark(this.parents.get(ancestor));',
    replace: '',
  },
  {
    name: 'a value of the wrong kind is no error',
    file: `${EVALUATE}/rule-index.ts`,
    find: 'value === undefined || (kind !== undefined && kind !== value.kind)',
    replace: 'value === undefined',
  },
  {
    name: '`in` of something that is no entity is no error',
    file: `${EVALUATE}/needs.ts`,
    find: "return all(ofKind('entity', test.left), parent(test.right));",
    replace: 'return all(ofAnyKind(test.left), parent(test.right));',
  },
  {
    name: 'a group with a port is not found by the name of its host',
    file: 'src/policy/host-candidates.ts',
    find: '[key.id, pattern.name]',
    replace: '[key.id]',
  },
];
