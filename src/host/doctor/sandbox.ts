// Probes of what builds the sandbox: bubblewrap, user namespaces, cgroups.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program.ts';
import { type Host, readHostFile } from './host.ts';
import { installCommand } from './install.ts';
import type { Probe } from './probe.ts';
import { firstLine, runProgram } from './run-program.ts';

export async function probeBubblewrap(host: Host): Promise<Probe> {
  const base = { id: 'bubblewrap', name: 'bubblewrap', required: true } as const;
  const bwrap = findProgram('bwrap', host.env);
  if (bwrap === undefined) {
    return { ...base, state: 'missing', detail: '`bwrap` is not on PATH', fix: installCommand(host, 'bubblewrap') };
  }
  const { ok, stdout, stderr } = await runProgram(bwrap, ['--version'], host.env);
  const version = /bubblewrap (\d\S*)/.exec(stdout)?.[1];
  if (!ok || version === undefined) {
    const fix = installCommand(host, 'bubblewrap');
    return { ...base, state: 'missing', detail: `${bwrap} does not run: ${firstLine(stderr || stdout)}`, fix };
  }
  return { ...base, state: 'ok', detail: `${version} at ${bwrap}` };
}

/** Settings that forbid unprivileged user namespaces, and what lifts each. */
const USERNS_SETTINGS: readonly {
  readonly file: string;
  readonly value: string;
  readonly why: string;
  readonly fix: string;
}[] = [
  {
    file: 'proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    value: '1',
    why: 'AppArmor restricts them to programs with a profile (Ubuntu 23.10 and later)',
    // Narrower than the sysctl, which would lift the restriction for every program.
    fix: [
      `printf '%s\\n' 'abi <abi/4.0>,' 'include <tunables/global>' 'profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }'`,
      'sudo tee /etc/apparmor.d/bwrap >/dev/null && sudo apparmor_parser -r /etc/apparmor.d/bwrap',
    ].join(' | '),
  },
  {
    file: 'proc/sys/kernel/unprivileged_userns_clone',
    value: '0',
    why: 'kernel.unprivileged_userns_clone is 0',
    fix: 'sudo sysctl -w kernel.unprivileged_userns_clone=1',
  },
  {
    file: 'proc/sys/user/max_user_namespaces',
    value: '0',
    why: 'user.max_user_namespaces is 0',
    fix: 'sudo sysctl -w user.max_user_namespaces=15000',
  },
];

const CONTAINER_FIX =
  'If this is a container, run Leash on its host, or start it with `--security-opt seccomp=unconfined --security-opt systempaths=unconfined`.';

/** Makes the namespaces of a session, through the program that will make them. */
export async function probeUserNamespaces(host: Host): Promise<Probe> {
  const base = { id: 'user-namespaces', name: 'user namespaces', required: true } as const;
  const bwrap = findProgram('bwrap', host.env);
  if (bwrap === undefined) return { ...base, state: 'unknown', detail: 'not tried: bubblewrap is missing' };
  const namespaces = ['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'];
  const mounts = ['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev'];
  const { ok, stderr } = await runProgram(bwrap, [...namespaces, ...mounts, 'true'], host.env);
  if (ok) return { ...base, state: 'ok', detail: 'bubblewrap made user, process, network, IPC and UTS namespaces' };
  const setting = USERNS_SETTINGS.find(({ file, value }) => readHostFile(host, file)?.trim() === value);
  const detail = `refused${setting === undefined ? '' : `, ${setting.why}`}: ${firstLine(stderr)}`;
  return { ...base, state: 'missing', detail, fix: setting?.fix ?? CONTAINER_FIX };
}

/** Folder of this process in the cgroup v2 hierarchy. Source: cgroups(7), proc_pid_mountinfo(5). */
function ownCgroup(host: Host): string | undefined {
  const mounts = readHostFile(host, 'proc/self/mountinfo')?.split('\n') ?? [];
  const mount = mounts.find((line) => line.includes(' - cgroup2 '))?.split(' ')[4];
  const own = /^0::(\/.*)$/m.exec(readHostFile(host, 'proc/self/cgroup') ?? '')?.[1];
  return mount === undefined || own === undefined ? undefined : path.join(host.root, mount, own);
}

export function probeCgroup(host: Host): Probe {
  const base = { id: 'cgroup', name: 'cgroup v2', required: false } as const;
  const dir = ownCgroup(host);
  if (dir === undefined)
    return {
      ...base,
      state: 'missing',
      detail: 'no cgroup v2 hierarchy is mounted; no limits on memory and processes',
    };
  try {
    accessSync(dir, constants.W_OK);
  } catch {
    const detail = `${dir} is not writable; no limits on memory and processes`;
    return { ...base, state: 'degraded', detail, fix: 'systemd-run --user --scope -p Delegate=yes leash -- <command>' };
  }
  return { ...base, state: 'ok', detail: `${dir} is writable` };
}
