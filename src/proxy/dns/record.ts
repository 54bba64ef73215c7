// What became of a DNS question enters, the Event that records it leaves.
import type { Event, Who } from '../../schema/event.ts';
import type { Decision } from '../options.ts';
import { verdictFields } from '../record.ts';
import type { Outcome, Question } from './answer.ts';

const MAX_NAME = 253;

/** One DNS question. The name may be any bytes when it is no host name, so it is cut and made printable. */
export function resolvedName(
  time: number,
  { name, qtype }: Question,
  answer: Outcome,
  decision: Decision,
  asker: Who | undefined,
): Event {
  return {
    v: 1,
    time,
    ...(asker === undefined ? {} : { who: asker }),
    action: 'DnsResolve',
    resource: { type: 'host', name: name.slice(0, MAX_NAME).replace(/[^\x21-\x7e]/g, '?') },
    detail: { qtype, answer },
    ...verdictFields(decision),
  };
}
