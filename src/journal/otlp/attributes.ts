// An event in, its attributes in the words of OpenTelemetry's semantic conventions out; what they have no word for is `leash.…`. Pure.
import type { Event } from '../../schema/event.ts';
import { resourceName } from '../../schema/resource-name.ts';

export type Attribute = string | number | boolean | string[];
export type Attributes = Record<string, Attribute>;

/** Facts of an action that have a name of their own. Source: OpenTelemetry semantic conventions 1.37, registries http, url, server, dns. */
const DETAIL_NAMES: Readonly<Record<string, string>> = {
  port: 'server.port',
  method: 'http.request.method',
  path: 'url.path',
  scheme: 'url.scheme',
  status: 'http.response.status_code',
  argv: 'process.command_args',
};

function whoAttributes({ who }: Event): Attributes {
  if (who === undefined) return {};
  return {
    'process.pid': who.pid,
    'process.parent_pid': who.parent,
    'process.executable.path': who.exe,
    ...(who.argv && { 'process.command_args': [...who.argv] }),
    ...(who.via && { 'leash.via': who.via }),
  };
}

function resourceAttributes({ action, resource, target }: Event): Attributes {
  const name = resourceName(resource);
  const own: Attributes = { 'leash.resource': name };
  if (target !== undefined) own['leash.target'] = resourceName(target);
  if (resource.type === 'path') own['file.path'] = name;
  if (resource.type === 'host') own[action === 'DnsResolve' ? 'dns.question.name' : 'server.address'] = name;
  return own;
}

function detailAttributes({ detail = {} }: Event): Attributes {
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [
      (Object.hasOwn(DETAIL_NAMES, key) ? DETAIL_NAMES[key] : undefined) ?? `leash.${key}`,
      Array.isArray(value) ? value.map(String) : (value as Attribute),
    ]),
  );
}

/** @param seq number of the event in the session */
export function attributesOf(session: string, seq: number, event: Event): Attributes {
  const { action, effect, enforced, shadow, policies, reason, ask, approval, epoch, error } = event;
  return {
    ...detailAttributes(event),
    ...whoAttributes(event),
    ...resourceAttributes(event),
    'session.id': session,
    'leash.seq': seq,
    'leash.action': action,
    'leash.effect': effect,
    'leash.enforced': enforced,
    'leash.policies': [...policies],
    'leash.epoch': epoch,
    ...(shadow && { 'leash.shadow': shadow }),
    ...(reason && { 'leash.reason': reason }),
    ...(ask && { 'leash.ask': ask }),
    ...(approval && { 'leash.approval': approval.by, 'leash.approval.waited_ms': approval.waited }),
    ...(error && { 'error.type': error }),
  };
}

/** `leash.file_open_read_only`: names of events are lower-case, with dots between namespaces. */
export function eventName({ action }: Event): string {
  return `leash.${action.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()}`;
}
