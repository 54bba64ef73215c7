// What became of a DNS question enters, the Event that records it leaves.
import type { Event } from '../../schema/event.ts';
import type { Decision } from '../options.ts';
import { verdictFields } from '../record.ts';

const MAX_NAME = 253;

/** One DNS question. The name may be any bytes when it is no host name, so it is cut and made printable. */
export function resolvedName(time: number, name: string, qtype: string, answer: string, decision: Decision): Event {
  return {
    v: 1,
    time,
    action: 'DnsResolve',
    resource: { type: 'host', name: name.slice(0, MAX_NAME).replace(/[^\x21-\x7e]/g, '?') },
    detail: { qtype, answer },
    ...verdictFields(decision),
  };
}
