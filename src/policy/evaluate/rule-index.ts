// Policies in; for each request the few that can be satisfied or fail, in the order of the text, out.
import { type Closure, compileExpression, type World } from './closure.ts';
import { type Guard, guardsOf, type Key, type Relation } from './guard.ts';
import type { Reference } from './needs.ts';
import type { Policy } from './policy.ts';
import { entityKey, type Value } from './value.ts';

type Rules = readonly number[];

/** Keys of one kind never equal those of another: a string, a bigint, a boolean; entities have maps of their own. */
type Plain = string | bigint | boolean;

function append<K>(map: Map<K, number[]>, key: K, rule: number): void {
  const rules = map.get(key);
  if (rules === undefined) map.set(key, [rule]);
  else if (rules.at(-1) !== rule) rules.push(rule);
}

/** Pieces of text by their length, so that a text is looked up once for each length that occurs. */
class Pieces {
  readonly #lengths: number[] = [];
  readonly #rules = new Map<string, number[]>();
  readonly #cut: (text: string, length: number) => string;

  constructor(cut: (text: string, length: number) => string) {
    this.#cut = cut;
  }

  add(piece: string, rule: number): void {
    if (!this.#lengths.includes(piece.length)) this.#lengths.push(piece.length);
    append(this.#rules, piece, rule);
  }

  look(text: string, mark: (rules: Rules | undefined) => void): void {
    for (const length of this.#lengths) {
      if (length <= text.length) mark(this.#rules.get(this.#cut(text, length)));
    }
  }
}

/** One value of the request, and the policies that ask for it. */
class Probe {
  readonly value: Closure;
  readonly plain = new Map<Plain, number[]>();
  readonly entities = new Map<string, number[]>();
  readonly parents = new Map<string, number[]>();
  readonly beginnings = new Pieces((text, length) => text.slice(0, length));
  readonly endings = new Pieces((text, length) => text.slice(text.length - length));
  /** Policies for which it must be of a kind, or (undefined) be there at all. */
  readonly needs = new Map<Value['kind'] | undefined, number[]>();

  constructor({ expression }: Reference) {
    this.value = compileExpression(expression);
  }

  add(relation: Relation, key: Key, rule: number): void {
    if (relation === 'in' && key.kind === 'entity') append(this.parents, entityKey(key.type, key.id), rule);
    else if (key.kind === 'entity') append(this.entities, entityKey(key.type, key.id), rule);
    else if (relation === 'begins' && key.kind === 'string') this.beginnings.add(key.value, rule);
    else if (relation === 'ends' && key.kind === 'string') this.endings.add(key.value, rule);
    else append<Plain>(this.plain, key.value, rule);
  }

  look(world: World, mark: (rules: Rules | undefined) => void): void {
    const value = this.value(world);
    for (const [kind, rules] of this.needs) {
      if (value === undefined || (kind !== undefined && kind !== value.kind)) mark(rules);
    }
    if (value === undefined) return;
    if (value.kind === 'entity') this.#lookEntity(value.type, value.id, world, mark);
    if (value.kind === 'string') {
      this.beginnings.look(value.value, mark);
      this.endings.look(value.value, mark);
    }
    if (value.kind === 'string' || value.kind === 'long' || value.kind === 'bool') mark(this.plain.get(value.value));
  }

  #lookEntity(type: string, id: string, world: World, mark: (rules: Rules | undefined) => void): void {
    const key = entityKey(type, id);
    mark(this.entities.get(key));
    if (this.parents.size === 0) return;
    mark(this.parents.get(key));
    for (const ancestor of world.entity(type, id)?.ancestors ?? []) mark(this.parents.get(ancestor));
  }
}

function atomKey({ reference, relation, key }: Guard['atoms'][number]): string {
  return `${reference.name} ${relation} ${key.kind === 'entity' ? entityKey(key.type, key.id) : `${key.kind} ${key.value}`}`;
}

/** How many policies share the keys of each guard: of several guards the rarest is the best. */
function populations(guards: readonly (readonly Guard[])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const atom of guards.flat().flatMap(({ atoms }) => atoms)) {
    const key = atomKey(atom);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function rarest(guards: readonly Guard[], counts: ReadonlyMap<string, number>): Guard | undefined {
  if (guards.length < 2) return guards[0];
  const cost = ({ atoms }: Guard): number => atoms.reduce((sum, atom) => sum + (counts.get(atomKey(atom)) ?? 0), 0);
  const costs = guards.map(cost);
  return guards[costs.indexOf(Math.min(...costs))];
}

export class RuleIndex {
  readonly #probes: readonly Probe[];
  /** One bit a policy, in the order of the text: those to be evaluated for every request. */
  readonly #always: Uint32Array;
  /** The same for the request at hand. */
  readonly #marked: Uint32Array;
  readonly #mark: (rules: Rules | undefined) => void;

  /** All of `policies` are about the principal and the action of every request to come. */
  constructor(policies: readonly Policy[]) {
    const guards = policies.map(guardsOf);
    const counts = populations(guards);
    const probes = new Map<string, Probe>();
    const probe = (reference: Reference): Probe => {
      const known = probes.get(reference.name) ?? new Probe(reference);
      probes.set(reference.name, known);
      return known;
    };
    this.#always = new Uint32Array((policies.length + 31) >>> 5);
    for (const [rule, alternatives] of guards.entries()) {
      const guard = rarest(alternatives, counts);
      if (guard === undefined) setBit(this.#always, rule);
      for (const { reference, relation, key } of guard?.atoms ?? []) probe(reference).add(relation, key, rule);
      for (const need of guard?.needs ?? []) append(probe(need).needs, need.kind, rule);
    }
    this.#probes = [...probes.values()];
    const marked = new Uint32Array(this.#always.length);
    this.#marked = marked;
    this.#mark = (rules) => {
      if (rules !== undefined) for (const rule of rules) setBit(marked, rule);
    };
  }

  /** Positions of the policies that could be satisfied or fail, ascending; all others are certainly not satisfied. */
  candidates(world: World): Rules {
    const marked = this.#marked;
    marked.set(this.#always);
    for (const probe of this.#probes) probe.look(world, this.#mark);
    const rules: number[] = [];
    for (let word = 0; word < marked.length; word++) {
      for (let rest = marked[word] ?? 0; rest !== 0; rest &= rest - 1)
        rules.push(word * 32 + 31 - Math.clz32(rest & -rest));
    }
    return rules;
  }
}

function setBit(bits: Uint32Array, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31));
}
