// What a call to an MCP server is about: what policies ask of the tool and its server, or of the server, as atoms over their names.
import type { Pattern } from '../evaluate/like.ts';
import type { Entity } from '../evaluate/value.ts';
import { FALSE, type Node, TRUE } from './bdd.ts';
import type { Term } from './term.ts';
import type { TextSubject } from './text-subject.ts';

const NAME = 'resource.name';
const SERVER = 'MCP::Server';

/** The Cedar entity `MCP::Tool::"name"`, whose parent is its server, or `MCP::Server::"name"`, which is in nothing but itself. */
export class McpSubject {
  readonly entity: Term = { kind: 'someEntity', subject: 'resource' };
  readonly nameTerm: Term = { kind: 'someText', subject: NAME };
  readonly #name: TextSubject;
  readonly #server: TextSubject | undefined;
  readonly #type: string;

  /** @param server of a tool */
  constructor(name: TextSubject, server?: TextSubject) {
    this.#name = name;
    this.#server = server;
    this.#type = server === undefined ? SERVER : 'MCP::Tool';
  }

  owns(subject: string): boolean {
    return subject === 'resource' || subject === NAME;
  }

  attributesOf(): ReadonlyMap<string, Term> {
    return new Map([['name', this.nameTerm]]);
  }

  isType(_: string, type: string): Node {
    return type === this.#type ? TRUE : FALSE;
  }

  like(_: string, pattern: Pattern): Node {
    return this.#name.like(pattern);
  }

  equals(_: string, { type, id }: Entity): Node {
    return type === this.#type ? this.#name.like([id]) : FALSE;
  }

  isInside(subject: string, parent: Entity): Node {
    if (parent.type === SERVER && this.#server !== undefined) return this.#server.like([parent.id]);
    return this.equals(subject, parent);
  }
}
