// Programs, actions and paths in; what was found for them before, as far as it is still remembered, out.
import type { Action, Program } from '../../schema/request.ts';

/** In UTF-16 code units: who chose the names may have chosen long ones. Enough for some 300,000 usual ones. */
const UNITS_MAX = 32 * 1024 * 1024;
/** What an entry takes beside its name. */
const ENTRY_UNITS = 64;

type ByAction<T> = Map<Action, Map<string, T>>;

/** Agents open the same files again and again. When it is full, it forgets all. */
export class KnownPaths<T> {
  readonly #ofAll: ByAction<T> = new Map();
  /** By executable and MCP server. */
  readonly #ofPrograms = new Map<string, ByAction<T>>();
  readonly #unitsMax: number;
  #units = 0;

  constructor(unitsMax: number = UNITS_MAX) {
    this.#unitsMax = unitsMax;
  }

  get(program: Program, action: Action, path: string): T | undefined {
    const found = this.#ofAll.get(action)?.get(path);
    if (found !== undefined || this.#ofPrograms.size === 0) return found;
    return this.#ofPrograms.get(nameOf(program))?.get(action)?.get(path);
  }

  /** @param program undefined: it holds for all */
  add(program: Program | undefined, action: Action, path: string, found: T): void {
    this.#units += path.length + ENTRY_UNITS;
    if (this.#units > this.#unitsMax) {
      this.#ofAll.clear();
      this.#ofPrograms.clear();
      this.#units = path.length + ENTRY_UNITS;
    }
    const byAction = program === undefined ? this.#ofAll : inner(this.#ofPrograms, nameOf(program));
    inner(byAction, action).set(path, found);
  }
}

function nameOf({ exe, via = '' }: Program): string {
  return `${exe}\0${via}`;
}

function inner<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<L, V>();
  map.set(key, made);
  return made;
}
