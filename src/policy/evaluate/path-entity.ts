// The embedding of file-system paths in Cedar: from a canonical path to its entity id, attributes and ancestors.
import { ALIASES, aliasTarget, type SessionFacts } from '../facts.ts';
import { type Entity, entity, entityKey, text, type Value } from './value.ts';

export function pathEntity(path: string): Entity {
  return entity(path.endsWith('/') ? 'Dir' : 'File', path);
}

/** Last component, without the slash of a directory; '' for the root. */
export function nameOf(path: string): string {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  return bare.slice(bare.lastIndexOf('/') + 1);
}

/** Text after the last dot of the name; '' without one, and for names whose only dot comes first (`.env`). */
export function extensionOf(path: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1) : '';
}

/** The directory that holds the path; the root holds itself. An unknown executable ('') counts as held by the root. */
export function directoryOf(path: string): string {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  return bare.slice(0, bare.lastIndexOf('/') + 1) || '/';
}

export function pathAttributes(path: string): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['path', text(path)],
    ['name', text(nameOf(path))],
    ['ext', text(extensionOf(path))],
    ['dir', entity('Dir', directoryOf(path))],
  ]);
}

/**
 * Keys of all ancestors, without the path itself: each directory above, its spelling without the final slash, and the aliases
 * of session directories it lies in. A directory also has its own slash-less spelling and alias as ancestors. An unknown
 * executable ('') has none.
 */
export function pathAncestors(path: string, facts: SessionFacts): ReadonlySet<string> {
  const ancestors = new Set<string>();
  if (path === '') return ancestors;
  const add = (directory: string): void => {
    ancestors.add(entityKey('Dir', directory));
    if (directory !== '/') ancestors.add(entityKey('Dir', directory.slice(0, -1)));
  };
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) add(path.slice(0, slash + 1));
  for (const alias of ALIASES) if (path.startsWith(aliasTarget(facts, alias))) add(alias);
  if (path.endsWith('/')) ancestors.delete(entityKey('Dir', path));
  return ancestors;
}
