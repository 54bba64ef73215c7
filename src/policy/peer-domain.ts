// What is known of a network peer, or of all peers in a group, and nothing of what is said to it: the domain in which rules about requests are evaluated.
import type { Action } from '../schema/request.ts';
import { Bdd, FALSE, type Node, TRUE } from './compile/bdd.ts';
import type { Domain, Truth } from './compile/symbolic.ts';
import type { Term } from './compile/term.ts';
import { actionGroups } from './evaluate/actions.ts';
import { parseHostId, registryGroups } from './evaluate/host-entity.ts';
import { parseCanonicalAddress } from './evaluate/ip.ts';
import { pathAncestors, pathAttributes } from './evaluate/path-entity.ts';
import { splitRepository } from './evaluate/repository-entity.ts';
import { type Entity, entity, entityKey, text, type Value } from './evaluate/value.ts';
import { agentData } from './evaluate/world.ts';
import type { SessionFacts } from './facts.ts';

export type PeerAction = Extract<Action, 'NetConnect' | 'HttpRequest' | 'HttpRewrite' | 'SecretUse'>;
/** The context of each action, but for `hostname`; a test compares it with the schema. */
export const PEER_CONTEXT: Readonly<Record<PeerAction, readonly string[]>> = {
  NetConnect: ['port', 'protocol', 'ip', 'proc'],
  HttpRequest: ['port', 'protocol', 'method', 'path', 'query', 'scheme', 'headers', 'proc', 'git', 'model'],
  HttpRewrite: ['port', 'header', 'value'],
  SecretUse: ['host', 'port', 'header'],
};
const OPTIONAL: readonly string[] = ['git', 'model'];
/** What stands for an entity that is not known, and its type. */
const TYPES: Readonly<Record<string, string>> = { principal: 'Agent', secret: 'Secret', host: 'Host' };

export interface KnownPeer {
  /** A canonical name or address, or a group, `*` or `*.x`: then it is some host of it. */
  readonly host: string;
  readonly port?: number;
  /** The program, as `context.proc`. */
  readonly proc?: Value;
  /** Requests come over TLS. */
  readonly isTls?: boolean;
}

/** Conditions that nobody can decide yet, by their description; shared, so that two rules with one condition agree on it. */
export class Unknowns {
  readonly bdd: Bdd = new Bdd();
  readonly #truths = new Map<string, Truth>();

  truth(description: string): Truth {
    const known = this.#truths.get(description);
    if (known !== undefined) return known;
    const { bdd } = this;
    const [value, fails] = [bdd.literal(bdd.newVariable()), bdd.literal(bdd.newVariable())];
    const truth = { yes: bdd.and(value, bdd.not(fails)), no: bdd.and(bdd.not(value), bdd.not(fails)) };
    this.#truths.set(description, truth);
    return truth;
  }
}

/** Whether every member of `inner`, a host or a group, is in `outer`. `*.x` does not hold `x`. */
function covers(outer: string, inner: string): boolean {
  if (outer === inner || outer === '*') return true;
  return outer.startsWith('*.') && inner.endsWith(outer.slice(1)) && inner !== outer.slice(2);
}

/** Without `facts` anybody may be the principal. */
export class PeerDomain implements Domain {
  readonly variables: Domain['variables'];
  readonly #peer: KnownPeer;
  readonly #action: PeerAction;
  readonly #unknowns: Unknowns;
  readonly #facts: SessionFacts | undefined;
  readonly #host: Term;

  constructor(peer: KnownPeer, action: PeerAction, unknowns: Unknowns, facts?: SessionFacts) {
    this.#peer = peer;
    this.#action = action;
    this.#unknowns = unknowns;
    this.#facts = facts;
    const isGroup = peer.host.startsWith('*');
    this.#host = isGroup ? { kind: 'someEntity', subject: 'host' } : entity('Host', peer.host);
    this.variables = {
      principal: facts === undefined ? { kind: 'someEntity', subject: 'principal' } : entity('Agent', facts.agent),
      action: entity('Action', action),
      resource: action === 'SecretUse' ? { kind: 'someEntity', subject: 'secret' } : this.#host,
      context: {
        kind: 'record',
        fields: new Map(['hostname', ...PEER_CONTEXT[action]].map((n) => [n, this.#field(n)])),
      },
    };
  }

  get bdd(): Bdd {
    return this.#unknowns.bdd;
  }

  #field(name: string): Term {
    const { host, port, proc, isTls } = this.#peer;
    const isRequest = this.#action === 'HttpRequest';
    if (name === 'host') return this.#host;
    if (name === 'hostname' && this.#host.kind === 'entity') return text(host);
    if (name === 'port' && port !== undefined) return { kind: 'long', value: BigInt(port) };
    if (name === 'proc' && proc !== undefined) return proc;
    if (name === 'protocol' && isRequest) return text('tcp');
    if (name === 'scheme' && isTls) return text('https');
    return { kind: 'opaque', name: `context.${name}`, ...(OPTIONAL.includes(name) && { optional: true as const }) };
  }

  attributes({ type, id }: Entity): ReadonlyMap<string, Term> | undefined {
    if (type === 'File' || type === 'Dir') return pathAttributes(id);
    if (type === 'Host') return new Map([['name', text(id)]]);
    return type === 'Agent' && this.#facts !== undefined ? agentData(this.#facts).attributes : undefined;
  }

  attributesOf(subject: string): ReadonlyMap<string, Term> {
    const names = subject === 'principal' ? ['name', 'session', 'project', 'labels'] : ['name'];
    return new Map(names.map((name) => [name, { kind: 'opaque', name: `${subject}.${name}` }]));
  }

  isType(subject: string, type: string): Node {
    return type === TYPES[subject] ? TRUE : FALSE;
  }

  equals(subject: string, { type, id }: Entity): Node {
    if (subject === 'host' && !(type === 'Host' && covers(this.#peer.host, id))) return FALSE;
    return this.unknown(`${subject} == ${type} ${id}`).yes;
  }

  isInside(subject: string, { type, id }: Entity): Node {
    return subject === 'host' ? this.#isHostIn(type, id) : this.unknown(`${subject} in ${type} ${id}`).yes;
  }

  isIn(child: Entity, parent: Entity): Node {
    const key = entityKey(parent.type, parent.id);
    if (entityKey(child.type, child.id) === key) return TRUE;
    switch (child.type) {
      case 'Host':
        return this.#isHostIn(parent.type, parent.id);
      case 'Action':
        return actionGroups(this.#action).has(key) ? TRUE : FALSE;
      case 'Agent':
        return this.#facts !== undefined && agentData(this.#facts).ancestors.has(key) ? TRUE : FALSE;
      case 'File':
      case 'Dir':
        return this.#facts !== undefined && pathAncestors(child.id, this.#facts).has(key) ? TRUE : FALSE;
      default:
        return this.unknown(`${child.type} ${child.id} in ${parent.type} ${parent.id}`).yes;
    }
  }

  #isHostIn(type: string, id: string): Node {
    const unknown = (): Node => this.unknown(`host in ${type} ${id}`).yes;
    if (type === 'Repository') return this.#mayHoldRepository(id) ? unknown() : FALSE;
    if (type !== 'Host') return FALSE;
    const { host, port } = this.#peer;
    if (id.startsWith('@')) return this.#isRegistry(id) ?? unknown();
    const group = parseHostId(id);
    if (group === undefined) return FALSE;
    // A name may resolve to any address, which is told of connections only.
    const mayBeAddress = this.#action === 'NetConnect' && parseCanonicalAddress(group.name) !== undefined;
    if (!covers(group.name, host)) return mayBeAddress || covers(host, group.name) ? unknown() : FALSE;
    if (group.port === undefined) return TRUE;
    if (port === undefined) return unknown();
    return group.port === port ? TRUE : FALSE;
  }

  /** No connection is to a repository; a request of Git is. */
  #mayHoldRepository(id: string): boolean {
    const repository = splitRepository(id);
    return this.#action === 'HttpRequest' && repository !== undefined && covers(this.#peer.host, repository.host);
  }

  /** A registry is a host with its port. Undefined: it depends. */
  #isRegistry(group: string): Node | undefined {
    const { host, port } = this.#peer;
    if (this.#facts === undefined || this.#host.kind !== 'entity') return undefined;
    if (!registryGroups(this.#facts.registries ?? {}, host, port).includes(group)) return FALSE;
    return port === undefined ? undefined : TRUE;
  }

  like(subject: string): Node {
    throw new Error(`no text of a request is known as ${subject}`);
  }

  unknown(description: string): Truth {
    return this.#unknowns.truth(description);
  }
}
