// The table [journal] in, its settings out, or what is wrong with it.
import { isTable, type JournalSettings } from './config.ts';
import { ConfigFault, insteadOf } from './fault.ts';

const HOUR = 3_600_000;
const AGES: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };
const SIZES: Readonly<Record<string, number>> = { K: 1 << 10, M: 1 << 20, G: 1 << 30 };
const SMALLEST_SEGMENT = 1 << 20;
const LARGEST_SEGMENT = 1 << 30;

type Reader = (text: string) => JournalSettings | string;

/** A whole number with one of the units; undefined when it is none. */
function quantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, number = '', unit = ''] = /^(\d{1,6})([A-Za-z])$/.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return factor === undefined || Number(number) === 0 ? undefined : Number(number) * factor;
}

/** By key; each answers with settings, or with what it would need. */
const KEYS: Readonly<Record<string, Reader>> = {
  keep: (text) => {
    const keepFor = quantity(text, AGES);
    return keepFor === undefined ? 'a number with h, d or w, as "30d"' : { keepFor };
  },
  keep_size: (text) => {
    const keepSize = quantity(text, SIZES);
    return keepSize === undefined ? 'a number with K, M or G, as "10G"' : { keepSize };
  },
  segment: (text) => {
    const segmentBytes = quantity(text, SIZES) ?? 0;
    const fits = segmentBytes >= SMALLEST_SEGMENT && segmentBytes <= LARGEST_SEGMENT;
    return fits ? { segmentBytes } : 'a size from "1M" to "1G"';
  },
  otlp: (text) => {
    const isUrl = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
    return isUrl ? { otlp: text } : 'a URL, as "http://127.0.0.1:4318"';
  },
};

/** Values may hold a password and are in no message. @throws ConfigFault */
export function readJournal(value: unknown): JournalSettings {
  if (value === undefined) return {};
  if (!isTable(value)) throw new ConfigFault('journal is no table; write [journal]', 'journal');
  let settings: JournalSettings = {};
  for (const [key, text] of Object.entries(value)) {
    const read = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (read === undefined)
      throw new ConfigFault(
        `journal has no key ${JSON.stringify(key)}; ${insteadOf(key, Object.keys(KEYS))}`,
        'journal',
        key,
      );
    const found = typeof text === 'string' ? read(text) : 'a text in quotes';
    if (typeof found === 'string') throw new ConfigFault(`${key} needs ${found}`, 'journal', key);
    settings = { ...settings, ...found };
  }
  return settings;
}
