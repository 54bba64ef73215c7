// The classes of network requests: one for each action and kind of host name, because an address as host is also the address dialled.
import type { Request } from '../../schema/request.ts';
import { AddressSubject } from '../compile/address-subject.ts';
import { Atoms } from '../compile/atoms.ts';
import { HostSubject } from '../compile/host-subject.ts';
import { dnsName, type HostText, IPv4Text, IPv6Text } from '../compile/host-text.ts';
import { NumberSubject } from '../compile/number-subject.ts';
import type { AddressAtoms, Term } from '../compile/term.ts';
import { TextSubject } from '../compile/text-subject.ts';
import { entity } from '../evaluate/value.ts';
import type { SessionFacts } from '../facts.ts';
import { AddressDimension } from './address-dimension.ts';
import type { Dimension, Values } from './dimension.ts';
import { HeaderParts, headersOf } from './header-parts.ts';
import type { Language } from './language.ts';
import { hostNameReversed, httpMethod, httpTarget, ipv4Text, recordType, words } from './languages.ts';
import { NumberDimension } from './number-dimension.ts';
import { programOf, programParts, type RequestClass } from './request-class.ts';
import { TextDimension } from './text-dimension.ts';
import { Unknowns } from './unknowns.ts';

const HOST_KINDS = ['name', 'IPv4', 'IPv6'] as const;
type HostKind = (typeof HOST_KINDS)[number];

const RESOURCE = 'resource';
const USUAL_V4 = '203.0.113.1';
const USUAL_V6 = '2001:db8::1';

/** The host of a class: its text, what tells its address, and the dimensions of both. */
interface Host {
  readonly text: HostText;
  readonly address: AddressAtoms;
  readonly main: TextDimension | undefined;
  readonly dimensions: readonly Dimension[];
}

function hostOf(kind: HostKind, atoms: Atoms, unknowns: Unknowns): Host {
  const { bdd } = atoms;
  switch (kind) {
    case 'name': {
      const address = new AddressSubject('context.ip', undefined, bdd);
      const name = {
        name: RESOURCE,
        reading: 'right to left',
        language: hostNameReversed,
        usual: 'a.example',
      } as const;
      const dimensions = [new AddressDimension(bdd, address, USUAL_V4)];
      return { text: dnsName(RESOURCE, atoms), address, main: new TextDimension(atoms, name), dimensions };
    }
    case 'IPv4': {
      const text = new IPv4Text(RESOURCE, atoms);
      const main = new TextDimension(atoms, { name: RESOURCE, language: ipv4Text, usual: USUAL_V4 });
      return { text, address: text, main, dimensions: [] };
    }
    case 'IPv6': {
      const address = new AddressSubject(RESOURCE, 'IPv6', bdd);
      const text = new IPv6Text(address, (description) => unknowns.truth(description).yes);
      return { text, address, main: undefined, dimensions: [new AddressDimension(bdd, address, USUAL_V6)] };
    }
  }
}

/** The parts of one network class while it is put together. */
class NetworkParts {
  readonly atoms: Atoms = new Atoms();
  readonly unknowns: Unknowns = new Unknowns(this.atoms);
  readonly host: Host;
  readonly dimensions: Dimension[] = [];
  readonly texts: TextSubject[] = [];
  readonly headers: HeaderParts = new HeaderParts(this.atoms, this.texts, this.dimensions);
  readonly #context: [string, Term][] = [];

  constructor(kind: HostKind) {
    this.host = hostOf(kind, this.atoms, this.unknowns);
    this.dimensions.push(...this.host.dimensions);
  }

  field(name: string, term: Term): void {
    this.#context.push([name, term]);
  }

  text(name: string, language: () => Language, usual: string): void {
    const text = new TextSubject(`context.${name}`, this.atoms);
    this.texts.push(text);
    this.field(name, text.term);
    this.dimensions.push(new TextDimension(this.atoms, { name: text.name, language, usual }));
  }

  port(): NumberSubject {
    const port = new NumberSubject('context.port', { low: 0n, high: 65_535n }, this.atoms.bdd);
    this.field('port', port.term);
    this.dimensions.push(new NumberDimension(this.atoms.bdd, port, 443n));
    return port;
  }

  finish(
    action: Request['action'],
    host: HostSubject,
    entities: RequestClass['subjects']['entities'],
    build: (values: Values) => Request,
  ): RequestClass {
    const { atoms, unknowns, texts, dimensions } = this;
    const context = new Map(this.#context);
    return {
      actions: [action],
      subjects: {
        atoms,
        unknowns,
        entities: [host, ...entities],
        texts,
        resource: host.entity,
        context,
        header: (name) => this.headers.field(name),
      },
      main: this.host.main,
      dimensions,
      build: (_, values) => build(values),
    };
  }
}

function hostResource(values: Values): { readonly type: 'host'; readonly name: string } {
  return { type: 'host', name: values.get(RESOURCE) ?? '' };
}

function connectClass(kind: HostKind, facts: SessionFacts): RequestClass {
  const parts = new NetworkParts(kind);
  const { text, address } = parts.host;
  const host = new HostSubject(parts.atoms.bdd, { text, address, port: parts.port() }, facts.registries);
  parts.field('hostname', host.nameTerm);
  parts.field('ip', { kind: 'someAddress', subject: address });
  parts.text('protocol', () => words(['tcp', 'udp']), 'tcp');
  const program = programParts(parts.atoms, facts);
  parts.field('proc', program.term);
  parts.texts.push(...program.texts);
  parts.dimensions.push(...program.dimensions);
  return parts.finish('NetConnect', host, [program.exe], (values) => ({
    action: 'NetConnect',
    resource: hostResource(values),
    port: Number(values.get('context.port')),
    protocol: values.get('context.protocol') === 'udp' ? 'udp' : 'tcp',
    ip: values.get('context.ip') ?? values.get(RESOURCE) ?? '',
    program: programOf(values),
  }));
}

function httpClass(kind: HostKind, facts: SessionFacts): RequestClass {
  const parts = new NetworkParts(kind);
  const host = new HostSubject(parts.atoms.bdd, { text: parts.host.text, port: parts.port() }, facts.registries);
  parts.field('hostname', host.nameTerm);
  parts.field('protocol', { kind: 'string', value: 'tcp' });
  parts.text('method', httpMethod, 'GET');
  parts.text('path', httpTarget, '/');
  parts.text('scheme', () => words(['https', 'http']), 'https');
  parts.field('headers', entity('Http::Headers', 'request'));
  return parts.finish('HttpRequest', host, [], (values) => ({
    action: 'HttpRequest',
    resource: hostResource(values),
    port: Number(values.get('context.port')),
    method: values.get('context.method') ?? '',
    path: values.get('context.path') ?? '',
    scheme: values.get('context.scheme') === 'http' ? 'http' : 'https',
    headers: headersOf(values),
  }));
}

function dnsClass(kind: HostKind, facts: SessionFacts): RequestClass {
  const parts = new NetworkParts(kind);
  const host = new HostSubject(parts.atoms.bdd, { text: parts.host.text }, facts.registries);
  parts.text('qtype', recordType, 'A');
  return parts.finish('DnsResolve', host, [], (values) => ({
    action: 'DnsResolve',
    resource: hostResource(values),
    qtype: values.get('context.qtype') ?? '',
  }));
}

/** NetConnect, HttpRequest and DnsResolve. `facts` are canonical. */
export function networkClasses(facts: SessionFacts): readonly RequestClass[] {
  return HOST_KINDS.flatMap((kind) => [connectClass(kind, facts), httpClass(kind, facts), dnsClass(kind, facts)]);
}
