// How a sandbox is limited and reached in, the words that tell the warden of it out.

/** Where a container's first process comes to the warden. */
export interface Door {
  /** Of the socket that the warden makes. */
  readonly path: string;
  /** The only program that may come in. */
  readonly program: string;
  /** The engine gives the agent a terminal; else it has the streams of `leash`. */
  readonly hasTerminal: boolean;
}

export interface WardenWords {
  /** Whether `dials` is to be used. */
  readonly dials?: boolean;
  /** `cgroup.procs` files of the groups that hold the sandbox's limits. */
  readonly groups?: readonly string[];
  /** Bytes that the sandbox may use, for the warden to watch because no group holds it. */
  readonly memory?: number;
  /** Where the entry process comes in, when it inherits nothing; the first data is the agent's environment then. */
  readonly door?: Door;
}

/** @param environment the inherited descriptor from which the agent's environment is read */
export function wardenWords({ dials, groups = [], memory, door }: WardenWords, environment: number): readonly string[] {
  return [
    ...(dials ? ['--dial'] : []),
    ...groups.flatMap((file) => ['--group', file]),
    ...(memory === undefined ? [] : ['--memory', String(memory)]),
    ...(door === undefined
      ? []
      : ['--door', door.path, '--program', door.program, '--environment', String(environment)]),
    ...(door?.hasTerminal ? ['--terminal', 'yes'] : []),
  ];
}
