// The search part of the Live screen's address in, what it asks to see out; whatever it does not know is left out.
import type { Outcome } from '../../journal/row.ts';

export interface LiveSearch {
  readonly verdict?: Outcome;
  /** Name of an action: `FileWrite`. */
  readonly action?: string;
  readonly text?: string;
  readonly pid?: number;
  /** Name of an MCP call: itself, and what was done during it. */
  readonly call?: string;
  /** The event whose details are open, by its number in the session. */
  readonly event?: number;
  /** All of the journal is searched, not the events that came last. */
  readonly journal?: true;
}

const OUTCOMES: readonly Outcome[] = ['allowed', 'denied', 'would deny'];

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  // The router reads `text=12` as a number.
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

export function readSearch(search: Readonly<Record<string, unknown>>): LiveSearch {
  const verdict = OUTCOMES.find((outcome) => outcome === search['verdict']);
  const action = textOf(search['action']);
  const text = textOf(search['text']);
  const pid = numberOf(search['pid']);
  const call = textOf(search['call']);
  const event = numberOf(search['event']);
  return {
    ...(verdict !== undefined && { verdict }),
    ...(action !== undefined && { action }),
    ...(text !== undefined && { text }),
    ...(pid !== undefined && { pid }),
    ...(call !== undefined && { call }),
    ...(event !== undefined && { event }),
    ...(search['journal'] === true && { journal: true }),
  };
}
