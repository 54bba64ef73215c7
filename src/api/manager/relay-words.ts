// What a relay beside a manager and who started it say to each other, as lines. No I/O.
import type { Asking, Reply } from '../exchange.ts';

/** A gate's first line; else it is the name of the system's error. */
export const CONNECTED = 'connected';
export const WORD_MAX = 64;

export interface AskingLine {
  readonly id: number;
  readonly asking: Asking;
}

export type ReplyLine = { readonly id: number } & (
  | { readonly reply: Reply }
  | { readonly code: string | undefined; readonly message: string }
);

/** As a connection of one's own fails. */
export function connectionError(code: string | undefined, message: string = code ?? ''): Error {
  return Object.assign(new Error(message), code !== undefined && /^E[A-Z]+$/.test(code) && { code });
}

/** Undefined: it is no such line. */
export function readReplyLine(line: string): ReplyLine | undefined {
  try {
    const value = JSON.parse(line) as Partial<Record<'id' | 'reply' | 'message', unknown>>;
    const isReply = typeof value.reply === 'object' && value.reply !== null;
    const isKnown = Number.isSafeInteger(value.id) && (isReply || typeof value.message === 'string');
    return isKnown ? (value as ReplyLine) : undefined;
  } catch {
    return undefined;
  }
}
