// An event in, the same event without the credentials that Leash knows out.
import type { Event } from '../schema/event.ts';

/** Shorter values would redact ordinary words. */
const MIN_LENGTH = 8;
const CREDENTIAL_NAME = /(SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|KEY|_PAT$)/i;

/** Replaces the values of credential variables wherever they occur in an event. */
export function redactor(env: Readonly<Record<string, string>>): (event: Event) => Event {
  const values = Object.entries(env)
    .filter(([name, value]) => CREDENTIAL_NAME.test(name) && value.length >= MIN_LENGTH)
    .sort(([, a], [, b]) => b.length - a.length);
  if (values.length === 0) return (event) => event;
  const clean = (text: string): string =>
    values.reduce((left, [name, value]) => left.replaceAll(value, `[${name}]`), text);
  return (event) => {
    const text = JSON.stringify(event);
    // JSON escapes may split a value; such a value is looked for in its escaped form too.
    const dirty = values.some(([, value]) => text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1)));
    if (!dirty) return event;
    return JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? clean(value) : value)) as Event;
  };
}
