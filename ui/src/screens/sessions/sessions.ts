// Sessions in; those that a text finds, in the order that was asked for, and how long each took, out. Pure.
import type { SessionView } from '../../../../src/schema/api.ts';

type Value = string | number;

/** Columns, and what they are ordered by. `now`: milliseconds since the Unix epoch. */
export const COLUMNS: Readonly<Record<string, (session: SessionView, now: number) => Value>> = {
  Command: ({ command }) => command.join(' '),
  State: ({ state }) => state,
  Started: ({ started }) => started,
  Duration: (session, now) => lasted(session, now) ?? -1,
  Mode: ({ mode }) => mode,
  Backend: ({ backend }) => backend,
  Denied: ({ denied }) => denied ?? -1,
  Exit: ({ exitCode }) => exitCode ?? -1,
  Workspace: ({ workspace }) => workspace,
};

export interface Order {
  readonly by: string;
  readonly isUp: boolean;
}

/** As an address has it: `Denied`, `-Denied`. Newest first where it says nothing. */
export function orderIn(word: string): Order {
  const isUp = !word.startsWith('-');
  const by = isUp ? word : word.slice(1);
  return Object.hasOwn(COLUMNS, by) ? { by, isUp } : { by: 'Started', isUp: false };
}

/** What a click on a title asks for: first the order people look for in it, then the other. */
export function nextOrder({ by, isUp }: Order, title: string): string {
  const isNumber = ['Started', 'Duration', 'Denied', 'Exit'].includes(title);
  const next = by === title ? !isUp : !isNumber;
  return next ? title : `-${title}`;
}

/** Milliseconds; undefined: it crashed, and nobody saw when. */
export function lasted({ started, ended, state }: SessionView, now: number): number | undefined {
  if (ended !== undefined) return ended - started;
  return state === 'running' ? Math.max(now - started, 0) : undefined;
}

/** `42 s`, `3 min 05 s`, `2 h 07 min`, `3 d 4 h`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const two = (count: number): string => String(count).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${two(minutes % 60)} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function matching(sessions: readonly SessionView[], text: string): readonly SessionView[] {
  const words = text.toLowerCase().split(/\s+/);
  return sessions.filter(({ id, command, workspace, state, mode, backend }) => {
    const all = [id, command.join(' '), workspace, state, mode, backend].join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

export function sorted(sessions: readonly SessionView[], { by, isUp }: Order, now: number): readonly SessionView[] {
  const keyOf = COLUMNS[by] ?? (({ started }: SessionView) => started);
  const sign = isUp ? 1 : -1;
  return sessions.toSorted((a, b) => {
    const [one, other] = [keyOf(a, now), keyOf(b, now)];
    return one === other ? 0 : one < other ? -sign : sign;
  });
}
