// Cedar's `like`: a pattern in, a linear-time matcher out.

/** Literal pieces and wildcards (`null`), in order. */
export type Pattern = readonly (string | null)[];

/** Joins neighbouring literals and collapses neighbouring wildcards. */
export function normalisePattern(pattern: Pattern): Pattern {
  const parts: (string | null)[] = [];
  for (const part of pattern) {
    const last = parts.at(-1);
    if (part === null) {
      if (last !== null) parts.push(null);
    } else if (typeof last === 'string') parts[parts.length - 1] = last + part;
    else if (part !== '') parts.push(part);
  }
  return parts;
}

/** Greedy leftmost search of the inner pieces; correct because a wildcard may match anything, so the earliest place leaves most room. */
export function likeMatcher(pattern: Pattern): (subject: string) => boolean {
  const parts = normalisePattern(pattern);
  const first = parts[0] ?? '';
  if (!parts.includes(null)) return (subject) => subject === first;
  const last = parts.at(-1) ?? '';
  const inner = parts.slice(1, -1).filter((part) => part !== null);
  return (subject) => {
    const end = subject.length - last.length;
    if (end < first.length || !subject.startsWith(first) || !subject.endsWith(last)) return false;
    let at = first.length;
    for (const part of inner) {
      const found = subject.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
