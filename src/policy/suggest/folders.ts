// The paths that one action was seen on in; the folders that they prove, and the paths that stand for themselves, out.
import type { Action } from '../../schema/request.ts';
import { directoryOf } from '../evaluate/path-entity.ts';
import type { SessionFacts } from '../facts.ts';
import type { Seen } from './evidence.ts';
import { type Breadth, isLeftOut, isOfProcess, mayWiden, PROCESS_FOLDER } from './places.ts';

/** Files of a folder that prove the folder; folders so proven that prove the one above. */
export const PROOF = 3;

export interface Widened {
  readonly folder: string;
  readonly breadth: Breadth;
  readonly seen: readonly Seen[];
}

export interface Folders {
  readonly widened: readonly Widened[];
  /** Paths that no widened folder covers. */
  readonly exact: readonly Seen[];
}

interface Node {
  readonly path: string;
  readonly children: Map<string, Node>;
  /** Names of files directly in it that prove something. */
  readonly files: Set<string>;
}

/** What keeps a folder from being widened: `true` when the reader wants none, else those that cover what no suggestion may permit. */
export interface Limits {
  readonly isExact: boolean;
  /** `below /usr/share/`. */
  readonly refused: ReadonlySet<string>;
}

export function widenedKey(breadth: Breadth, folder: string): string {
  return `${breadth} ${folder}`;
}

function pathOf({ request }: Seen): string {
  return request.resource.type === 'path' ? request.resource.path : '';
}

function treeOf(all: readonly Seen[]): Node {
  const root: Node = { path: '/', children: new Map(), files: new Set() };
  for (const seen of all) {
    const path = pathOf(seen);
    if (path.endsWith('/') || !seen.isProven) continue;
    let node = root;
    for (const name of directoryOf(path).slice(1).split('/').slice(0, -1)) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = { path: `${node.path}${name}/`, children: new Map(), files: new Set() };
        node.children.set(name, child);
      }
      node = child;
    }
    if (!isLeftOut(path, node.path)) node.files.add(path);
  }
  return root;
}

class Widening {
  readonly breadths = new Map<string, Breadth>();
  readonly #action: Action;
  readonly #settings: readonly SessionFacts[];
  readonly #limits: Limits;

  constructor(action: Action, settings: readonly SessionFacts[], limits: Limits) {
    this.#action = action;
    this.#settings = settings;
    this.#limits = limits;
  }

  /** Paths are at most PATH_MAX long, so are the ways down. */
  look(node: Node): void {
    let proven = 0;
    for (const [name, child] of node.children) {
      this.look(child);
      if (!name.startsWith('.') && this.breadths.has(child.path)) proven++;
    }
    if (proven >= PROOF && this.#may('below', node.path)) this.breadths.set(node.path, 'below');
    else if (node.files.size >= PROOF && this.#may('direct', node.path)) this.breadths.set(node.path, 'direct');
  }

  #may(breadth: Breadth, folder: string): boolean {
    return !this.#limits.refused.has(widenedKey(breadth, folder)) && mayWiden(folder, this.#action, this.#settings);
  }
}

/** Names that are made anew each time prove nothing and everything: the sandbox's own processes, its own temporary directory. */
function passingFolder(path: string, settings: readonly SessionFacts[]): string | undefined {
  if (isOfProcess(path)) return PROCESS_FOLDER;
  const own = settings.find(
    ({ workspace, tmp }) => path.startsWith(tmp) && !path.startsWith(workspace) && mayWiden(tmp, 'FileWrite', settings),
  );
  return own?.tmp;
}

/** The widest folder that covers a path. */
function coverOf(path: string, breadths: ReadonlyMap<string, Breadth>): string | undefined {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const folder = path.slice(0, slash + 1);
    if (breadths.get(folder) === 'below' && !isLeftOut(path, folder)) return folder;
  }
  const direct = directoryOf(path);
  const isDirect = breadths.get(direct) === 'direct' && !path.endsWith('/') && !isLeftOut(path, direct);
  return isDirect ? direct : undefined;
}

/** `all`: of one action. */
export function foldersOf(
  all: readonly Seen[],
  action: Action,
  settings: readonly SessionFacts[],
  limits: Limits,
): Folders {
  if (limits.isExact) return { widened: [], exact: all };
  const widening = new Widening(action, settings, limits);
  widening.look(treeOf(all));
  const { breadths } = widening;
  for (const seen of all) {
    const folder = passingFolder(pathOf(seen), settings);
    if (folder !== undefined && !limits.refused.has(widenedKey('below', folder))) breadths.set(folder, 'below');
  }
  const covered = new Map<string, Seen[]>();
  const exact: Seen[] = [];
  for (const seen of all) {
    const folder = coverOf(pathOf(seen), breadths);
    const others = folder === undefined ? exact : (covered.get(folder) ?? []);
    others.push(seen);
    if (folder !== undefined) covered.set(folder, others);
  }
  const widened = [...covered].map(
    ([folder, seen]): Widened => ({ folder, breadth: breadths.get(folder) ?? 'direct', seen }),
  );
  return { widened, exact };
}
