// Bugs that somebody could have written: each must be noticed by the comparison with the official Cedar authorizer.
import { INDEX_MUTANTS } from './index-mutants.ts';
import type { Mutant } from './mutant.ts';

const COMPILE = 'src/policy/compile';
const EVALUATE = 'src/policy/evaluate';

export const MUTANTS: readonly Mutant[] = [
  // The server that a program belongs to
  {
    name: 'the table takes every program for one of no server',
    file: `${COMPILE}/path-domain.ts`,
    find: "...opaqueFields('context.proc', ['uid', 'ancestors', 'via']),",
    replace: "...opaqueFields('context.proc', ['uid', 'ancestors']),\n      ['via', { kind: 'string', value: '' }],",
  },
  {
    name: 'the evaluator forgets the server',
    file: `${EVALUATE}/context.ts`,
    find: 'via: text(via),',
    replace: "via: text(via === '' ? via : ''),",
  },
  // Symbolic evaluation
  {
    name: 'the negation of an error is true',
    file: `${COMPILE}/symbolic.ts`,
    find: 'const { yes, no } = this.truth(expression.operand);\n        return this.#fromTruth({ yes: no, no: yes });',
    replace:
      'const { yes } = this.truth(expression.operand);\n        return this.#fromTruth({ yes: this.#bdd.not(yes), no: yes });',
  },
  {
    name: '|| goes on after an error on its left',
    file: `${COMPILE}/symbolic.ts`,
    find: 'yes: or(a.yes, and(a.no, b.yes))',
    replace: 'yes: or(a.yes, b.yes)',
  },
  {
    name: '&& is false when its right side is, whatever the left',
    file: `${COMPILE}/symbolic.ts`,
    find: 'no: or(a.no, and(a.yes, b.no)) }\n        : ',
    replace: 'no: or(a.no, b.no) }\n        : ',
  },
  {
    name: 'an error in unless satisfies it',
    file: `${COMPILE}/symbolic.ts`,
    find: 'wants ? yes : no',
    replace: 'wants ? yes : this.#bdd.not(yes)',
  },
  {
    name: 'an if whose test fails takes its else',
    file: `${COMPILE}/symbolic.ts`,
    find: '[truth.no, bool(false)],\n    ];',
    replace: '[this.#bdd.not(truth.yes), bool(false)],\n    ];',
  },
  {
    name: 'has looks no deeper than the first name',
    file: `${COMPILE}/symbolic.ts`,
    find: 'return walk(field, index + 1);',
    replace: 'return [[TRUE, bool(true)]];',
  },
  {
    name: '`in` tolerates a set with something that is no entity',
    file: `${COMPILE}/relations.ts`,
    find: '  if (!parents.every(isEntityTerm)) return [];\n',
    replace: '',
  },
  {
    name: 'containsAll holds when some element is found',
    file: `${COMPILE}/relations.ts`,
    find: 'domain.bdd.and(all, node), TRUE)',
    replace: 'domain.bdd.or(all, node), each.length === 0 ? TRUE : FALSE)',
  },
  {
    name: '64-bit overflow wraps around',
    file: `${EVALUATE}/value.ts`,
    find: "BigInt.asIntN(64, value) === value ? { kind: 'long', value } : undefined",
    replace: "{ kind: 'long', value: BigInt.asIntN(64, value) }",
  },
  // Paths
  {
    name: 'a directory without its final slash is another one',
    file: `${COMPILE}/path-subject.ts`,
    find: "const id = parent.id.endsWith('/') ? parent.id :",
    replace: "const id = !parent.id.endsWith('!') ? parent.id :",
  },
  {
    name: 'an exact path covers what begins like it',
    file: `${COMPILE}/path-subject.ts`,
    find: "if (pattern.length === 1) return this.#atoms.literal(this.name, 'exact', text);",
    replace: "if (pattern.length === 1) return this.#atoms.literal(this.name, 'prefix', text);",
  },
  {
    name: 'every path is a file',
    file: `${COMPILE}/path-subject.ts`,
    find: "return type === 'Dir' ? isDirectory : this.#atoms.bdd.not(isDirectory);",
    replace: "return type === 'Dir' ? FALSE : TRUE;",
  },
  {
    name: 'the session directory is taken literally',
    file: `${COMPILE}/path-subject.ts`,
    find: 'alias === undefined ? id : aliasTarget(this.#facts, alias)',
    replace: 'id',
  },
  {
    name: 'a dotfile has an extension',
    file: `${COMPILE}/path-pattern.ts`,
    find: "{ place: 'stem', positions: inner.start, ended: false }",
    replace: "{ place: byte === DOT ? 'extension' : 'stem', positions: inner.start, ended: false }",
  },
  {
    name: 'a directory has no name',
    file: `${COMPILE}/path-pattern.ts`,
    find: 'return { positions: undefined, ended: positions === undefined ? ended : inner.accepts(positions) };',
    replace: 'return { positions: undefined, ended: inner.accepts(inner.start) };',
  },
  {
    name: 'the directory of a directory is itself',
    file: `${COMPILE}/path-pattern.ts`,
    find: 'inComponent ? last : previous',
    replace: 'last',
  },
  {
    name: 'a wildcard forgets the piece after it',
    file: `${COMPILE}/path-pattern.ts`,
    find: 'closed].filter((position) => position >= wildcard)',
    replace: 'closed].filter((position) => position === wildcard || wildcard < 0)',
  },
  {
    name: 'name is the text after the last dot or slash',
    file: `${EVALUATE}/path-entity.ts`,
    find: "return bare.slice(bare.lastIndexOf('/') + 1);",
    replace: "return bare.slice(Math.max(bare.lastIndexOf('/'), bare.lastIndexOf('.')) + 1);",
  },
  {
    name: 'a directory contains itself under its alias only when it is named with a slash',
    file: `${EVALUATE}/path-entity.ts`,
    find: "if (directory !== '/') ancestors.add(entityKey('Dir', directory.slice(0, -1)));",
    replace: '',
  },
  // Automaton and image
  {
    name: 'a forbid does not override',
    file: `${COMPILE}/goals.ts`,
    find: 'this.#bdd.and(permits.root, this.#bdd.not(forbids.root))',
    replace: 'permits.root',
  },
  {
    name: 'an atom that no longer holds is not taken back',
    file: `${COMPILE}/goals.ts`,
    find: '      this.#holding.delete(variable);\n',
    replace: '',
  },
  {
    name: 'pruning looks at labels only',
    file: `${COMPILE}/automaton.ts`,
    find: 'node.fallback !== instead || node.label !== labels[instead]',
    replace: 'node.label !== labels[instead]',
  },
  {
    name: 'pruning looks at fallbacks only',
    file: `${COMPILE}/automaton.ts`,
    find: 'node.fallback !== instead || node.label !== labels[instead]',
    replace: 'node.fallback !== instead',
  },
  {
    name: 'what the table cannot decide is denied',
    file: `${COMPILE}/table.ts`,
    find: 'strict === FALSE && lenient === TRUE ? TABLE_ASK : TABLE_QUERY',
    replace: 'strict === FALSE ? (lenient === TRUE ? TABLE_ASK : TABLE_DENY) : TABLE_QUERY',
  },
  {
    name: 'a permit that asks allows without asking',
    file: `${COMPILE}/table.ts`,
    find: "const strict = goalOf(without('permit'), always);",
    replace: 'const strict = goalOf(guarded, always);',
  },
  {
    name: 'a shadow policy counts in the table',
    file: `${COMPILE}/table.ts`,
    find: 'guarded.filter(({ policy }) => !policy.shadow)',
    replace: 'guarded',
  },
  {
    name: 'two children share a slot of the double array',
    file: `${COMPILE}/double-array.ts`,
    find: 'bytes.every((byte) => free.isFree(base + byte))',
    replace: 'free.isFree(base + first)',
  },
  {
    name: 'states are equivalent when their labels are',
    file: `${COMPILE}/dfa.ts`,
    find: 'if (ids.size === parts) return { part, parts };',
    replace: 'return { part, parts };',
  },
  {
    name: 'a row says the same for every program',
    file: `${COMPILE}/program-rows.ts`,
    find: 'atoms.map((atom) => holding.has(atom))',
    replace: 'atoms.map(() => true)',
  },
  // The index
  {
    name: 'the index forgets that an entity is in itself',
    file: `${EVALUATE}/rule-index.ts`,
    find: '    mark(this.parents.get(key));\n',
    replace: '',
  },
  {
    name: 'the index does not look for errors on the left of a test',
    file: `${EVALUATE}/needs.ts`,
    find: 'return all(needsOf(test.left), needsOf(test.right));',
    replace: 'return needsOf(test.right);',
  },
  {
    name: 'the index takes a missing attribute for one that is false',
    file: `${EVALUATE}/rule-index.ts`,
    find: 'if (value === undefined || (kind',
    replace: 'if (value !== undefined && (kind',
  },
  // Closures
  {
    name: 'a policy whose condition fails is satisfied by unless',
    file: `${EVALUATE}/rule.ts`,
    find: "if (value?.kind !== 'bool') return 'error';",
    replace: "if (value?.kind !== 'bool') return wants ? 'error' : 'satisfied';",
  },
  {
    name: 'a forbid that asks refuses for good',
    file: `${EVALUATE}/authorizer.ts`,
    find: '!forbids.some(isPlain) ?',
    replace: 'forbids.length === 0 ?',
  },
  {
    name: 'the group of all mutations is no file access',
    file: `${EVALUATE}/actions.ts`,
    find: "['FileOpenReadWrite', 'FileOpen']",
    replace: "['FileOpenReadWrite']",
  },
  {
    name: 'equal sets are compared in order',
    file: `${EVALUATE}/value.ts`,
    find: '[...new Set(value.elements.map(valueKey))].sort().join()',
    replace: 'value.elements.map(valueKey).join()',
  },
  {
    name: '`like` lets the last piece overlap the one before',
    file: `${EVALUATE}/like.ts`,
    find: 'if (found < 0 || found + part.length > end) return false;',
    replace: 'if (found < 0) return false;',
  },
  {
    name: '`in` stops at the first match and never sees what is no entity',
    file: `${EVALUATE}/closure.ts`,
    find: 'found ||= isAncestor(world, child, element);',
    replace: 'if (isAncestor(world, child, element)) return TRUE;',
  },
  // Hosts
  {
    name: '*.x contains x',
    file: `${EVALUATE}/host-entity.ts`,
    find: 'const wildcards: string[] = [];',
    replace: "const wildcards: string[] = ['*.'.concat(host)];",
  },
  {
    name: 'a host with a port is no member of the bare address',
    file: `${EVALUATE}/host-entity.ts`,
    find: 'names.flatMap((name) => [name, withPort(name, port)])',
    replace: 'names.map((name) => withPort(name, port))',
  },
  {
    name: 'a group with a port puts a host out of reach',
    file: 'src/policy/peer-domain.ts',
    find: 'if (port === undefined) return unknown();',
    replace: 'if (port === undefined) return FALSE;',
  },
  ...INDEX_MUTANTS,
];
