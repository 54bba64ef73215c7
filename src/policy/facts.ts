// What is fixed for a whole session: the facts every policy is evaluated against, with directories in canonical form.
import { LeashError } from '../host/errors.ts';

export interface SessionFacts {
  /** Name of the agent: the id of `Agent::"claude"`. */
  readonly agent: string;
  /** Session id: `principal.session`. */
  readonly session: string;
  /** Account that started the session: the id of `User::"alice"`, parent of the agent. */
  readonly user: string;
  /** That account's Unix groups: ids of `Group`, above the user; none when absent. */
  readonly groups?: readonly string[];
  /** Profiles in force: ids of `Profile`, parents of the agent; none when absent. */
  readonly profiles?: readonly string[];
  /** Absolute paths in the agent's view, with or without a final slash: `Dir::"@workspace/"`, `Dir::"@home/"`, `Dir::"@tmp/"`. */
  readonly workspace: string;
  readonly home: string;
  readonly tmp: string;
}

/** What the agent is in, directly or through its user, as type and id of each. */
export function agentGroups({ user, groups = [], profiles = [] }: SessionFacts): (readonly [string, string])[] {
  return [
    ['User', user],
    ...groups.map((name) => ['Group', name] as const),
    ...profiles.map((name) => ['Profile', name] as const),
  ];
}

/** The names that stand for a session's directories, so that a profile needs no path of one machine. */
export const ALIASES = ['@workspace/', '@home/', '@tmp/'] as const;
export type Alias = (typeof ALIASES)[number];

/** Is this a path without empty, `.` and `..` components that starts at the root? A final slash is allowed. */
export function isCanonicalPath(path: string): boolean {
  if (!path.startsWith('/')) return false;
  const components = path.slice(1).split('/');
  if (components.at(-1) === '') components.pop();
  return components.every((component) => component !== '' && component !== '.' && component !== '..');
}

function directory(fact: string, path: string): string {
  if (!isCanonicalPath(path) || path.includes('\0')) {
    throw new LeashError(
      'LEASH_WORKSPACE',
      `the ${fact} directory is not an absolute normal path: ${JSON.stringify(path)}`,
    );
  }
  return path.endsWith('/') ? path : `${path}/`;
}

/** The same facts with every directory ending in `/`. Throws LeashError LEASH_WORKSPACE. */
export function canonicalFacts(facts: SessionFacts): SessionFacts {
  return {
    ...facts,
    workspace: directory('workspace', facts.workspace),
    home: directory('home', facts.home),
    tmp: directory('tmp', facts.tmp),
  };
}

/** The real directory behind an alias, ending in `/`. `facts` are canonical. */
export function aliasTarget(facts: SessionFacts, alias: Alias): string {
  switch (alias) {
    case '@workspace/':
      return facts.workspace;
    case '@home/':
      return facts.home;
    case '@tmp/':
      return facts.tmp;
  }
}
