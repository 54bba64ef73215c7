// This machine's control groups in; for each controller the folder below which Leash may make a group out.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Host, readHostFile } from './doctor/host.ts';

export const CONTROLLERS = ['memory', 'pids', 'cpu'] as const;
export type Controller = (typeof CONTROLLERS)[number];

/** Where groups with one controller can be made. */
export interface ControllerHome {
  readonly version: 1 | 2;
  /** The group of this process; absolute. */
  readonly folder: string;
  /** Version 2: a group that hands controllers on holds no process, so this one must move into a child of its own first. */
  readonly mustMove: boolean;
}

export type ControllerHomes = ReadonlyMap<Controller, ControllerHome>;

interface Mount {
  /** The part of the hierarchy that is mounted. */
  readonly root: string;
  readonly place: string;
  readonly version: 1 | 2;
  /** Version 1: the controllers of the hierarchy. */
  readonly controllers: readonly string[];
}

/** Source: proc_pid_mountinfo(5). */
function mounts(host: Host): Mount[] {
  const lines = readHostFile(host, 'proc/self/mountinfo')?.split('\n') ?? [];
  return lines.flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '', place = ''] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    return [{ root, place, version: type === 'cgroup' ? 1 : 2, controllers: options.split(',') } as const];
  });
}

/** Folder of this process's group in a hierarchy. Undefined when the mount does not show it. Source: cgroups(7). */
function ownFolder(host: Host, mount: Mount): string | undefined {
  const groups = (readHostFile(host, 'proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
  const own = groups.find(([id, controllers = '']) =>
    mount.version === 2
      ? id === '0' && controllers === ''
      : controllers !== '' && controllers.split(',').every((name) => mount.controllers.includes(name)),
  );
  const group = own?.slice(2).join(':');
  if (group === undefined || group.includes('..')) return undefined;
  const root = mount.root === '/' ? '' : mount.root;
  if (!`${group}/`.startsWith(`${root}/`)) return undefined;
  return path.resolve(path.join(host.root, mount.place, group.slice(root.length)));
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

/** Version 2: what the group of this process can hand on. A process that is not Leash's own is never moved. */
function unifiedHomes(host: Host, folder: string): [Controller, ControllerHome][] {
  const read = (name: string): string | undefined => readHostFile({ ...host, root: folder }, name);
  if (!['cgroup.procs', 'cgroup.subtree_control'].every((name) => isWritable(path.join(folder, name)))) return [];
  const handedOn = words(read('cgroup.subtree_control'));
  // The root of the hierarchy has no type, and may hold processes beside groups.
  const isRoot = read('cgroup.type') === undefined;
  const isAlone = words(read('cgroup.procs')).join() === String(process.pid);
  return CONTROLLERS.filter((name) => words(read('cgroup.controllers')).includes(name)).flatMap((name) => {
    const mustMove = !isRoot && !handedOn.includes(name);
    return mustMove && !isAlone ? [] : [[name, { version: 2, folder, mustMove }]];
  });
}

/** Controllers that this process may limit a group with. Reads a few files; nothing is changed. */
export function controllerHomes(host: Host): ControllerHomes {
  const homes = new Map<Controller, ControllerHome>();
  for (const mount of mounts(host)) {
    const folder = ownFolder(host, mount);
    if (folder === undefined || !isWritable(folder)) continue;
    if (mount.version === 2) {
      for (const [name, home] of unifiedHomes(host, folder)) homes.set(name, home);
    } else {
      for (const name of CONTROLLERS)
        if (mount.controllers.includes(name) && !homes.has(name))
          homes.set(name, { version: 1, folder, mustMove: false });
    }
  }
  return homes;
}
