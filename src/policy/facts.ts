// What is fixed for a whole session: the facts every policy is evaluated against, with directories in canonical form.
import { LeashError } from '../host/errors.ts';

/** Package managers whose registries a policy names by role: `Host::"@registry/npm"`. */
export const REGISTRY_ROLES = ['npm', 'pip', 'cargo'] as const;
export type RegistryRole = (typeof REGISTRY_ROLES)[number];

/**
 * Where the user's own configuration has each role's packages come from: `host:port`, the host lower-case and without a final dot, an
 * address in canonical text, IPv6 in brackets.
 */
export type Registries = Readonly<Partial<Record<RegistryRole, readonly string[]>>>;

/** No host name holds `@` or `/`. */
export function registryGroup(role: RegistryRole): string {
  return `@registry/${role}`;
}

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
  /** Members of the groups `Host::"@registry/…"`; a role that is absent has none. */
  readonly registries?: Registries;
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

/** The roles a policy text speaks of, or mentions in a comment. A checked policy spells them without escapes, so none is missed. */
export function mentionedRoles(text: string): readonly RegistryRole[] {
  return REGISTRY_ROLES.filter((role) => text.includes(registryGroup(role)));
}

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
