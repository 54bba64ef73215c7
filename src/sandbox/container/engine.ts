// The name of a container engine and this machine in; how its command line client is called here, or why it is not, out.
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findProgram, outsideEnv } from '../../host/doctor/find-program.ts';
import { type Output, runProgram } from '../../host/doctor/run-program.ts';
import { LeashError } from '../../host/errors.ts';

export type EngineName = 'podman' | 'docker';

export interface Engine {
  readonly name: EngineName;
  /** Path of the client. */
  readonly program: string;
  /** Options before the client's command: what this machine needs. */
  readonly options: readonly string[];
  /** The client's environment. */
  readonly env: Env;
  /** The user that containers are started for; 0 for root. */
  readonly uid: number;
  readonly gid: number;
  /** Its containers run on a kernel, or as users, that a warden started here cannot govern; one beside them can. */
  readonly isElsewhere: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/** What of this machine decides how an engine is called. */
export interface EngineHost {
  readonly env: Env;
  readonly workspace?: string;
  readonly uid: number;
  readonly gid: number;
  /** Whether systemd runs: it holds control groups and a journal, which podman takes for granted. */
  readonly hasSystemd: boolean;
  /** Controllers of version 2 beside groups of version 1: crun starts nothing there. */
  readonly isHybrid: boolean;
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

/** @param workspace absolute real path: no program there is run, by an engine neither */
export function engineHost(env: Env, workspace?: string): EngineHost {
  return {
    env: workspace === undefined ? env : outsideEnv(env, workspace),
    ...(workspace !== undefined && { workspace }),
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    hasSystemd: existsSync('/run/systemd/system'),
    isHybrid: readOr('/sys/fs/cgroup/unified/cgroup.controllers', '').trim() !== '',
  };
}

function refused(message: string): LeashError {
  return new LeashError('LEASH_BACKEND', message);
}

/** Undefined: it has none, or one that counts for nothing. Source: `docker context use`, and its order of precedence. */
function dockerContext(env: Env): string | undefined {
  if (env['DOCKER_HOST']) return undefined;
  const named = env['DOCKER_CONTEXT'];
  if (named !== undefined && named !== '') return named;
  const folder = env['DOCKER_CONFIG'] || path.join(env['HOME'] || os.homedir(), '.docker');
  try {
    const { currentContext } = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    return typeof currentContext === 'string' ? currentContext : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the client is told of an engine that is not this machine's own. */
function leadsElsewhere(name: EngineName, env: Env): boolean {
  const place = env[name === 'docker' ? 'DOCKER_HOST' : 'CONTAINER_HOST'];
  if (place !== undefined && place !== '') return !place.startsWith('unix://');
  if (name === 'podman') return (env['CONTAINER_CONNECTION'] ?? '') !== '';
  const context = dockerContext(env);
  return context !== undefined && context !== '' && context !== 'default';
}

/** What podman takes for granted and this machine has not. */
export function podmanOptions({ hasSystemd, isHybrid, env, workspace }: EngineHost): string[] {
  const runc = isHybrid ? findProgram('runc', env, workspace) : undefined;
  return [
    ...(hasSystemd ? [] : ['--cgroup-manager', 'cgroupfs', '--events-backend', 'file']),
    ...(runc === undefined ? [] : ['--runtime', runc]),
  ];
}

/**
 * Finds the client; whether the engine answers shows with the first question.
 * @throws {LeashError} LEASH_BACKEND
 */
export function findEngine(name: EngineName, host: EngineHost): Engine {
  const { env, uid, gid, workspace } = host;
  const program = findProgram(name, env, workspace);
  if (program === undefined) throw refused(`${name} is not on PATH outside the workspace`);
  // Docker starts containers as root, also for an ordinary user.
  const isElsewhere = leadsElsewhere(name, env) || (name === 'docker' && uid !== 0);
  if (name === 'docker') {
    // Another choice meanwhile is for later sessions.
    const context = dockerContext(env);
    const chosen = context ? { ...env, DOCKER_CONTEXT: context } : env;
    return { name, program, options: [], env: chosen, uid, gid, isElsewhere };
  }
  return { name, program, options: isElsewhere ? ['--remote'] : podmanOptions(host), env, uid, gid, isElsewhere };
}

/** Runs the client to its end. */
export function askEngine(engine: Engine, args: readonly string[]): Promise<Output> {
  return runProgram(engine.program, [...engine.options, ...args], engine.env);
}
