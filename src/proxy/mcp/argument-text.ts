// One argument of a call in, its text in the journal out: whole, or how long it is; and that text back.

/** A value is shown whole or not at all: a credential that is cut would not be found by whoever takes credentials out. */
const MAX_VALUE = 128;
const MAX_POINTER = 128;

/** `path=/w/a`, `text: 500 characters`; a pointer that holds what stands between is a JSON string: `"a=b"=c`. */
export function argumentText([pointer, value]: readonly [string, string]): string {
  const isLong = pointer.length > MAX_POINTER;
  const name = isLong ? `${pointer.slice(0, MAX_POINTER)}…` : pointer;
  const said = /[=:"]/.test(name) ? JSON.stringify(name) : name;
  return value.length > MAX_VALUE || isLong ? `${said}: ${value.length} characters` : `${said}=${value}`;
}

export interface RecordedArgument {
  /** JSON pointer without the first slash. */
  readonly pointer: string;
  /** Undefined: only its length was recorded, or a credential was taken out. */
  readonly value: string | undefined;
}

/** Undefined: no text of `argumentText`. */
export function recordedArgument(text: string): RecordedArgument | undefined {
  const [, quoted, bare = '', rest = ''] =
    /^(?:("(?:[^"\\]|\\.)*")|([^=:"]*))((?:=|: \d+ characters$).*)$/s.exec(text) ?? [];
  if (rest === '') return undefined;
  const value = rest.startsWith('=') && !/\[[^\s[\]]+\]/.test(rest) ? rest.slice(1) : undefined;
  try {
    return { pointer: quoted === undefined ? bare : String(JSON.parse(quoted)), value };
  } catch {
    return undefined; // a credential was taken out of the name
  }
}
