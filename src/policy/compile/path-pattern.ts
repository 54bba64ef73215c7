// Automata over the bytes of a whole path that decide `like` on a part of it: the path, its name, its extension, its directory.
import type { Pattern } from '../evaluate/like.ts';
import { type Dfa, explore, type LazyDfa } from './dfa.ts';

export type PathPart = 'path' | 'name' | 'ext' | 'dir';

const SLASH = 0x2f;
const DOT = 0x2e;

type Positions = readonly number[];

/** Subset construction of a wildcard pattern on UTF-8 bytes; on well-formed text that equals matching characters. */
function patternDfa(pattern: Pattern): LazyDfa<Positions> {
  const items: (number | null)[] = pattern.flatMap((part) =>
    part === null ? [null] : [...new TextEncoder().encode(part)],
  );
  const close = (positions: Iterable<number>): Positions => {
    const closed = new Set<number>();
    for (let position of positions) {
      closed.add(position);
      while (items[position] === null) closed.add(++position);
    }
    // Only what follows the last wildcard reached can still matter: earlier ones allow nothing it does not.
    const wildcard = Math.max(-1, ...[...closed].filter((position) => items[position] === null));
    return [...closed].filter((position) => position >= wildcard).sort((a, b) => a - b);
  };
  return {
    start: close([0]),
    special: new Set(items.filter((item) => item !== null)),
    step: (positions, byte) =>
      close(
        positions.flatMap((position) => {
          if (items[position] === null) return [position];
          return items[position] === byte ? [position + 1] : [];
        }),
      ),
    accepts: (positions) => positions.includes(items.length),
    key: (positions) => positions.join(),
  };
}

interface InName {
  /** Undefined right after a slash. */
  readonly positions: Positions | undefined;
  /** Answer for the component that the last slash ended. */
  readonly ended: boolean;
}

function nameDfa(inner: LazyDfa<Positions>): Dfa {
  return explore<InName>({
    start: { positions: undefined, ended: inner.accepts(inner.start) },
    special: new Set([...inner.special, SLASH]),
    step({ positions, ended }, byte) {
      if (byte !== SLASH) return { positions: inner.step(positions ?? inner.start, byte), ended: false };
      return { positions: undefined, ended: positions === undefined ? ended : inner.accepts(positions) };
    },
    accepts: ({ positions, ended }) => (positions === undefined ? ended : inner.accepts(positions)),
    key: ({ positions, ended }) => (positions === undefined ? `/${ended}` : inner.key(positions)),
  });
}

interface InExtension {
  /** Right after a slash; in a name before any dot that counts; behind the last dot. */
  readonly place: 'slash' | 'stem' | 'extension';
  readonly positions: Positions;
  readonly ended: boolean;
}

function extensionDfa(inner: LazyDfa<Positions>): Dfa {
  const none = inner.accepts(inner.start);
  const answer = ({ place, positions, ended }: InExtension): boolean => {
    if (place === 'slash') return ended;
    return place === 'stem' ? none : inner.accepts(positions);
  };
  return explore<InExtension>({
    start: { place: 'slash', positions: inner.start, ended: none },
    special: new Set([...inner.special, SLASH, DOT]),
    step(state, byte) {
      if (byte === SLASH) return { place: 'slash', positions: inner.start, ended: answer(state) };
      // The first character of a name never starts an extension, so `.env` has none.
      if (state.place === 'slash') return { place: 'stem', positions: inner.start, ended: false };
      if (byte === DOT) return { place: 'extension', positions: inner.start, ended: false };
      return state.place === 'stem' ? state : { ...state, positions: inner.step(state.positions, byte) };
    },
    accepts: answer,
    key: (state) => `${state.place} ${state.place === 'extension' ? inner.key(state.positions) : state.ended}`,
  });
}

interface InDirectory {
  readonly positions: Positions;
  readonly inComponent: boolean;
  /** Answers at the last slash and at the one before; the root is its own directory. */
  readonly last: boolean;
  readonly previous: boolean;
  readonly first: boolean;
}

function directoryDfa(inner: LazyDfa<Positions>): Dfa {
  return explore<InDirectory>({
    // The directory of an unknown executable ('') is the root.
    start: {
      positions: inner.start,
      inComponent: false,
      last: false,
      previous: inner.accepts(inner.step(inner.start, SLASH)),
      first: true,
    },
    special: new Set([...inner.special, SLASH]),
    step(state, byte) {
      const positions = inner.step(state.positions, byte);
      if (byte !== SLASH) return { ...state, positions, inComponent: true };
      const last = inner.accepts(positions);
      return { positions, inComponent: false, last, previous: state.first ? last : state.last, first: false };
    },
    accepts: ({ inComponent, last, previous }) => (inComponent ? last : previous),
    key: ({ positions, ...flags }) => `${inner.key(positions)} ${Object.values(flags)}`,
  });
}

/** The automaton for `part(path) like pattern`, over canonical paths. A pattern without wildcards is equality. */
export function pathPatternDfa(part: PathPart, pattern: Pattern): Dfa {
  const inner = patternDfa(pattern);
  switch (part) {
    case 'path':
      return explore(inner);
    case 'name':
      return nameDfa(inner);
    case 'ext':
      return extensionDfa(inner);
    case 'dir':
      return directoryDfa(inner);
  }
}
