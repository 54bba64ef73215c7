// The classes of what Leash itself puts into requests: headers that a policy sets, and credentials.
import { HostSubject } from '../compile/host-subject.ts';
import { SecretSubject } from '../compile/secret-subject.ts';
import { TextSubject } from '../compile/text-subject.ts';
import type { SessionFacts } from '../facts.ts';
import { anyText, fieldName, fieldValue } from './languages.ts';
import { HOST_KINDS, type HostKind, hostIn, NetworkParts } from './network-parts.ts';
import type { RequestClass } from './request-class.ts';
import { TextDimension } from './text-dimension.ts';

function rewriteClass(kind: HostKind, facts: SessionFacts): RequestClass {
  const parts = new NetworkParts(kind);
  const host = new HostSubject(parts.atoms.bdd, { text: parts.host.text, port: parts.port() }, facts.registries);
  parts.field('hostname', host.nameTerm);
  parts.text('header', fieldName, 'authorization');
  parts.text('value', fieldValue, 'a');
  return parts.finish('HttpRewrite', host, (values) => ({
    action: 'HttpRewrite',
    resource: hostIn(values, 'resource'),
    port: Number(values.get('context.port')),
    header: values.get('context.header') ?? '',
    value: values.get('context.value') ?? '',
  }));
}

const HOST = 'context.host';
const SECRET = 'resource';

function secretClass(kind: HostKind, facts: SessionFacts): RequestClass {
  const parts = new NetworkParts(kind, HOST);
  const peer = { subject: HOST, text: parts.host.text, port: parts.port() };
  const host = new HostSubject(parts.atoms.bdd, peer, facts.registries);
  const secret = new SecretSubject(new TextSubject(SECRET, parts.atoms));
  parts.dimensions.push(new TextDimension(parts.atoms, { name: SECRET, language: anyText, usual: 'a' }));
  parts.field('host', host.entity);
  parts.text('header', fieldName, 'authorization');
  const build: Parameters<NetworkParts['finish']>[2] = (values) => ({
    action: 'SecretUse',
    resource: { type: 'secret', name: values.get(SECRET) ?? '' },
    host: hostIn(values, HOST),
    port: Number(values.get('context.port')),
    header: values.get('context.header') ?? '',
  });
  return parts.finish('SecretUse', secret, build, { entities: [host] });
}

/** HttpRewrite and SecretUse. `facts` are canonical. */
export function credentialClasses(facts: SessionFacts): readonly RequestClass[] {
  return HOST_KINDS.flatMap((kind) => [rewriteClass(kind, facts), secretClass(kind, facts)]);
}
