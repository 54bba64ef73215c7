// What the texts of a possible request look like: canonical paths, host names, HTTP methods.
import {
  ASTERISK,
  BETWEEN_CHARACTERS,
  codesOf,
  DIGITS,
  DOT,
  HYPHEN,
  LOWER_CASE,
  readableFirst,
  SLASH,
  SPACE,
  TAB,
  UPPER_CASE,
  UTF8_CLASSES,
  type Utf8,
  utf8Step,
} from './bytes.ts';
import { Language } from './language.ts';

interface InPath {
  /** Before the first slash; right behind a slash; behind `.` or `..` as the whole component so far; in a component. */
  readonly place: 'start' | 'slash' | '.' | '..' | 'name';
  readonly character: Utf8;
}

function placeAfter(place: InPath['place'], byte: number): InPath['place'] | undefined {
  if (place === 'start') return byte === SLASH ? 'slash' : undefined;
  if (byte === SLASH) return place === 'name' ? 'slash' : undefined;
  if (byte !== DOT) return 'name';
  return place === 'slash' ? '.' : place === '.' ? '..' : 'name';
}

function pathLanguage(ends: readonly InPath['place'][]): Language {
  return Language.of<InPath>({
    classes: [readableFirst(0x01, 0x7f, [SLASH, DOT]), [SLASH], [DOT], ...UTF8_CLASSES],
    start: { place: 'start', character: BETWEEN_CHARACTERS },
    step(state, byte) {
      const character = utf8Step(state.character, byte);
      const place = placeAfter(state.place, byte);
      return character && place && { place, character };
    },
    accepts: ({ place, character }) => character.rest === 0 && ends.includes(place),
    key: ({ place, character }) => `${place} ${Object.values(character)}`,
  });
}

/** Files and directories, as `isCanonicalPath` (facts.ts) has them, and no NUL. */
export function anyPath(): Language {
  return pathLanguage(['slash', 'name']);
}

export function filePath(): Language {
  return pathLanguage(['name']);
}

/** A file, or '' when it is not known which. */
export function filePathOrNone(): Language {
  return pathLanguage(['start', 'name']);
}

interface InHostName {
  /** The label being read is the last of the name. */
  readonly isTop: boolean;
  readonly length: number;
  /** Read last, so the first character of the label if no other follows. */
  readonly last: 'letter' | 'digit' | 'hyphen' | 'nothing';
}

const MAX_LABEL = 63;
const LETTERS: readonly number[] = [...LOWER_CASE, ...codesOf('_')];

function mayBegin({ isTop, last }: InHostName): boolean {
  return last === 'letter' || (last === 'digit' && !isTop);
}

/** Right to left. The names that `canonicalHost` (proxy/names/canonical-host.ts) lets through: the last label is not numeric. */
export function hostNameReversed(): Language {
  return Language.of<InHostName>({
    classes: [LETTERS, DIGITS, [HYPHEN], [DOT]],
    start: { isTop: true, length: 0, last: 'nothing' },
    step(state, byte) {
      if (byte === DOT) return mayBegin(state) ? { isTop: false, length: 0, last: 'nothing' } : undefined;
      if (state.length === MAX_LABEL || (byte === HYPHEN && state.length === 0)) return undefined;
      const last = byte === HYPHEN ? 'hyphen' : DIGITS.includes(byte) ? 'digit' : 'letter';
      return { isTop: state.isTop, length: state.length + 1, last };
    },
    accepts: mayBegin,
    key: (state) => Object.values(state).join(),
  });
}

interface InAddress {
  /** Counting the one being read. */
  readonly octets: number;
  readonly octet: string;
}

const OCTET = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;

export function ipv4Text(): Language {
  return Language.of<InAddress>({
    classes: codesOf('1023456789.').map((byte) => [byte]),
    start: { octets: 1, octet: '' },
    step({ octets, octet }, byte) {
      if (byte === DOT) return octet !== '' && octets < 4 ? { octets: octets + 1, octet: '' } : undefined;
      const longer = octet + String.fromCharCode(byte);
      return OCTET.test(longer) ? { octets, octet: longer } : undefined;
    },
    accepts: ({ octets, octet }) => octets === 4 && octet !== '',
    key: ({ octets, octet }) => `${octets} ${octet}`,
  });
}

/** These words and no other. */
export function words(all: readonly string[]): Language {
  return Language.of<string>({
    classes: [...new Set(codesOf(all.join('')))].map((byte) => [byte]),
    start: '',
    step(state, byte) {
      const longer = state + String.fromCharCode(byte);
      return all.some((word) => word.startsWith(longer)) ? longer : undefined;
    },
    accepts: (state) => all.includes(state),
    key: (state) => state,
  });
}

/** At least one of `bytes`. */
function run(bytes: readonly number[]): Language {
  return Language.of<'start' | 'inside'>({
    classes: [bytes],
    start: 'start',
    step: () => 'inside',
    accepts: (state) => state === 'inside',
    key: (state) => state,
  });
}

/** A token (RFC 9110, section 5.6.2). */
export function httpMethod(): Language {
  return run([...UPPER_CASE, ...LOWER_CASE, ...DIGITS, ...codesOf("-_.!#$%&'*+^`|~")]);
}

/** The path of origin form in visible ASCII, without query and fragment, or the asterisk of OPTIONS (RFC 9112, section 3.2). */
export function httpPath(): Language {
  return Language.of<'start' | 'path' | 'asterisk'>({
    classes: [readableFirst(0x21, 0x7e, [SLASH, ASTERISK, ...codesOf('#?')]), [SLASH], [ASTERISK]],
    start: 'start',
    step(state, byte) {
      if (state !== 'start') return state === 'path' ? 'path' : undefined;
      if (byte === SLASH) return 'path';
      return byte === ASTERISK ? 'asterisk' : undefined;
    },
    accepts: (state) => state !== 'start',
    key: (state) => state,
  });
}

/** Visible ASCII without a fragment, perhaps empty. */
export function httpQuery(): Language {
  return Language.of<'query'>({
    classes: [readableFirst(0x21, 0x7e, codesOf('#'))],
    start: 'query',
    step: () => 'query',
    accepts: () => true,
    key: (state) => state,
  });
}

/** What comes after the host and its slash: a path without a final slash, or nothing. */
export function repositoryPath(): Language {
  return Language.of<'start' | 'slash' | 'name'>({
    classes: [readableFirst(0x21, 0x7e, [SLASH, ...codesOf('#?')]), [SLASH]],
    start: 'start',
    step(state, byte) {
      if (byte === SLASH) return state === 'name' ? 'slash' : undefined;
      return 'name';
    },
    accepts: (state) => state !== 'slash',
    key: (state) => state,
  });
}

/** A token in lower case (RFC 9110, section 5.1). */
export function fieldName(): Language {
  return run([...LOWER_CASE, ...DIGITS, ...codesOf("-_.!#$%&'*+^`|~")]);
}

/** UTF-8 without NUL, perhaps empty. */
export function anyText(): Language {
  return joinedArguments(0);
}

interface InField {
  readonly isBlankLast: boolean;
  readonly isFirst: boolean;
  readonly character: Utf8;
}

/** A field value without blanks at its ends, perhaps empty (RFC 9110, section 5.5); bytes beyond ASCII as the characters they are read as. */
export function fieldValue(): Language {
  return Language.of<InField>({
    classes: [readableFirst(0x21, 0x7e), [SPACE, TAB], ...UTF8_CLASSES],
    start: { isBlankLast: false, isFirst: true, character: BETWEEN_CHARACTERS },
    step({ isFirst, character }, byte) {
      const isBlankLast = byte === SPACE || byte === TAB;
      const next = isBlankLast && isFirst ? undefined : utf8Step(character, byte);
      return next && { isBlankLast, isFirst: false, character: next };
    },
    accepts: ({ isBlankLast, character }) => !isBlankLast && character.rest === 0,
    key: ({ isBlankLast, isFirst, character }) => `${isBlankLast} ${isFirst} ${Object.values(character)}`,
  });
}

/** The text of a DNS record type: `A`, `AAAA`, `UNKNOWN_123`. */
export function recordType(): Language {
  return run([...UPPER_CASE, ...DIGITS, ...codesOf('-_')]);
}

const SERVER = 'mcp:';

/** The mark of an MCP server, `mcp:NAME` in UTF-8 without NUL, or '' where a program belongs to none. */
export function serverMark(): Language {
  return Language.of<{ readonly read: number; readonly character: Utf8 }>({
    classes: [readableFirst(0x01, 0x7f, codesOf(SERVER)), ...codesOf(SERVER).map((byte) => [byte]), ...UTF8_CLASSES],
    start: { read: 0, character: BETWEEN_CHARACTERS },
    step({ read, character }, byte) {
      if (read < SERVER.length) return byte === SERVER.charCodeAt(read) ? { read: read + 1, character } : undefined;
      const next = utf8Step(character, byte);
      return next && { read: SERVER.length + 1, character: next };
    },
    accepts: ({ read, character }) => read === 0 || (read > SERVER.length && character.rest === 0),
    key: ({ read, character }) => `${read} ${Object.values(character)}`,
  });
}

/** Lower-case hexadecimal of 32 bytes. */
export function sha256Text(): Language {
  return Language.of<number>({
    classes: [codesOf('0123456789abcdef')],
    start: 0,
    step: (length) => (length < 64 ? length + 1 : undefined),
    accepts: (length) => length === 64,
    key: String,
  });
}

/** Arguments joined by spaces: UTF-8 without NUL, with at least this many spaces. */
export function joinedArguments(spaces: number): Language {
  return Language.of<{ readonly missing: number; readonly character: Utf8 }>({
    classes: [readableFirst(0x01, 0x7f, [SPACE]), [SPACE], ...UTF8_CLASSES],
    start: { missing: spaces, character: BETWEEN_CHARACTERS },
    step({ missing, character }, byte) {
      const next = utf8Step(character, byte);
      return next && { missing: byte === SPACE ? Math.max(0, missing - 1) : missing, character: next };
    },
    accepts: ({ missing, character }) => missing === 0 && character.rest === 0,
    key: ({ missing, character }) => `${missing} ${Object.values(character)}`,
  });
}
