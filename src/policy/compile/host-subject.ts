// The peer of a network request: what policies ask of the host and of the groups it is in, as atoms of its name, port and address.
import { parseHostId, withPort } from '../evaluate/host-entity.ts';
import { parseCanonicalAddress } from '../evaluate/ip.ts';
import type { Pattern } from '../evaluate/like.ts';
import type { Entity } from '../evaluate/value.ts';
import { REGISTRY_ROLES, type Registries, registryGroup } from '../facts.ts';
import { type Bdd, FALSE, type Node, TRUE } from './bdd.ts';
import type { HostText } from './host-text.ts';
import type { NumberSubject } from './number-subject.ts';
import type { AddressAtoms, Term } from './term.ts';

/** What a request class tells about the peer. */
export interface HostParts {
  /** Where policies find it: `resource` unless said otherwise. */
  readonly subject?: string;
  readonly text: HostText;
  readonly port?: NumberSubject;
  readonly address?: AddressAtoms;
  /** Is the request to a repository of this id, or one below the folder of this id? */
  readonly isToRepository?: (id: string) => Node;
}

/** The Cedar entity `Host::"name"` of one request; its ancestors are those of `hostAncestors` (evaluate/host-entity.ts). */
export class HostSubject {
  readonly entity: Term;
  /** `resource.name`, and `context.hostname`, which is the same text. */
  readonly nameTerm: Term;
  readonly #subject: string;
  readonly #bdd: Bdd;
  readonly #parts: HostParts;
  readonly #registries: Registries;

  constructor(bdd: Bdd, parts: HostParts, registries: Registries = {}) {
    this.#subject = parts.subject ?? 'resource';
    this.entity = { kind: 'someEntity', subject: this.#subject };
    this.nameTerm = { kind: 'someText', subject: `${this.#subject}.name` };
    this.#bdd = bdd;
    this.#parts = parts;
    this.#registries = registries;
  }

  owns(subject: string): boolean {
    return subject === this.#subject || subject === `${this.#subject}.name`;
  }

  attributesOf(): ReadonlyMap<string, Term> {
    return new Map([['name', this.nameTerm]]);
  }

  isType(_: string, type: string): Node {
    return type === 'Host' ? TRUE : FALSE;
  }

  like(_: string, pattern: Pattern): Node {
    return this.#parts.text.like(pattern);
  }

  equals(_: string, { type, id }: Entity): Node {
    return type === 'Host' ? this.#isNamed(id) : FALSE;
  }

  isInside(subject: string, parent: Entity): Node {
    const { id } = parent;
    if (parent.type === 'Repository') return this.#parts.isToRepository?.(id) ?? FALSE;
    if (parent.type !== 'Host') return FALSE;
    const groups = [this.equals(subject, parent), this.#isInRegistry(id), this.#isInGroup(id)];
    return groups.reduce((any, node) => this.#bdd.or(any, node), FALSE);
  }

  #isNamed(name: string): Node {
    return this.#parts.text.like([name]);
  }

  #isInGroup(id: string): Node {
    const pattern = parseHostId(id);
    if (pattern === undefined) return FALSE;
    const { name, port } = pattern;
    if (port === undefined) return this.#matches(name);
    // `[a.example]:443` is no request's group: only IPv6 stands in brackets.
    return withPort(name, port) === id ? this.#bdd.and(this.#matches(name), this.#isPort(port)) : FALSE;
  }

  #matches(name: string): Node {
    if (name === '*') return TRUE;
    if (name.startsWith('*.')) return this.#parts.text.like([null, name.slice(1)]);
    const ip = parseCanonicalAddress(name);
    const isAddress = ip === undefined ? FALSE : (this.#parts.address?.isInside(ip) ?? FALSE);
    return this.#bdd.or(this.#isNamed(name), isAddress);
  }

  #isPort(port: number): Node {
    return this.#parts.port?.equals(BigInt(port)) ?? FALSE;
  }

  /** A registry is a host with its port; where an action has no port, the host alone. */
  #isInRegistry(id: string): Node {
    const role = REGISTRY_ROLES.find((name) => registryGroup(name) === id);
    const members = role === undefined ? [] : (this.#registries[role] ?? []);
    return members.reduce((any, member) => this.#bdd.or(any, this.#isMember(member)), FALSE);
  }

  #isMember(member: string): Node {
    const { name, port } = parseHostId(member) ?? { name: member };
    const isNamed = this.#isNamed(name);
    if (port === undefined || this.#parts.port === undefined) return isNamed;
    return this.#bdd.and(isNamed, this.#isPort(port));
  }
}
