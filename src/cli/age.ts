// An age as a person writes it in, milliseconds out.
import { LeashError } from '../host/errors.ts';

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };

/** `option` is how the message calls it. @throws {LeashError} LEASH_USAGE */
export function parseAge(text: string, option: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([hdw])$/.exec(text) ?? [];
  if (unit === '')
    throw new LeashError('LEASH_USAGE', `${option} needs a number with h, d or w, got ${JSON.stringify(text)}`);
  return Number(number) * (UNITS[unit] ?? 0);
}
