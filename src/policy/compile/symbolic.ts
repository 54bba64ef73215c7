// Symbolic evaluation: an expression becomes guarded values over decision diagrams; where no guard holds, Cedar reports a runtime error.
import type { Binary, Expression, Variable } from '../evaluate/expression.ts';
import { likeMatcher, type Pattern } from '../evaluate/like.ts';
import type { Policy } from '../evaluate/policy.ts';
import { bool, type Entity } from '../evaluate/value.ts';
import { type Bdd, FALSE, type Node, TRUE } from './bdd.ts';
import { call } from './calls.ts';
import { arithmetic, compare, negate } from './numbers.ts';
import { containsMany, containsOne, equalTerms, isEmptySet, isInTerm, isOfType, type Relations } from './relations.ts';
import { containsOpaque, type Term, termKey } from './term.ts';

/** Disjoint guards with the value that holds under each. */
export type Cases = readonly (readonly [Node, Term])[];

export interface Truth {
  readonly yes: Node;
  readonly no: Node;
}

/** What the evaluator asks of the request class it works for. */
export interface Domain {
  readonly bdd: Bdd;
  readonly variables: Readonly<Record<Variable, Term>>;
  /** Attributes of a concrete entity; undefined when the entity has none. */
  attributes(entity: Entity): ReadonlyMap<string, Term> | undefined;
  isIn(child: Entity, parent: Entity): Node;
  /** The same of the entity that a `someEntity` stands for. */
  attributesOf(subject: string): ReadonlyMap<string, Term>;
  equals(subject: string, entity: Entity): Node;
  isInside(subject: string, parent: Entity): Node;
  isType(subject: string, type: string): Node;
  /** Of a `someText`. */
  like(subject: string, pattern: Pattern): Node;
  /** A tag of a concrete entity as an `optional` term; undefined, or absent, when nothing is known of it. */
  tag?(entity: Entity, name: string): Term | undefined;
  /** A truth value nobody here knows; the same for the same description. */
  unknown(description: string): Truth;
}

/** Error, false and true as Cedar's `&&` and `||` treat them. */
export class SymbolicEvaluator {
  readonly #domain: Domain;
  readonly #relations: Relations;

  constructor(domain: Domain) {
    this.#domain = domain;
    this.#relations = { domain, fromNode: (node) => this.#fromNode(node), unknown: (text) => this.#unknown(text) };
  }

  get #bdd(): Bdd {
    return this.#domain.bdd;
  }

  /** The guard under which a policy is satisfied. */
  satisfied(policy: Policy): Node {
    let guard: Node = TRUE;
    for (const part of ['action', 'principal', 'resource'] as const) {
      guard = this.#bdd.and(guard, this.truth(policy.scope[part]).yes);
      if (guard === FALSE) return FALSE;
    }
    for (const { wants, body } of policy.conditions) {
      const { yes, no } = this.truth(body);
      guard = this.#bdd.and(guard, wants ? yes : no);
    }
    return guard;
  }

  /** The guards under which an expression is true and false; under neither it is an error. */
  truth(expression: Expression): Truth {
    return this.#truthOf(this.#evaluate(expression));
  }

  #truthOf(cases: Cases): Truth {
    const { and, or } = this.#operations();
    let yes: Node = FALSE;
    let no: Node = FALSE;
    for (const [guard, term] of cases) {
      const truth = term.kind === 'opaque' ? this.#domain.unknown(term.name) : this.#constantTruth(term);
      yes = or(yes, and(guard, truth.yes));
      no = or(no, and(guard, truth.no));
    }
    return { yes, no };
  }

  #constantTruth(term: Term): Truth {
    if (term.kind !== 'bool') return { yes: FALSE, no: FALSE };
    return term.value ? { yes: TRUE, no: FALSE } : { yes: FALSE, no: TRUE };
  }

  #operations(): { and: (a: Node, b: Node) => Node; or: (a: Node, b: Node) => Node } {
    return { and: (a, b) => this.#bdd.and(a, b), or: (a, b) => this.#bdd.or(a, b) };
  }

  #fromTruth({ yes, no }: Truth): Cases {
    const cases: [Node, Term][] = [];
    if (yes !== FALSE) cases.push([yes, bool(true)]);
    if (no !== FALSE) cases.push([no, bool(false)]);
    return cases;
  }

  #fromNode(node: Node): Cases {
    return this.#fromTruth({ yes: node, no: this.#bdd.not(node) });
  }

  #unknown(description: string): Cases {
    return this.#fromTruth(this.#domain.unknown(description));
  }

  /** Applies `f` to each value; equal results are merged, which keeps the number of cases small. */
  #map(cases: Cases, f: (term: Term) => Cases): Cases {
    const merged = new Map<string, [Node, Term]>();
    for (const [guard, term] of cases) {
      for (const [inner, result] of f(term)) {
        const both = this.#bdd.and(guard, inner);
        if (both === FALSE) continue;
        const key = termKey(result);
        const known = merged.get(key);
        if (known === undefined) merged.set(key, [both, result]);
        else known[0] = this.#bdd.or(known[0], both);
      }
    }
    return [...merged.values()];
  }

  #evaluate(expression: Expression): Cases {
    switch (expression.op) {
      case 'literal':
        return [[TRUE, expression.value]];
      case 'variable':
        return [[TRUE, this.#domain.variables[expression.name]]];
      case 'not': {
        const { yes, no } = this.truth(expression.operand);
        return this.#fromTruth({ yes: no, no: yes });
      }
      case 'negate':
        return this.#map(this.#evaluate(expression.operand), (term) => maybe(negate(term)));
      case 'isEmpty':
        return this.#map(this.#evaluate(expression.operand), (term) => isEmptySet(this.#relations, term));
      case 'if':
        return this.#branch(expression.test, expression.yes, expression.no);
      case 'has':
        return this.#has(expression.operand, expression.path);
      case 'attribute':
        return this.#map(this.#evaluate(expression.operand), (term) => this.#attribute(term, expression.name));
      case 'like':
        return this.#map(this.#evaluate(expression.operand), (term) => this.#like(term, expression.pattern));
      case 'is':
        return this.#is(expression.operand, expression.type, expression.within);
      case 'set':
        return this.#all(expression.elements, (elements) => [[TRUE, built({ kind: 'set', elements })]]);
      case 'record':
        return this.#record(expression.fields);
      case 'call':
        return this.#all(expression.operands, (operands) => call(this.#relations, expression.name, operands));
      case 'and':
      case 'or':
        return this.#shortCircuit(expression.op, expression.left, expression.right);
      default:
        return this.#binary(expression.op, expression.left, expression.right);
    }
  }

  #shortCircuit(op: 'and' | 'or', left: Expression, right: Expression): Cases {
    const { and, or } = this.#operations();
    const a = this.truth(left);
    const b = this.truth(right);
    return this.#fromTruth(
      op === 'and'
        ? { yes: and(a.yes, b.yes), no: or(a.no, and(a.yes, b.no)) }
        : { yes: or(a.yes, and(a.no, b.yes)), no: and(a.no, b.no) },
    );
  }

  #branch(test: Expression, yes: Expression, no: Expression): Cases {
    const truth = this.truth(test);
    const sides: Cases = [
      [truth.yes, bool(true)],
      [truth.no, bool(false)],
    ];
    return this.#map(sides, (side) => this.#evaluate(isTrue(side) ? yes : no));
  }

  #all(expressions: readonly Expression[], f: (terms: readonly Term[]) => Cases): Cases {
    const collect = (index: number, terms: readonly Term[]): Cases => {
      const expression = expressions[index];
      return expression === undefined
        ? f(terms)
        : this.#map(this.#evaluate(expression), (term) => collect(index + 1, [...terms, term]));
    };
    return collect(0, []);
  }

  #record(fields: readonly (readonly [string, Expression])[]): Cases {
    return this.#all(
      fields.map(([, value]) => value),
      (terms) => [[TRUE, built({ kind: 'record', fields: new Map(fields.map(([name], i) => [name, terms[i]!])) })]],
    );
  }

  #fields(term: Term): ReadonlyMap<string, Term> | undefined {
    if (term.kind === 'record') return term.fields;
    if (term.kind === 'someEntity') return this.#domain.attributesOf(term.subject);
    return term.kind === 'entity' ? (this.#domain.attributes(term) ?? new Map<string, Term>()) : undefined;
  }

  #attribute(term: Term, name: string): Cases {
    if (term.kind === 'opaque') return [[TRUE, { kind: 'opaque', name: `${term.name}.${JSON.stringify(name)}` }]];
    const field = this.#fields(term)?.get(name);
    return field?.kind === 'optional' ? [[field.isPresent, field.value]] : maybe(field);
  }

  #has(operand: Expression, path: readonly string[]): Cases {
    const walk = (term: Term, index: number): Cases => {
      const name = path[index];
      if (name === undefined) return [[TRUE, bool(true)]];
      if (term.kind === 'opaque') return this.#unknown(`${term.name} has ${JSON.stringify(path.slice(index))}`);
      const fields = this.#fields(term);
      if (fields === undefined) return [];
      const field = fields.get(name);
      if (field === undefined) return [[TRUE, bool(false)]];
      if (field.kind === 'opaque' && field.optional) return this.#unknown(`has ${field.name} ${path.slice(index + 1)}`);
      if (field.kind !== 'optional') return walk(field, index + 1);
      const presence = this.#fromNode(field.isPresent);
      return this.#map(presence, (present) => (isTrue(present) ? walk(field.value, index + 1) : [[TRUE, present]]));
    };
    return this.#map(this.#evaluate(operand), (term) => walk(term, 0));
  }

  #like(term: Term, pattern: Pattern): Cases {
    if (term.kind === 'opaque') return this.#unknown(`${termKey(term)} like ${JSON.stringify(pattern)}`);
    if (term.kind === 'someText') return this.#fromNode(this.#domain.like(term.subject, pattern));
    return term.kind === 'string' ? [[TRUE, bool(likeMatcher(pattern)(term.value))]] : [];
  }

  #is(operand: Expression, type: string, within: Expression | undefined): Cases {
    return this.#map(this.#evaluate(operand), (term) => {
      const is = this.#truthOf(isOfType(this.#relations, term, type));
      if (within === undefined) return this.#fromTruth(is);
      const inside = this.#truthOf(
        this.#map(this.#evaluate(within), (parent) => isInTerm(this.#relations, term, parent)),
      );
      const { and, or } = this.#operations();
      return this.#fromTruth({ yes: and(is.yes, inside.yes), no: or(is.no, and(is.yes, inside.no)) });
    });
  }

  #tag(op: 'hasTag' | 'getTag', a: Term, b: Term): Cases {
    const known = a.kind === 'entity' && b.kind === 'string' ? this.#domain.tag?.(a, b.value) : undefined;
    if (known?.kind !== 'optional') return [[TRUE, { kind: 'opaque', name: `${op} ${termKey(a)} ${termKey(b)}` }]];
    return op === 'hasTag' ? this.#fromNode(known.isPresent) : [[known.isPresent, known.value]];
  }

  #binary(op: Exclude<Binary, 'and' | 'or'>, left: Expression, right: Expression): Cases {
    return this.#map(this.#evaluate(left), (a) => this.#map(this.#evaluate(right), (b) => this.#relate(op, a, b)));
  }

  #relate(op: Exclude<Binary, 'and' | 'or'>, a: Term, b: Term): Cases {
    switch (op) {
      case 'equal':
        return equalTerms(this.#relations, a, b);
      case 'notEqual': {
        const { yes, no } = this.#truthOf(equalTerms(this.#relations, a, b));
        return this.#fromTruth({ yes: no, no: yes });
      }
      case 'in':
        return isInTerm(this.#relations, a, b);
      case 'contains':
        return containsOne(this.#relations, a, b);
      case 'containsAll':
      case 'containsAny':
        return containsMany(this.#relations, op, a, b);
      case 'hasTag':
      case 'getTag':
        return this.#tag(op, a, b);
      case 'add':
      case 'subtract':
      case 'multiply':
        return maybe(arithmetic(op, a, b));
      default:
        return compare(this.#relations, op, a, b);
    }
  }
}

const maybe = (term: Term | undefined): Cases => (term === undefined ? [] : [[TRUE, term]]);

const isTrue = (term: Term): boolean => term.kind === 'bool' && term.value;

/** A set or record made of something opaque may be an error as a whole, so it is opaque itself. */
function built(term: Term): Term {
  return containsOpaque(term) ? { kind: 'opaque', name: termKey(term) } : term;
}
