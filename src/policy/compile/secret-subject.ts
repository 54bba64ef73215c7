// A credential of the request: what policies ask of its name, as atoms.
import type { Pattern } from '../evaluate/like.ts';
import type { Entity } from '../evaluate/value.ts';
import { FALSE, type Node, TRUE } from './bdd.ts';
import type { Term } from './term.ts';
import type { TextSubject } from './text-subject.ts';

const NAME = 'resource.name';

/** The Cedar entity `Secret::"name"` of one request, which is in nothing but itself. */
export class SecretSubject {
  readonly entity: Term = { kind: 'someEntity', subject: 'resource' };
  readonly #name: TextSubject;

  constructor(name: TextSubject) {
    this.#name = name;
  }

  owns(subject: string): boolean {
    return subject === 'resource' || subject === NAME;
  }

  attributesOf(): ReadonlyMap<string, Term> {
    return new Map([['name', { kind: 'someText', subject: NAME }]]);
  }

  isType(_: string, type: string): Node {
    return type === 'Secret' ? TRUE : FALSE;
  }

  like(_: string, pattern: Pattern): Node {
    return this.#name.like(pattern);
  }

  equals(_: string, { type, id }: Entity): Node {
    return type === 'Secret' ? this.#name.like([id]) : FALSE;
  }

  isInside(subject: string, parent: Entity): Node {
    return this.equals(subject, parent);
  }
}
