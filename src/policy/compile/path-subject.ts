// One path of a request (the resource, the executable): what policies ask of it, as atoms over the path's bytes.
import { normalisePattern, type Pattern } from '../evaluate/like.ts';
import type { Entity } from '../evaluate/value.ts';
import { ALIASES, aliasTarget, type SessionFacts } from '../facts.ts';
import type { Atoms } from './atoms.ts';
import { FALSE, type Node, TRUE } from './bdd.ts';
import { type PathPart, pathPatternDfa } from './path-pattern.ts';
import type { Term } from './term.ts';

/** What a path can be besides a file. */
export type PathKinds = 'files and directories' | 'files or unknown';

function partTerms(subject: string): ReadonlyMap<string, Term> {
  return new Map<string, Term>([
    ['path', { kind: 'someText', subject: `${subject}.path` }],
    ['name', { kind: 'someText', subject: `${subject}.name` }],
    ['ext', { kind: 'someText', subject: `${subject}.ext` }],
    ['dir', { kind: 'someEntity', subject: `${subject}.dir` }],
  ]);
}

/** The directory's own attributes reach two levels up; only its path is followed. */
function directoryTerms(subject: string): ReadonlyMap<string, Term> {
  return new Map<string, Term>([
    ['path', { kind: 'someText', subject: `${subject}.dir.path` }],
    ...['name', 'ext', 'dir'].map((name): [string, Term] => [name, { kind: 'opaque', name: `${subject}.dir.${name}` }]),
  ]);
}

type EntityPart = 'path' | 'dir';

/** `facts` are canonical. */
export class PathSubject {
  /** Where policies find the path: `resource`, `context.proc.exe`. */
  readonly name: string;
  readonly #atoms: Atoms;
  readonly #facts: SessionFacts;
  readonly #kinds: PathKinds;
  readonly #terms: Readonly<Record<EntityPart, ReadonlyMap<string, Term>>>;
  readonly #parts: ReadonlyMap<string, PathPart>;

  constructor(name: string, kinds: PathKinds, atoms: Atoms, facts: SessionFacts) {
    this.name = name;
    this.#kinds = kinds;
    this.#atoms = atoms;
    this.#facts = facts;
    this.#terms = { path: partTerms(name), dir: directoryTerms(name) };
    this.#parts = new Map([
      [name, 'path'],
      [`${name}.dir`, 'dir'],
      [`${name}.path`, 'path'],
      [`${name}.name`, 'name'],
      [`${name}.ext`, 'ext'],
      [`${name}.dir.path`, 'dir'],
    ]);
  }

  get entity(): Term {
    return { kind: 'someEntity', subject: this.name };
  }

  /** Is it this path, or a part of it, that a term's `subject` names? */
  owns(subject: string): boolean {
    return this.#parts.has(subject);
  }

  #entityPart(subject: string): EntityPart {
    return subject === this.name ? 'path' : 'dir';
  }

  attributesOf(subject: string): ReadonlyMap<string, Term> {
    return this.#terms[this.#entityPart(subject)];
  }

  equals(subject: string, { type, id }: Entity): Node {
    const part = this.#entityPart(subject);
    const isDirectory = id.endsWith('/');
    return type === (isDirectory ? 'Dir' : 'File') && this.#mayBe(part, id, isDirectory)
      ? this.#like(part, [id])
      : FALSE;
  }

  #mayBe(part: EntityPart, id: string, isDirectory: boolean): boolean {
    if (part === 'dir') return isDirectory;
    return this.#kinds === 'files or unknown' ? !isDirectory : id !== '';
  }

  isInside(subject: string, parent: Entity): Node {
    const part = this.#entityPart(subject);
    if (parent.type === 'File') return this.equals(subject, parent);
    if (parent.type !== 'Dir' || parent.id === '') return FALSE;
    const id = parent.id.endsWith('/') ? parent.id : `${parent.id}/`;
    const alias = ALIASES.find((name) => name === id);
    return this.#like(part, [alias === undefined ? id : aliasTarget(this.#facts, alias), null]);
  }

  isType(subject: string, type: string): Node {
    if (type !== 'Dir' && type !== 'File') return FALSE;
    const isDirectory = this.#isDirectory(this.#entityPart(subject));
    return type === 'Dir' ? isDirectory : this.#atoms.bdd.not(isDirectory);
  }

  #isDirectory(part: EntityPart): Node {
    if (part === 'dir') return TRUE;
    return this.#kinds === 'files or unknown' ? FALSE : this.#like('path', [null, '/']);
  }

  like(subject: string, pattern: Pattern): Node {
    const part = this.#parts.get(subject);
    if (part === undefined) throw new Error(`${subject} is no text of ${this.name}`);
    return this.#like(part, pattern);
  }

  #like(part: PathPart, source: Pattern): Node {
    const pattern = normalisePattern(source);
    const [text = null, rest] = pattern;
    if (pattern.length === 1 && text === null) return TRUE;
    if (part === 'path' && text !== null) {
      if (pattern.length === 1) return this.#atoms.literal(this.name, 'exact', text);
      if (pattern.length === 2 && rest === null) return this.#atoms.literal(this.name, 'prefix', text);
    }
    if (part === 'path' && pattern.length === 0) return this.#atoms.literal(this.name, 'exact', '');
    return this.#atoms.pattern(this.name, part, pattern, () => pathPatternDfa(part, pattern));
  }
}
