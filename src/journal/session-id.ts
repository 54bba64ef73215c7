// A start time in, the short name of a session out; names sort by start.

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const SUFFIX_LENGTH = 4;
const SESSION_ID = /^\d{8}-\d{6}-[a-z0-9]{4}$/;

/**
 * Name of a session that starts at `now` (milliseconds since the Unix epoch), in UTC so that names sort across time zones:
 * `20261125-142233-k3f9`. Not a secret: two sessions that draw the same name are told apart by `openJournal`, which refuses
 * an existing directory.
 */
export function newSessionId(now: number = Date.now(), random: () => number = Math.random): string {
  const iso = new Date(now).toISOString();
  const date = iso.slice(0, 10).replaceAll('-', '');
  const time = iso.slice(11, 19).replaceAll(':', '');
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
  return `${date}-${time}-${suffix}`;
}

/** True for a name `newSessionId` could have made; nothing else may become part of a path. */
export function isSessionId(text: string): boolean {
  return SESSION_ID.test(text);
}
