// A person's SQL in; it, if it is one SELECT, or why it is not taken, out. No I/O.
import { LeashError } from '../../host/errors.ts';

const CLOSING: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']' };
const FIRST_WORDS = ['SELECT', 'WITH'];

/** Where a quoted part, or a comment, that begins at `at` ends; `at` itself when none begins there. Source: sqlite.org/lang_keywords, lang_comment. */
function skipped(sql: string, at: number): number {
  const begin = sql.slice(at, at + 2);
  const end = begin === '--' ? '\n' : begin === '/*' ? '*/' : CLOSING[begin[0] ?? ''];
  if (end === undefined) return at;
  const from = begin === '--' || begin === '/*' ? at + 2 : at + 1;
  const found = sql.indexOf(end, from);
  return found < 0 ? sql.length : found + end.length;
}

/** The statement without quoted parts and comments. */
function bare(sql: string): string {
  let text = '';
  for (let at = 0; at < sql.length; ) {
    const next = skipped(sql, at);
    text += next > at ? ' ' : (sql[at] ?? '');
    at = next > at ? next : at + 1;
  }
  return text;
}

/** @throws {LeashError} LEASH_QUERY */
export function requireSelect(sql: string): void {
  if (sql.includes('\0')) throw new LeashError('LEASH_QUERY', 'the query holds a NUL');
  const text = bare(sql).trim();
  const [word = ''] = /^\w*/.exec(text) ?? [];
  if (!FIRST_WORDS.includes(word.toUpperCase()))
    throw new LeashError('LEASH_QUERY', `only SELECT is taken (also WITH … SELECT), not ${JSON.stringify(word)}`);
  // SQLite would run the first statement and drop the rest without a word.
  if (/;\s*\S/.test(text)) throw new LeashError('LEASH_QUERY', 'only one statement is taken at a time');
}
