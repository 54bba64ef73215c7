// Deterministic automata over bytes: from a lazily described one to an explicit, minimal one.

export interface Dfa {
  readonly states: number;
  /** Byte classes: bytes of one class lead to the same state everywhere. */
  readonly columns: number;
  readonly columnOf: Uint8Array;
  /** next[state * columns + column] */
  readonly next: Int32Array;
  readonly accepts: Uint8Array;
  /** The answer that a state can no longer change, else undefined. */
  readonly settled: readonly (boolean | undefined)[];
  readonly start: number;
}

/** An automaton by its step function. Bytes that are not `special` behave alike. */
export interface LazyDfa<State> {
  readonly start: State;
  readonly special: ReadonlySet<number>;
  step(state: State, byte: number): State;
  accepts(state: State): boolean;
  key(state: State): string;
}

function byteClasses(special: ReadonlySet<number>): { columnOf: Uint8Array; representatives: number[] } {
  const columnOf = new Uint8Array(256);
  const representatives: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    if (special.has(byte)) continue;
    representatives.push(byte);
    break;
  }
  for (const byte of special) {
    columnOf[byte] = representatives.length;
    representatives.push(byte);
  }
  return { columnOf, representatives };
}

/** Explores every reachable state, then minimises. */
export function explore<State>(lazy: LazyDfa<State>): Dfa {
  const { columnOf, representatives } = byteClasses(lazy.special);
  const columns = representatives.length;
  const ids = new Map<string, number>();
  const found: State[] = [];
  const idOf = (state: State): number => {
    const key = lazy.key(state);
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, found.length);
    return found.push(state) - 1;
  };
  idOf(lazy.start);
  const next: number[] = [];
  for (let i = 0; i < found.length; i++) {
    for (const byte of representatives) next.push(idOf(lazy.step(found[i] as State, byte)));
  }
  const accepts = found.map((state) => Number(lazy.accepts(state)));
  const { part, parts } = partition(accepts, next, columns);
  return quotient({ columnOf, columns, next, accepts, part, parts });
}

/**
 * Groups equivalent states (Moore): states stay together while their labels and the groups they lead to agree.
 * Returns for each state its group, numbered from 0.
 */
export function partition(
  labels: ArrayLike<number> & Iterable<number>,
  next: ArrayLike<number>,
  columns: number,
): { readonly part: Int32Array; readonly parts: number } {
  const numbers = new Map([...new Set(labels)].map((label, number) => [label, number]));
  let part = Int32Array.from(labels, (label) => numbers.get(label)!);
  let parts = numbers.size;
  for (;;) {
    const ids = new Map<string, number>();
    const refined = new Int32Array(labels.length);
    for (let state = 0; state < labels.length; state++) {
      const group = part[state]!;
      let key = String.fromCharCode(group & 0xffff, group >>> 16);
      for (let column = 0; column < columns; column++) {
        const target = part[next[state * columns + column]!]!;
        key += String.fromCharCode(target & 0xffff, target >>> 16);
      }
      const id = ids.get(key) ?? ids.size;
      ids.set(key, id);
      refined[state] = id;
    }
    part = refined;
    if (ids.size === parts) return { part, parts };
    parts = ids.size;
  }
}

interface Quotient {
  readonly columnOf: Uint8Array;
  readonly columns: number;
  readonly next: readonly number[];
  readonly accepts: readonly number[];
  readonly part: Int32Array;
  readonly parts: number;
}

function quotient({ columnOf, columns, next, accepts, part, parts }: Quotient): Dfa {
  const merged = new Int32Array(parts * columns);
  const accepting = new Uint8Array(parts);
  for (const [state, group] of part.entries()) {
    accepting[group] = accepts[state]!;
    for (let column = 0; column < columns; column++) {
      merged[group * columns + column] = part[next[state * columns + column]!]!;
    }
  }
  const settled = Array.from(accepting, (answer, state) => {
    const row = merged.subarray(state * columns, (state + 1) * columns);
    return row.every((target) => target === state) ? answer === 1 : undefined;
  });
  return { states: parts, columns, columnOf, next: merged, accepts: accepting, settled, start: part[0]! };
}

export function step(dfa: Dfa, state: number, byte: number): number {
  return dfa.next[state * dfa.columns + dfa.columnOf[byte]!]!;
}
