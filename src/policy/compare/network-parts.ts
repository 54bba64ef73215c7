// What the classes of network requests are put together from: the host in its three kinds, texts, port, program, headers.
import type { HostResource, Request } from '../../schema/request.ts';
import { AddressSubject } from '../compile/address-subject.ts';
import { Atoms } from '../compile/atoms.ts';
import { dnsName, type HostText, IPv4Text, IPv6Text } from '../compile/host-text.ts';
import { NumberSubject } from '../compile/number-subject.ts';
import type { AddressAtoms, Term } from '../compile/term.ts';
import { TextSubject } from '../compile/text-subject.ts';
import { AddressDimension } from './address-dimension.ts';
import type { Dimension, Values } from './dimension.ts';
import type { AskedText, EntitySubject } from './domain.ts';
import { headerParts, type TagParts } from './header-parts.ts';
import type { Language } from './language.ts';
import { hostNameReversed, ipv4Text } from './languages.ts';
import { NumberDimension } from './number-dimension.ts';
import type { ProgramParts, RequestClass } from './request-class.ts';
import { TextDimension } from './text-dimension.ts';
import { Unknowns } from './unknowns.ts';

export const HOST_KINDS = ['name', 'IPv4', 'IPv6'] as const;
export type HostKind = (typeof HOST_KINDS)[number];

const USUAL_V4 = '203.0.113.1';
const USUAL_V6 = '2001:db8::1';

/** The host of a class: its text, what tells its address, and the dimensions of both. */
interface Host {
  readonly text: HostText;
  readonly address: AddressAtoms;
  readonly main: TextDimension | undefined;
  readonly dimensions: readonly Dimension[];
}

/** `subject` is where policies find the host. */
function hostOf(kind: HostKind, subject: string, atoms: Atoms, unknowns: Unknowns): Host {
  const { bdd } = atoms;
  switch (kind) {
    case 'name': {
      const address = new AddressSubject('context.ip', undefined, bdd);
      const name = {
        name: subject,
        reading: 'right to left',
        language: hostNameReversed,
        usual: 'a.example',
      } as const;
      const dimensions = [new AddressDimension(bdd, address, USUAL_V4)];
      return { text: dnsName(subject, atoms), address, main: new TextDimension(atoms, name), dimensions };
    }
    case 'IPv4': {
      const text = new IPv4Text(subject, atoms);
      const main = new TextDimension(atoms, { name: subject, language: ipv4Text, usual: USUAL_V4 });
      return { text, address: text, main, dimensions: [] };
    }
    case 'IPv6': {
      const address = new AddressSubject(subject, 'IPv6', bdd);
      const text = new IPv6Text(address, (description) => unknowns.truth(description).yes);
      return { text, address, main: undefined, dimensions: [new AddressDimension(bdd, address, USUAL_V6)] };
    }
  }
}

/** The parts of one network class while it is put together. */
export class NetworkParts {
  readonly atoms: Atoms = new Atoms();
  readonly unknowns: Unknowns = new Unknowns(this.atoms);
  readonly host: Host;
  readonly dimensions: Dimension[] = [];
  readonly texts: AskedText[] = [];
  readonly headers: TagParts = headerParts(this.atoms, this.texts, this.dimensions);
  readonly #entities: EntitySubject[] = [];
  readonly #context: [string, Term][] = [];

  /** `subject` is where policies find the host. */
  constructor(kind: HostKind, subject = 'resource') {
    this.host = hostOf(kind, subject, this.atoms, this.unknowns);
    this.dimensions.push(...this.host.dimensions);
  }

  field(name: string, term: Term): void {
    this.#context.push([name, term]);
  }

  text(name: string, language: () => Language, usual: string): void {
    this.field(name, this.textTerm(`context.${name}`, language, usual));
  }

  /** `name`: where policies find it. */
  textTerm(name: string, language: () => Language, usual: string): Term {
    const text = new TextSubject(name, this.atoms);
    this.texts.push(text);
    this.dimensions.push(new TextDimension(this.atoms, { name, language, usual }));
    return text.term;
  }

  program({ exe, term, texts, dimensions }: ProgramParts): void {
    this.#entities.push(exe);
    this.field('proc', term);
    this.texts.push(...texts);
    this.dimensions.push(...dimensions);
  }

  port(): NumberSubject {
    const port = new NumberSubject('context.port', { low: 0n, high: 65_535n }, this.atoms.bdd);
    this.field('port', port.term);
    this.dimensions.push(new NumberDimension(this.atoms.bdd, port, 443n));
    return port;
  }

  finish(
    action: Request['action'],
    resource: EntitySubject & { readonly entity: Term },
    build: (values: Values) => Request,
    more: Pick<RequestClass, 'coupled'> & { readonly entities?: readonly EntitySubject[] } = {},
  ): RequestClass {
    const { atoms, unknowns, texts, dimensions } = this;
    const context = new Map(this.#context);
    return {
      actions: [action],
      subjects: {
        atoms,
        unknowns,
        entities: [resource, ...this.#entities, ...(more.entities ?? [])],
        texts,
        resource: resource.entity,
        context,
        header: (name) => this.headers.field(name),
      },
      main: this.host.main,
      dimensions,
      ...(more.coupled && { coupled: more.coupled }),
      build: (_, values) => build(values),
    };
  }
}

/** `subject` is where policies find the host. */
export function hostIn(values: Values, subject: string): HostResource {
  return { type: 'host', name: values.get(subject) ?? '' };
}
