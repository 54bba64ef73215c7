// The embedding of Git repositories in Cedar: `Repository::"forge.example/team/app"`, below its folders, above the Host of a request to it.
import { entityKey } from './value.ts';

/** Keys of the repository and of all its folders, up to the host's own: `forge.example/`. */
export function repositoryAncestors(repository: string): readonly string[] {
  const ids = [repository];
  for (let slash = repository.indexOf('/'); slash >= 0; slash = repository.indexOf('/', slash + 1))
    ids.push(repository.slice(0, slash + 1));
  return ids.map((id) => entityKey('Repository', id));
}

export interface RepositoryId {
  /** As in `Host`, IPv6 without its brackets. */
  readonly host: string;
  /** Below the host, without the slash between; a folder ends with one or is ''. */
  readonly path: string;
}

/** Takes an id apart; undefined when it has no host. */
export function splitRepository(id: string): RepositoryId | undefined {
  const slash = id.indexOf('/');
  if (slash <= 0) return undefined;
  const host = id.slice(0, slash).replace(/^\[([0-9a-f:]+)\]$/, '$1');
  return { host, path: id.slice(slash + 1) };
}
