// Parts of an event in; an entry of a feed that has them out.
import type { EventEntry } from '../../../../../src/schema/api.ts';
import type { Event } from '../../../../../src/schema/event.ts';

export function entry(seq: number, part: Partial<Event> = {}): EventEntry {
  const event: Event = {
    v: 1,
    time: seq * 100,
    who: { pid: 2, parent: 1, exe: '/bin/sh' },
    action: 'FileOpenReadOnly',
    resource: { type: 'path', path: `/w/${seq}` },
    effect: 'allow',
    enforced: true,
    policies: ['files'],
    epoch: 1,
    ...part,
  };
  return { seq, event };
}
