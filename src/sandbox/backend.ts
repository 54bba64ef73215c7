// What was asked for and this machine in; the backend a session runs in out.
import { findProgram } from '../host/doctor/find-program.ts';
import { BACKENDS, type Backend } from '../schema/backend.ts';

const PROGRAMS: Readonly<Record<Backend, string>> = { bubblewrap: 'bwrap', podman: 'podman', docker: 'docker' };

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The one asked for, whether it is there or not; else the first whose program is on PATH.
 * @param asked by command line, variable or configuration
 * @param workspace absolute real path: no program there counts
 */
export function chooseBackend(asked: Backend | undefined, env: Env, workspace?: string): Backend {
  return (
    asked ?? BACKENDS.find((backend) => findProgram(PROGRAMS[backend], env, workspace) !== undefined) ?? 'bubblewrap'
  );
}
