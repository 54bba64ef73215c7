// What can be wrong with a journal, and where: the words of `leash events verify`.

/**
 * `edited`: bytes of a line were changed. `missing`: events between two that are there. `reordered`: events stand at another place than they
 * were written to. `truncated`: the end is gone. `foreign`: what this session did not write at this place. `unreadable`: a segment that cannot be read.
 */
export type FaultKind = 'edited' | 'missing' | 'reordered' | 'truncated' | 'foreign' | 'unreadable';

/** Of a line. */
export interface Place {
  /** Name of the segment. */
  readonly segment: string;
  /** From 1. */
  readonly line: number;
  /** Of the line's first byte in its segment, from 0. */
  readonly offset: number;
}

export interface Fault extends Place {
  readonly kind: FaultKind;
  /** For people. */
  readonly text: string;
  /** Numbers of the events that it is about, both included. */
  readonly events?: readonly [first: number, last: number];
}

/** `event 7`, `events 7 to 9`. */
export function eventsText(first: number, last: number): string {
  return first === last ? `event ${first}` : `events ${first} to ${last}`;
}
