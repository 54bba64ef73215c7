// What a search for the user's registries may look at, and the one line it may not cross: the workspace belongs to the agent.
import { findProgram, leadsInto, outsideEnv } from '../../host/doctor/find-program.ts';
import { TELLS_NOTHING, type Told } from './told.ts';

export interface Surroundings {
  /** The environment of leash. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path. */
  readonly home: string;
  /** Absolute real path, without a final slash. The agent writes here, so nothing here is read as configuration or run. */
  readonly workspace: string;
}

/** What one package manager's configuration says. */
export interface Finding {
  /** Members of the role's group, `host:port`. */
  readonly members: readonly string[];
  /** Files that the answer depends on, existing or not. */
  readonly files: readonly string[];
  /** Lines for a person: why a registry is missing. They hold no value of any configuration. */
  readonly notes: readonly string[];
  /** Tells the package manager inside the same: the user's home, and so its configuration, is not in the agent's view. */
  readonly told: Told;
}

export function nothing(...notes: readonly string[]): Finding {
  return { members: [], files: [], notes, told: TELLS_NOTHING };
}

/** Whether a file, or what a link leads to from it, lies in the workspace. */
export function isInWorkspace(file: string, { workspace }: Surroundings): boolean {
  return leadsInto(workspace, file);
}

/** A program on PATH that neither lies in the workspace nor is a link to something there. */
export function findTool(name: string, surroundings: Surroundings): string | undefined {
  return findProgram(name, surroundings.env, surroundings.workspace);
}

/**
 * The environment for a tool that is asked about its configuration: what names that configuration, and no more. Variables such as
 * NODE_OPTIONS, PYTHONPATH and LD_PRELOAD could have the tool run code of the workspace outside the sandbox.
 */
export function toolEnvironment(surroundings: Surroundings, belongs: RegExp): Record<string, string> {
  const kept = Object.entries(surroundings.env).flatMap(([name, value]) =>
    value !== undefined && (belongs.test(name) || /^XDG_CONFIG_(HOME|DIRS)$/.test(name))
      ? [[name, value] as const]
      : [],
  );
  const { PATH = '' } = outsideEnv(surroundings.env, surroundings.workspace);
  return { ...Object.fromEntries(kept), HOME: surroundings.home, PATH, LC_ALL: 'C.UTF-8' };
}
