// A value and its stand-in enter, the spellings in which a server may send the value back leave, each with what is put in its place.
import { Buffer } from 'node:buffer';

export interface Form {
  readonly find: Buffer;
  readonly put: Buffer;
}

/**
 * The characters of the base64 of some longer text that depend on `text` alone, when it begins `shift` bytes after a multiple of three.
 * Source: RFC 4648, section 4.
 */
function base64Inside(text: string, shift: number): string {
  const coded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text, 'latin1')]).toString('base64');
  const from = Math.ceil((shift * 8) / 6);
  return coded.slice(from, Math.floor(((shift + text.length) * 8) / 6));
}

const urlSafe = (coded: string): string => coded.replaceAll('+', '-').replaceAll('/', '_');
const json = (text: string): string => JSON.stringify(text).slice(1, -1);
/** As PHP and others escape JSON. */
const jsonSlashes = (text: string): string => json(text).replaceAll('/', '\\/');
/** As Go escapes JSON. */
const jsonHtml = (text: string): string =>
  json(text).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
const html = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? '&#39;');
const percent = (text: string): string => encodeURIComponent(text);
/** Of everything but unreserved characters (RFC 3986, section 2.3). */
const percentAll = (text: string): string =>
  percent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const percentLower = (text: string): string => percentAll(text).replace(/%../g, (code) => code.toLowerCase());
/** application/x-www-form-urlencoded. */
const form = (text: string): string => percentAll(text).replaceAll('%20', '+');
const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const hexUpper = (text: string): string => hex(text).toUpperCase();

const SHIFTS = [0, 1, 2] as const;
const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  ...SHIFTS.map((shift) => (text: string) => base64Inside(text, shift)),
  ...SHIFTS.map((shift) => (text: string) => urlSafe(base64Inside(text, shift))),
  percent,
  percentAll,
  percentLower,
  form,
  json,
  jsonSlashes,
  jsonHtml,
  html,
  hex,
  hexUpper,
];

/** The spelling of the stand-in in which the value was found, so that what reads it can still decode it. */
export function formsOf(value: string, standIn: string): readonly Form[] {
  const forms = new Map<string, string>();
  for (const spell of SPELLINGS) {
    const found = spell(value);
    if (!forms.has(found)) forms.set(found, spell(standIn));
  }
  return [...forms].map(([find, put]) => ({ find: Buffer.from(find, 'latin1'), put: Buffer.from(put, 'latin1') }));
}
