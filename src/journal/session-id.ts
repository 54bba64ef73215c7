// A start time in, the short name of a session out; names sort by start.

/** In ASCII order, so that names sort by their letters too. */
const ALPHABET = '23456789abcdefghijkmnpqrstuvwxyz';
const SESSION_ID = /^\d{8}-\d{6}-[a-z0-9]{4}$/;

const letter = (value: number): string => ALPHABET[Math.floor(value) % ALPHABET.length] ?? '';

/**
 * Name of a session that starts at `now` (milliseconds since the Unix epoch), in UTC so that names sort across time zones:
 * `20261125-142233-k3f9`. Of the four letters two are the millisecond, so that `latest` is what started last, and two are
 * drawn. Not a secret: two sessions that draw the same name are told apart by `openJournal`, which refuses an existing
 * directory.
 */
export function newSessionId(now: number = Date.now(), random: () => number = Math.random): string {
  const iso = new Date(now).toISOString();
  const date = iso.slice(0, 10).replaceAll('-', '');
  const time = iso.slice(11, 19).replaceAll(':', '');
  const millisecond = Number(iso.slice(20, 23));
  const drawn = (): string => letter(random() * ALPHABET.length);
  return `${date}-${time}-${letter(millisecond / ALPHABET.length)}${letter(millisecond)}${drawn()}${drawn()}`;
}

/** True for a name `newSessionId` could have made; nothing else may become part of a path. */
export function isSessionId(text: string): boolean {
  return SESSION_ID.test(text);
}
