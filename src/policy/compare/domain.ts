// A request class for the symbolic evaluator, with every part of the request that can be modelled: paths, hosts, texts, numbers, addresses.
import type { Action } from '../../schema/request.ts';
import type { Atoms } from '../compile/atoms.ts';
import { type Bdd, FALSE, type Node, TRUE } from '../compile/bdd.ts';
import type { Domain, Truth } from '../compile/symbolic.ts';
import type { Term } from '../compile/term.ts';
import type { TextSubject } from '../compile/text-subject.ts';
import { actionGroups } from '../evaluate/actions.ts';
import type { Pattern } from '../evaluate/like.ts';
import { type Entity, entity, entityKey } from '../evaluate/value.ts';
import { agentData } from '../evaluate/world.ts';
import type { SessionFacts } from '../facts.ts';
import type { Unknowns } from './unknowns.ts';

/** A path or a host of the request. */
export interface EntitySubject {
  /** Is it this entity, or a part of it, that a term's `subject` names? */
  owns(subject: string): boolean;
  attributesOf(subject: string): ReadonlyMap<string, Term>;
  equals(subject: string, entity: Entity): Node;
  isInside(subject: string, parent: Entity): Node;
  isType(subject: string, type: string): Node;
  like(subject: string, pattern: Pattern): Node;
}

/** A text of the request. */
export type AskedText = Pick<TextSubject, 'name' | 'like'>;

export interface Subjects {
  readonly atoms: Atoms;
  readonly unknowns: Unknowns;
  readonly entities: readonly EntitySubject[];
  readonly texts: readonly AskedText[];
  readonly resource: Term;
  readonly context: ReadonlyMap<string, Term>;
  /** An HTTP header by its name, as an `optional` term. */
  readonly header?: (name: string) => Term;
  /** The same of an argument of an MCP call. */
  readonly argument?: (pointer: string) => Term;
}

export class CompareDomain implements Domain {
  readonly #facts: SessionFacts;
  readonly #subjects: Subjects;
  readonly #agentAttributes: ReadonlyMap<string, Term>;
  readonly #agentGroups: ReadonlySet<string>;
  readonly #action: Action;

  /** `facts` are canonical. */
  constructor(action: Action, subjects: Subjects, facts: SessionFacts) {
    this.#action = action;
    this.#subjects = subjects;
    this.#facts = facts;
    const { attributes, ancestors } = agentData(facts);
    // Differs from session to session, and two sets are compared for them all.
    this.#agentAttributes = new Map<string, Term>([
      ...attributes,
      ['session', { kind: 'opaque', name: 'principal.session' }],
    ]);
    this.#agentGroups = ancestors;
  }

  get bdd(): Bdd {
    return this.#subjects.atoms.bdd;
  }

  get variables(): Domain['variables'] {
    const { resource, context } = this.#subjects;
    return {
      principal: entity('Agent', this.#facts.agent),
      action: entity('Action', this.#action),
      resource,
      context: { kind: 'record', fields: context },
    };
  }

  attributes({ type, id }: Entity): ReadonlyMap<string, Term> | undefined {
    return type === 'Agent' && id === this.#facts.agent ? this.#agentAttributes : undefined;
  }

  isIn(child: Entity, parent: Entity): Node {
    const key = entityKey(parent.type, parent.id);
    if (entityKey(child.type, child.id) === key) return TRUE;
    if (child.type === 'Action') return actionGroups(this.#action).has(key) ? TRUE : FALSE;
    return child.type === 'Agent' && child.id === this.#facts.agent && this.#agentGroups.has(key) ? TRUE : FALSE;
  }

  #entity(subject: string): EntitySubject {
    const owner = this.#subjects.entities.find((one) => one.owns(subject));
    if (owner === undefined) throw new Error(`no part of the request is called ${subject}`);
    return owner;
  }

  attributesOf(subject: string): ReadonlyMap<string, Term> {
    return this.#entity(subject).attributesOf(subject);
  }

  equals(subject: string, other: Entity): Node {
    return this.#entity(subject).equals(subject, other);
  }

  isInside(subject: string, parent: Entity): Node {
    return this.#entity(subject).isInside(subject, parent);
  }

  isType(subject: string, type: string): Node {
    return this.#entity(subject).isType(subject, type);
  }

  like(subject: string, pattern: Pattern): Node {
    const text = this.#subjects.texts.find(({ name }) => name === subject);
    return text === undefined ? this.#entity(subject).like(subject, pattern) : text.like(pattern);
  }

  tag({ type }: Entity, name: string): Term | undefined {
    if (type === 'MCP::Args') return this.#subjects.argument?.(name);
    return type === 'Http::Headers' ? this.#subjects.header?.(name) : undefined;
  }

  unknown(description: string): Truth {
    return this.#subjects.unknowns.truth(description);
  }
}
