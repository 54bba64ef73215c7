// A session's limits in; control groups that hold them until the session is over out.

import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Controller, ControllerHome, ControllerHomes } from '../host/cgroups.ts';
import { isRunning } from '../host/is-running.ts';
import type { Limit } from './limits.ts';

/** `leash-PID-N`: the group of a session of process PID; `leash-PID`: where such a process moved to. */
const NAME = /^leash-(\d+)(-\d+)?$/;
/** The two processes of bubblewrap, which are in the group but not the agent's. */
const BACKEND_PROCESSES = 2;
const PERIOD = 100_000;
/** Milliseconds between tries to remove a group whose last processes are just ending. */
const PAUSES = [2, 5, 10, 20, 50, 100, 200, 500, 1_000] as const;

type Settings = readonly (readonly [file: string, value: string])[];

function settingsOf({ name, value }: Limit, version: 1 | 2): Settings {
  if (name === 'pids') return [['pids.max', String(value + BACKEND_PROCESSES)]];
  if (name === 'cpu') {
    const quota = String(Math.max(1_000, Math.round(value * PERIOD)));
    if (version === 2) return [['cpu.max', `${quota} ${PERIOD}`]];
    return [
      ['cpu.cfs_period_us', String(PERIOD)],
      ['cpu.cfs_quota_us', quota],
    ];
  }
  if (version === 2) return [['memory.max', String(value)]];
  return [['memory.limit_in_bytes', String(value)]];
}

/** So that memory means memory: what is beyond the limit is not moved out to the machine's swap. Absent where there is none. */
function swapSettingsOf({ name, value }: Limit, version: 1 | 2): Settings {
  if (name !== 'memory') return [];
  return version === 2 ? [['memory.swap.max', '0']] : [['memory.memsw.limit_in_bytes', String(value)]];
}

function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Removes groups that sessions left behind which were killed. The kernel removes none that holds a process. */
function sweep(parent: string): string[] {
  return readdirSync(parent).flatMap((name) => {
    const pid = NAME.exec(name)?.[1];
    const folder = path.join(parent, name);
    return pid !== undefined && !isRunning(Number(pid)) && tryRemove(folder) ? [folder] : [];
  });
}

/** The same wherever this process may make groups. Returns the folders. */
export function sweepGroups(homes: ControllerHomes): readonly string[] {
  const parents = new Set([...homes.values()].map(({ folder }) => folder));
  return [...parents].flatMap(sweep);
}

/** Version 2: makes room for groups with controllers. This process is the only one in `folder`. */
function handOn(folder: string, home: ControllerHome, controllers: readonly string[]): void {
  if (home.mustMove) {
    const aside = path.join(folder, `leash-${process.pid}`);
    mkdirSync(aside);
    writeFileSync(path.join(aside, 'cgroup.procs'), String(process.pid));
  }
  writeFileSync(path.join(folder, 'cgroup.subtree_control'), controllers.map((name) => `+${name}`).join(' '));
}

function numberAfter(file: string, key: string): number {
  try {
    return Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

let made = 0;

export class SessionGroup {
  readonly #folders = new Map<string, ControllerHome['version']>();
  readonly #of = new Map<Controller, string>();

  /**
   * Makes the groups and sets their limits; a process has to be put into each.
   * @throws when the kernel refuses; nothing is left then
   */
  constructor(limits: readonly Limit[], homes: ControllerHomes) {
    const name = `leash-${process.pid}-${++made}`;
    const parents = new Map<string, Limit[]>();
    for (const limit of limits) {
      const home = homes.get(limit.name);
      if (home === undefined || !limit.holder.startsWith('cgroup')) continue;
      parents.set(home.folder, [...(parents.get(home.folder) ?? []), limit]);
    }
    try {
      for (const [parent, held] of parents) this.#make(path.join(parent, name), held, homes);
    } catch (error) {
      for (const folder of this.#folders.keys()) tryRemove(folder);
      throw error;
    }
  }

  #make(folder: string, held: readonly Limit[], homes: ControllerHomes): void {
    const parent = path.dirname(folder);
    sweep(parent);
    const needed = held.map(({ name }) => homes.get(name)).filter((home) => home !== undefined);
    const first = needed.find(({ mustMove }) => mustMove) ?? needed[0];
    if (first === undefined) return;
    const controllers = held.map(({ name }) => name);
    if (first.version === 2) handOn(parent, first, controllers);
    mkdirSync(folder);
    this.#folders.set(folder, first.version);
    for (const limit of held) {
      this.#of.set(limit.name, folder);
      for (const [file, value] of settingsOf(limit, first.version)) writeFileSync(path.join(folder, file), value);
      for (const [file, value] of swapSettingsOf(limit, first.version)) {
        try {
          writeFileSync(path.join(folder, file), value, { flag: 'r+' });
        } catch {
          // a kernel without swap accounting
        }
      }
    }
  }

  /** Files to write a process id to. */
  get doors(): readonly string[] {
    return [...this.#folders.keys()].map((folder) => path.join(folder, 'cgroup.procs'));
  }

  /** How many processes the kernel killed because the memory was used up. */
  get memoryKills(): number {
    const folder = this.#of.get('memory');
    if (folder === undefined) return 0;
    const file = this.#folders.get(folder) === 2 ? 'memory.events' : 'memory.oom_control';
    return numberAfter(path.join(folder, file), 'oom_kill');
  }

  /** How many forks the kernel refused because there were too many processes. */
  get refusedForks(): number {
    const folder = this.#of.get('pids');
    return folder === undefined ? 0 : numberAfter(path.join(folder, 'pids.events'), 'max');
  }

  /** Removes the groups; what was in them ends or has ended. Gives up after two seconds, the next session tries again. */
  async remove(): Promise<void> {
    for (const folder of this.#folders.keys()) {
      for (const pause of PAUSES) {
        if (tryRemove(folder)) break;
        await wait(pause);
      }
    }
    this.#folders.clear();
  }
}
