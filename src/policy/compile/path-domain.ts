// The request classes that a table decides (file and exec): every condition becomes an atom over the bytes of one path, or an unknown.
import type { Action } from '../../schema/request.ts';
import { actionGroups } from '../evaluate/actions.ts';
import { normalisePattern, type Pattern } from '../evaluate/like.ts';
import { type Entity, entity, entityKey } from '../evaluate/value.ts';
import { ALIASES, agentGroups, aliasTarget, type SessionFacts } from '../facts.ts';
import { Bdd, FALSE, type Node, TRUE } from './bdd.ts';
import type { Dfa } from './dfa.ts';
import { type PathPart, pathPatternDfa } from './path-pattern.ts';
import type { Domain, Truth } from './symbolic.ts';
import type { Term } from './term.ts';

/** A property of the path that an automaton decides, and the variable that stands for it. */
export type PathAtom =
  | { readonly kind: 'prefix' | 'exact'; readonly variable: number; readonly text: string }
  | { readonly kind: 'pattern'; readonly variable: number; readonly dfa: Dfa };

/** One pattern may multiply the automaton's states; a person writes far fewer. */
export const MAX_PATTERNS = 256;

export class TooComplex extends Error {}

const OPAQUE_PROGRAM: Term = {
  kind: 'record',
  fields: new Map<string, Term>([
    ['exe', { kind: 'opaque', name: 'context.proc.exe' }],
    ['uid', { kind: 'opaque', name: 'context.proc.uid' }],
    ['ancestors', { kind: 'opaque', name: 'context.proc.ancestors' }],
    ['sha256', { kind: 'opaque', name: 'context.proc.sha256', optional: true }],
  ]),
};

/** Arguments are judged where they are known, in the manager. */
const OPAQUE_ARGUMENTS: readonly [string, Term][] = ['args', 'argv', 'argc'].map((name) => [
  name,
  { kind: 'opaque', name: `context.${name}` },
]);

export function contextTerm(action: Action): Term {
  const fields = new Map<string, Term>([['proc', OPAQUE_PROGRAM]]);
  if (action === 'ProcessExec') {
    for (const [name, term] of OPAQUE_ARGUMENTS) fields.set(name, term);
    fields.set('sha256', { kind: 'opaque', name: 'context.sha256', optional: true });
  }
  return { kind: 'record', fields };
}

/** The directory's own attributes reach two levels up; only its path is followed. */
const DIRECTORY_ATTRIBUTES: ReadonlyMap<string, Term> = new Map<string, Term>([
  ['path', { kind: 'pathText', part: 'dir' }],
  ...['name', 'ext', 'dir'].map((name): [string, Term] => [name, { kind: 'opaque', name: `resource.dir.${name}` }]),
]);

const PATH_ATTRIBUTES: ReadonlyMap<string, Term> = new Map<string, Term>([
  ['path', { kind: 'pathText', part: 'path' }],
  ['name', { kind: 'pathText', part: 'name' }],
  ['ext', { kind: 'pathText', part: 'ext' }],
  ['dir', { kind: 'pathEntity', part: 'dir' }],
]);

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
  readonly bdd: Bdd = new Bdd();
  readonly atoms: PathAtom[] = [];
  readonly #facts: SessionFacts;
  readonly #variables = new Map<string, number>();
  #action: Action = 'FileOpenReadOnly';

  constructor(facts: SessionFacts) {
    this.#facts = facts;
  }

  /** The action whose policies are evaluated next. */
  select(action: Action): void {
    this.#action = action;
  }

  get variables(): Domain['variables'] {
    return {
      principal: entity('Agent', this.#facts.agent),
      action: entity('Action', this.#action),
      resource: { kind: 'pathEntity', part: 'path' },
      context: contextTerm(this.#action),
    };
  }

  attributes({ type, id }: Entity): ReadonlyMap<string, Term> | undefined {
    return type === 'Agent' && id === this.#facts.agent ? agentAttributes(this.#facts) : undefined;
  }

  pathAttributes(part: 'path' | 'dir'): ReadonlyMap<string, Term> {
    return part === 'path' ? PATH_ATTRIBUTES : DIRECTORY_ATTRIBUTES;
  }

  isIn(child: Entity, parent: Entity): Node {
    if (child.type === parent.type && child.id === parent.id) return TRUE;
    if (child.type === 'Action')
      return actionGroups(this.#action).has(entityKey(parent.type, parent.id)) ? TRUE : FALSE;
    if (child.type !== 'Agent') return FALSE;
    return agentGroups(this.#facts).some(([type, id]) => type === parent.type && id === parent.id) ? TRUE : FALSE;
  }

  pathEquals(part: 'path' | 'dir', { type, id }: Entity): Node {
    const isDirectory = id.endsWith('/');
    if (id === '' || type !== (isDirectory ? 'Dir' : 'File') || (part === 'dir' && !isDirectory)) return FALSE;
    return this.pathLike(part, [id]);
  }

  pathIn(part: 'path' | 'dir', parent: Entity): Node {
    if (parent.type === 'File') return this.pathEquals(part, parent);
    if (parent.type !== 'Dir' || parent.id === '') return FALSE;
    const id = parent.id.endsWith('/') ? parent.id : `${parent.id}/`;
    const alias = ALIASES.find((name) => name === id);
    return this.pathLike(part, [alias === undefined ? id : aliasTarget(this.#facts, alias), null]);
  }

  pathIs(part: 'path' | 'dir', type: string): Node {
    if (type !== 'Dir' && type !== 'File') return FALSE;
    const isDirectory = part === 'dir' ? TRUE : this.pathLike('path', [null, '/']);
    return type === 'Dir' ? isDirectory : this.bdd.not(isDirectory);
  }

  pathLike(part: PathPart, source: Pattern): Node {
    const pattern = normalisePattern(source);
    const [text = null, rest] = pattern;
    if (pattern.length === 1 && text === null) return TRUE;
    if (part === 'path' && text !== null) {
      if (pattern.length === 1) return this.#literalAtom('exact', text);
      if (pattern.length === 2 && rest === null) return this.#literalAtom('prefix', text);
    }
    if (part === 'path' && pattern.length === 0) return FALSE;
    return this.#atom(`${part} ${JSON.stringify(pattern)}`, (variable) => {
      this.#countPatterns();
      return { kind: 'pattern', variable, dfa: pathPatternDfa(part, pattern) };
    });
  }

  unknown(description: string): Truth {
    const { bdd } = this;
    const value = this.#free(`value of ${description}`);
    const fails = this.#free(`error in ${description}`);
    return { yes: bdd.and(value, bdd.not(fails)), no: bdd.and(bdd.not(value), bdd.not(fails)) };
  }

  #literalAtom(kind: 'prefix' | 'exact', text: string): Node {
    return this.#atom(`${kind} ${text}`, (variable) => ({ kind, variable, text }));
  }

  #countPatterns(): void {
    const patterns = this.atoms.filter((atom) => atom.kind === 'pattern').length;
    if (patterns >= MAX_PATTERNS) throw new TooComplex(`more than ${MAX_PATTERNS} different patterns`);
  }

  #free(key: string): Node {
    const known = this.#variables.get(key);
    if (known !== undefined) return this.bdd.literal(known);
    const variable = this.bdd.newVariable();
    this.#variables.set(key, variable);
    return this.bdd.literal(variable);
  }

  #atom(key: string, make: (variable: number) => PathAtom): Node {
    const isNew = !this.#variables.has(key);
    const node = this.#free(key);
    const variable = this.#variables.get(key);
    if (isNew && variable !== undefined) this.atoms.push(make(variable));
    return node;
  }
}
