// The text of a body in, the same without credentials out: those that Leash knows, in each way they are written, and what stands under their names.
import { Buffer } from 'node:buffer';

/** Fields whose values are credentials, by the whole name or its end; `max_tokens` and `tokens_in` are none. */
const CREDENTIAL_FIELD =
  '[\\w.-]*(?:authorization|authorization_token|access_?token|refresh_?token|id_?token|session_?token|auth_?token|bearer|api_?key|x-api-key|secret|client_?secret|secret_?access_?key|passw(?:or)?d|passphrase|private_?key|credentials?|cookie)';
const JSON_FIELD = new RegExp(`("${CREDENTIAL_FIELD}"\\s*:\\s*")(?:[^"\\\\]|\\\\[^])*`, 'gi');
const FORM_FIELD = new RegExp(`((?:^|[?&\\s"])${CREDENTIAL_FIELD}=)[^&\\s"\\\\]+`, 'gi');
/** As of a header that is spoken of in a text. */
const SCHEME = /\b(Bearer|Basic)\s+[A-Za-z0-9+/_.~=-]{12,}/g;
const REDACTED = '[redacted]';

/** Base64 of a value with 0, 1 and 2 bytes before it, without the characters that depend on what stands around it. */
function base64Spellings(value: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const start = [0, 2, 3][before] ?? 0;
    return bytes.toString('base64').slice(start, Math.floor((bytes.length * 4) / 3));
  });
}

/** The ways in which a value may be written in a body. */
function spellings(value: string): readonly string[] {
  const base64 = base64Spellings(value);
  const all = [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(all)].filter((text) => text.length >= 8);
}

export interface BodyRedactor {
  clean(text: string): string;
  /** Characters of the longest credential: so many at the end of a text that goes on may be the beginning of one. */
  readonly longest: number;
}

/** @param values names and values of the credentials; a value that holds another stands before it */
export function bodyRedactor(values: readonly (readonly [string, string])[]): BodyRedactor {
  const known = values.flatMap(([name, value]) => spellings(value).map((spelling) => [name, spelling] as const));
  return {
    clean: (text) =>
      known
        .reduce((left, [name, spelling]) => left.replaceAll(spelling, `[${name}]`), text)
        .replace(JSON_FIELD, `$1${REDACTED}`)
        .replace(FORM_FIELD, `$1${REDACTED}`)
        .replace(SCHEME, `$1 ${REDACTED}`),
    longest: known.reduce((most, [, spelling]) => Math.max(most, spelling.length), 0),
  };
}
