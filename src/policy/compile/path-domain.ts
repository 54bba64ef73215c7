// The request classes that a table decides (file and exec): conditions on the path and the program become atoms, others unknown.
import type { Action } from '../../schema/request.ts';
import { actionGroups } from '../evaluate/actions.ts';
import type { Pattern } from '../evaluate/like.ts';
import { type Entity, entity, entityKey } from '../evaluate/value.ts';
import { agentGroups, type SessionFacts } from '../facts.ts';
import { Atoms } from './atoms.ts';
import { type Bdd, FALSE, type Node, TRUE } from './bdd.ts';
import { PathSubject } from './path-subject.ts';
import type { Domain, Truth } from './symbolic.ts';
import type { Term } from './term.ts';

function opaqueFields(prefix: string, names: readonly string[]): readonly [string, Term][] {
  return names.map((name) => [name, { kind: 'opaque', name: `${prefix}.${name}` }]);
}

/** A digest is there only when the warden was told to make one. */
function digest(prefix: string): [string, Term] {
  return ['sha256', { kind: 'opaque', name: `${prefix}.sha256`, optional: true }];
}

/** Arguments are judged where they are known, in the manager. */
const OPAQUE_ARGUMENTS = [...opaqueFields('context', ['args', 'argv', 'argc']), digest('context')];

function agentAttributes(facts: SessionFacts): ReadonlyMap<string, Term> {
  return new Map<string, Term>([
    ['name', { kind: 'string', value: facts.agent }],
    // Differs from session to session, and a compiled table serves them all.
    ['session', { kind: 'opaque', name: 'principal.session' }],
    ['project', { kind: 'string', value: facts.workspace }],
    ['labels', { kind: 'set', elements: [] }],
  ]);
}

/** Collects the atoms of one class while its policies are evaluated. `facts` are canonical. */
export class PathDomain implements Domain {
  readonly atoms: Atoms = new Atoms();
  readonly #facts: SessionFacts;
  readonly #subjects: readonly PathSubject[];
  readonly #resource: PathSubject;
  readonly #exe: PathSubject;
  readonly #ofPath = new Set<number>();
  #action: Action = 'FileOpenReadOnly';

  constructor(facts: SessionFacts) {
    this.#facts = facts;
    this.#resource = new PathSubject('resource', 'files and directories', this.atoms, facts);
    this.#exe = new PathSubject('context.proc.exe', 'files or unknown', this.atoms, facts);
    this.#subjects = [this.#resource, this.#exe];
  }

  get bdd(): Bdd {
    return this.atoms.bdd;
  }

  /** The action whose policies are evaluated next. */
  select(action: Action): void {
    this.#action = action;
  }

  get variables(): Domain['variables'] {
    return {
      principal: entity('Agent', this.#facts.agent),
      action: entity('Action', this.#action),
      resource: this.#resource.entity,
      context: this.#context(),
    };
  }

  #context(): Term {
    const program = new Map<string, Term>([
      ['exe', this.#exe.entity],
      ...opaqueFields('context.proc', ['uid', 'ancestors', 'via']),
      digest('context.proc'),
    ]);
    const more = this.#action === 'ProcessExec' ? OPAQUE_ARGUMENTS : [];
    return { kind: 'record', fields: new Map<string, Term>([['proc', { kind: 'record', fields: program }], ...more]) };
  }

  attributes({ type, id }: Entity): ReadonlyMap<string, Term> | undefined {
    return type === 'Agent' && id === this.#facts.agent ? agentAttributes(this.#facts) : undefined;
  }

  isIn(child: Entity, parent: Entity): Node {
    if (child.type === parent.type && child.id === parent.id) return TRUE;
    if (child.type === 'Action')
      return actionGroups(this.#action).has(entityKey(parent.type, parent.id)) ? TRUE : FALSE;
    if (child.type !== 'Agent') return FALSE;
    return agentGroups(this.#facts).some(([type, id]) => type === parent.type && id === parent.id) ? TRUE : FALSE;
  }

  #owner(subject: string): PathSubject {
    const owner = this.#subjects.find((path) => path.owns(subject));
    if (owner === undefined) throw new Error(`no path is called ${subject}`);
    return owner;
  }

  attributesOf(subject: string): ReadonlyMap<string, Term> {
    return this.#owner(subject).attributesOf(subject);
  }

  equals(subject: string, other: Entity): Node {
    return this.#owner(subject).equals(subject, other);
  }

  isInside(subject: string, parent: Entity): Node {
    return this.#owner(subject).isInside(subject, parent);
  }

  isType(subject: string, type: string): Node {
    return this.#owner(subject).isType(subject, type);
  }

  like(subject: string, pattern: Pattern): Node {
    return this.#owner(subject).like(subject, pattern);
  }

  /** What is compared with the path may hold for one and not for another: descriptions name every part that they are about. */
  unknown(description: string): Truth {
    const truth = this.atoms.unknown(description);
    if (description.includes(this.#resource.name))
      for (const variable of [...this.bdd.support(truth.yes), ...this.bdd.support(truth.no)])
        this.#ofPath.add(variable);
    return truth;
  }

  /** May the truth of this variable, which no automaton decides, differ from path to path? */
  isOfPath(variable: number): boolean {
    return this.#ofPath.has(variable);
  }
}
