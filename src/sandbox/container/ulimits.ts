// Limits of a person's processes in, the words by which an engine gives them to a container's out.
import type { EngineName } from './engine.ts';

/** Of the person, for each process: most open files, most processes of the user. */
export interface Ulimits {
  readonly openFiles: number;
  readonly processesOfUser: number;
}

/** Podman lowers its own limit to this; its default is beyond what root without CAP_SYS_RESOURCE may hand on. */
const PODMAN_PROCESSES = 32_768;

export function ulimitOptions(engine: EngineName, { openFiles, processesOfUser }: Ulimits): string[] {
  const files = ['--ulimit', `nofile=${openFiles}:${openFiles}`];
  if (engine === 'docker') return files;
  const processes = Math.min(processesOfUser, PODMAN_PROCESSES);
  return [...files, '--ulimit', `nproc=${processes}:${processes}`];
}
