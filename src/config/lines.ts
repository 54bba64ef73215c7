// The text of a TOML file in, the line on which a nested key is written out. For messages: what it says of odd text is near, not exact.

const PART = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*/;

interface Written {
  readonly keys: readonly string[];
  readonly line: number;
}

/** The dotted key at the beginning of a text, and what follows it. */
function dottedKey(text: string): { readonly keys: readonly string[]; readonly rest: string } {
  const keys: string[] = [];
  let rest = text.trimStart();
  for (;;) {
    const part = PART.exec(rest);
    if (part === null) return { keys: [], rest };
    keys.push(part[1]?.replace(/\\(.)/g, '$1') ?? part[2] ?? part[3] ?? '');
    rest = rest.slice(part[0].length);
    if (!rest.startsWith('.')) return { keys, rest };
    rest = rest.slice(1).trimStart();
  }
}

function writtenKeys(text: string): readonly Written[] {
  const found: Written[] = [];
  let table: readonly string[] = [];
  let open: string | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const fences = [...line.matchAll(/"""|'''/g)].map(([fence]) => fence);
    const wasOpen = open !== undefined;
    for (const fence of fences) open = open === undefined ? fence : open === fence ? undefined : open;
    if (wasOpen) continue;
    const header = /^\s*\[\[?(.*)$/.exec(line);
    const { keys, rest } = dottedKey(header?.[1] ?? line);
    if (keys.length === 0 || !rest.startsWith(header === null ? '=' : ']')) continue;
    if (header !== null) table = keys;
    found.push({ keys: header === null ? [...table, ...keys] : keys, line: index + 1 });
  }
  return found;
}

/** Of nested keys, outermost first: the line of the innermost that is found; 1 when none is. */
export function lineLookup(text: string): (...keys: readonly string[]) => number {
  let written: readonly Written[] | undefined;
  return (...keys) => {
    written ??= writtenKeys(text);
    const begins = (longer: readonly string[], shorter: readonly string[]): boolean =>
      shorter.every((key, index) => longer[index] === key);
    for (let length = keys.length; length > 0; length -= 1) {
      const wanted = keys.slice(0, length);
      const at = written.find((each) => each.keys.length >= length && begins(each.keys, wanted));
      if (at !== undefined) return at.line;
    }
    return 1;
  };
}
