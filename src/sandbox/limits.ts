// What the agent may use at most, and what a person asked for, in; who holds each limit on this machine, in words and in orders, out.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { type Controller, type ControllerHomes, controllerHomes } from '../host/cgroups.ts';
import { THIS_HOST } from '../host/doctor/host.ts';
import { LeashError } from '../host/errors.ts';

/** What a person asked for; what is absent has a default. */
export interface AskedLimits {
  /** Bytes, of everything in the sandbox together, files in its temporary folders included. */
  readonly memory?: number;
  /** Processors' worth of time, 0.01 or more. */
  readonly cpus?: number;
  /** Processes and threads at a time. */
  readonly pids?: number;
}

/** The container engine's group; the kernel's group; the kernel's limit for one user in one user namespace; Leash, by looking; nobody. */
export type Holder = 'engine' | 'cgroup v2' | 'cgroup v1' | 'rlimit' | 'watch' | 'none';

export interface Limit {
  readonly name: Controller;
  /** Bytes, processors, or processes. */
  readonly value: number;
  readonly holder: Holder;
}

/** What this process and machine are like, as far as limits depend on it. */
export interface Surroundings {
  readonly homes: ControllerHomes;
  /** A container engine makes the groups, and needs none of these. */
  readonly hasEngine?: boolean;
  readonly isRoot: boolean;
  /** Bytes of memory. */
  readonly memory: number;
  /** Soft limit of processes of this user; Infinity for none. */
  readonly processes: number;
  /** Hard limit of open files. */
  readonly files: number;
}

/** A large build or test run has hundreds of processes, a fork bomb any number; 4,096 leave a desktop and the warden room. */
const PIDS = 4_096;
/** What is left for the machine when nobody says how much the agent may use. */
const MEMORY_SHARE = 0.75;
/** The warden holds a descriptor for each process, and a few for each call in progress. */
const FILES_SHARE = 0.5;

function hardAndSoft(limits: string, name: string): { readonly soft: number; readonly hard: number } {
  const [, soft = '', hard = ''] = new RegExp(`^${name} +(\\S+) +(\\S+)`, 'm').exec(limits) ?? [];
  const number = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY);
  return { soft: number(soft), hard: number(hard) };
}

/** This process and machine. Source: proc_pid_limits(5). */
export function surroundings(): Surroundings {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return {
    homes: controllerHomes(THIS_HOST),
    isRoot: process.getuid?.() === 0,
    memory: os.totalmem(),
    processes: hardAndSoft(limits, 'Max processes').soft,
    files: hardAndSoft(limits, 'Max open files').hard,
  };
}

function unheld(name: string, controller: Controller): LeashError {
  return new LeashError(
    'LEASH_LIMIT',
    `${name} cannot be held here: there is no writable cgroup with the ${controller} controller`,
  );
}

function memoryLimit(asked: number | undefined, around: Surroundings): Limit[] {
  const most = asked ?? Math.floor(around.memory * MEMORY_SHARE);
  if (around.hasEngine) return [{ name: 'memory', value: most, holder: 'engine' }];
  const home = around.homes.get('memory');
  if (home !== undefined) {
    return [{ name: 'memory', value: most, holder: `cgroup v${home.version}` }];
  }
  return asked === undefined ? [] : [{ name: 'memory', value: asked, holder: 'watch' }];
}

/** RLIMIT_NPROC counts the processes of a user in a user namespace (since Linux 5.14), and never those of the machine's root. */
function pidsLimit(asked: number | undefined, around: Surroundings): Limit[] {
  const most = Math.floor(around.files * FILES_SHARE);
  if (asked !== undefined && asked > most)
    throw new LeashError(
      'LEASH_LIMIT',
      `--pids ${asked} is more than Leash can follow with ${around.files} open files (ulimit -Hn); at most ${most}`,
    );
  const home = around.homes.get('pids');
  // The user's own programs need some of what the user may start.
  const value = asked ?? Math.min(PIDS, most, around.isRoot ? PIDS : Math.floor(around.processes / 2));
  if (around.hasEngine) return [{ name: 'pids', value, holder: 'engine' }];
  if (home !== undefined) return [{ name: 'pids', value, holder: `cgroup v${home.version}` }];
  if (!around.isRoot) return [{ name: 'pids', value, holder: 'rlimit' }];
  if (asked !== undefined) throw unheld('--pids', 'pids');
  return [{ name: 'pids', value, holder: 'none' }];
}

function cpuLimit(asked: number | undefined, around: Surroundings): Limit[] {
  if (asked === undefined) return [];
  if (around.hasEngine) return [{ name: 'cpu', value: asked, holder: 'engine' }];
  const home = around.homes.get('cpu');
  if (home === undefined) throw unheld('--cpus', 'cpu');
  return [{ name: 'cpu', value: asked, holder: `cgroup v${home.version}` }];
}

/**
 * Who holds what. A limit that was asked for and that nobody can hold is refused; a default that nobody can hold is reported as such.
 * @throws {LeashError} LEASH_LIMIT
 */
export function chooseLimits(asked: AskedLimits, around: Surroundings): readonly Limit[] {
  return [...memoryLimit(asked.memory, around), ...pidsLimit(asked.pids, around), ...cpuLimit(asked.cpus, around)];
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `4 GiB`, `1.5 GiB`, `1000 bytes`: two digits after the point at most. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(bytes) / 10)));
  return `${Number((bytes / 1024 ** power).toFixed(2))} ${UNITS[power]}`;
}

/** `4 GiB of memory (cgroup v1)`. */
export function limitText({ name, value, holder }: Limit): string {
  const amount = { memory: `${bytesText(value)} of memory`, pids: `${value} processes`, cpu: `${value} cpus` }[name];
  const words: Partial<Record<Holder, string>> = {
    engine: 'held by the container engine',
    watch: 'watched by Leash',
    none: 'held by nobody',
  };
  const by = words[holder] ?? holder;
  return `${amount} (${by})`;
}
