// The classes of connections and lookups: one for each action and kind of host name, because an address as host is also the address dialled.
import { HostSubject } from '../compile/host-subject.ts';
import type { SessionFacts } from '../facts.ts';
import { recordType, words } from './languages.ts';
import { HOST_KINDS, type HostKind, hostIn, NetworkParts } from './network-parts.ts';
import { programOf, programParts, type RequestClass } from './request-class.ts';

function connectClass(kind: HostKind, facts: SessionFacts): RequestClass {
  const parts = new NetworkParts(kind);
  const { text, address } = parts.host;
  const host = new HostSubject(parts.atoms.bdd, { text, address, port: parts.port() }, facts.registries);
  parts.field('hostname', host.nameTerm);
  parts.field('ip', { kind: 'someAddress', subject: address });
  parts.text('protocol', () => words(['tcp', 'udp']), 'tcp');
  parts.program(programParts(parts.atoms, facts));
  return parts.finish('NetConnect', host, (values) => ({
    action: 'NetConnect',
    resource: hostIn(values, 'resource'),
    port: Number(values.get('context.port')),
    protocol: values.get('context.protocol') === 'udp' ? 'udp' : 'tcp',
    ip: values.get('context.ip') ?? values.get('resource') ?? '',
    program: programOf(values),
  }));
}

function dnsClass(kind: HostKind, facts: SessionFacts): RequestClass {
  const parts = new NetworkParts(kind);
  const host = new HostSubject(parts.atoms.bdd, { text: parts.host.text }, facts.registries);
  parts.text('qtype', recordType, 'A');
  return parts.finish('DnsResolve', host, (values) => ({
    action: 'DnsResolve',
    resource: hostIn(values, 'resource'),
    qtype: values.get('context.qtype') ?? '',
  }));
}

/** NetConnect and DnsResolve. `facts` are canonical. */
export function networkClasses(facts: SessionFacts): readonly RequestClass[] {
  return HOST_KINDS.flatMap((kind) => [connectClass(kind, facts), dnsClass(kind, facts)]);
}
