// An event in, the same event without the credentials that Leash knows out.
import type { Particulars } from '../schema/approval.ts';
import type { Event } from '../schema/event.ts';

/** Shorter values would redact ordinary words. */
const MIN_LENGTH = 8;
const CREDENTIAL_NAME = /(SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|KEY|_PAT$)/i;

type Named = readonly [name: string, value: string];

/** Names and values of credential variables; a value that holds another comes first. */
export function credentialsIn(env: Readonly<Record<string, string>>): readonly Named[] {
  return ordered(
    Object.entries(env).filter(([name, value]) => CREDENTIAL_NAME.test(name) && value.length >= MIN_LENGTH),
  );
}

/**
 * Replaces the values of credential variables wherever they occur in an event.
 * @param brokered values that the agent does not hold, as far as they are known by now
 */
export function redactor(
  env: Readonly<Record<string, string>>,
  brokered: () => readonly Named[] = () => [],
): (event: Event) => Event {
  const own = credentialsIn(env);
  let values = own;
  let count = 0;
  return (event) => {
    const more = brokered();
    // Values are only ever added: those that a command has printed since.
    if (more.length !== count) values = ordered([...own, ...more]);
    count = more.length;
    return values.length === 0 ? event : cleaned(event, values);
  };
}

/** A value that holds another one goes first. */
function ordered(values: readonly Named[]): readonly Named[] {
  return values.toSorted(([, a], [, b]) => b.length - a.length);
}

function cleaned(event: Event, values: readonly Named[]): Event {
  const text = JSON.stringify(event);
  // JSON escapes may split a value; such a value is looked for in its escaped form too.
  const dirty = values.some(([, value]) => text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1)));
  if (!dirty) return event;
  const clean = (part: string): string =>
    values.reduce((left, [name, value]) => left.replaceAll(value, `[${name}]`), part);
  return JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? clean(value) : value)) as Event;
}

/** Text of bytes (latin1), without the credentials in it. */
export function withoutCredentials(latin1: string, values: readonly Named[]): string {
  return ordered(values).reduce((left, [name, value]) => {
    const bytes = Buffer.from(value).toString('latin1');
    return left.replaceAll(bytes, `[${name}]`);
  }, latin1);
}

/** Tokens are found in queries: they stay out of the journal, as in the record of a request. */
export function withoutQuery(particulars: Particulars): Particulars {
  const { path: asked } = particulars;
  return typeof asked === 'string' ? { ...particulars, path: asked.split('?', 1)[0] ?? '' } : particulars;
}
