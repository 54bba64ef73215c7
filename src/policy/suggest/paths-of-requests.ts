// The paths of requests to one host in; a condition on `context.path` that holds for them, and whether it holds for more, out.
import { cedarPattern, cedarString, hasLiteral } from '../text/literal.ts';

/** Different paths that are named one by one. */
export const NAMED_PATHS = 5;

export interface PathCondition {
  /** Absent: any path. */
  readonly text?: string;
  /** In words, what it permits beyond the paths that were seen; absent when nothing. */
  readonly widening?: string;
}

/** What servers read in more than one way is refused where a policy looks at paths, so no condition may: decision 0022. */
function isPlain(path: string): boolean {
  return hasLiteral(path) && path.startsWith('/') && !/\/\/|[\\;%]/.test(path);
}

/** The folder that holds all of them; they start with a slash. */
function commonFolder(paths: readonly string[]): string {
  const [first = '/'] = paths;
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  while (!paths.every((path) => path.startsWith(folder)))
    folder = folder.slice(0, folder.slice(0, -1).lastIndexOf('/') + 1);
  return folder;
}

/** `isExact`: however many they are, each is named. */
export function pathCondition(paths: readonly string[], isExact: boolean): PathCondition {
  const all = [...new Set(paths)].sort();
  if (!all.every(isPlain)) return { widening: 'any path' };
  if (isExact || all.length <= NAMED_PATHS)
    return { text: `[${all.map(cedarString).join(', ')}].contains(context.path)` };
  const folder = commonFolder(all);
  return folder === '/'
    ? { widening: 'any path' }
    : { text: `context.path like ${cedarPattern([folder, ''])}`, widening: 'all below a path' };
}
