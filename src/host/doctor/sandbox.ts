// Probes of what builds the sandbox: bubblewrap, user namespaces, cgroups.
import { CONTROLLERS, type Controller, controllerHomes } from '../cgroups.ts';
import { usernsRefusal } from '../userns.ts';
import { findProgram } from './find-program.ts';
import type { Host } from './host.ts';
import { installCommand } from './install.ts';
import type { Probe } from './probe.ts';
import { firstLine, runProgram } from './run-program.ts';

export async function probeBubblewrap(host: Host, required: boolean): Promise<Probe> {
  const base = { id: 'bubblewrap', name: 'bubblewrap', required } as const;
  const bwrap = findProgram('bwrap', host.env, host.workspace);
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

const CONTAINER_FIX =
  'If this is a container, run Leash on its host, or start it with `--security-opt seccomp=unconfined --security-opt systempaths=unconfined`.';

/** Makes the namespaces of a session, through the program that will make them. */
export async function probeUserNamespaces(host: Host, required: boolean): Promise<Probe> {
  const base = { id: 'user-namespaces', name: 'user namespaces', required } as const;
  const bwrap = findProgram('bwrap', host.env, host.workspace);
  if (bwrap === undefined) return { ...base, state: 'unknown', detail: 'not tried: bubblewrap is missing' };
  const namespaces = ['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'];
  const mounts = ['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev'];
  const { ok, stderr } = await runProgram(bwrap, [...namespaces, ...mounts, 'true'], host.env);
  if (ok) return { ...base, state: 'ok', detail: 'bubblewrap made user, process, network, IPC and UTS namespaces' };
  const setting = usernsRefusal(host);
  const detail = `refused${setting === undefined ? '' : `, ${setting.why}`}: ${firstLine(stderr)}`;
  return { ...base, state: 'missing', detail, fix: setting?.fix ?? CONTAINER_FIX };
}

/** What holds each limit where no control group does. */
const WITHOUT: Readonly<Record<Controller, string>> = {
  memory: 'memory is limited only when asked, by looking',
  pids: 'processes are counted by RLIMIT_NPROC, which does not hold root',
  cpu: '--cpus is refused',
};

/** Where a session's limits can be held by the kernel; looks exactly where a session would. */
export function probeCgroup(host: Host): Probe {
  const base = { id: 'cgroup', name: 'control groups', required: false } as const;
  const homes = controllerHomes(host);
  const held = CONTROLLERS.flatMap((name) => {
    const home = homes.get(name);
    return home === undefined ? [] : [`${name} (v${home.version})`];
  });
  const missing = CONTROLLERS.filter((name) => !homes.has(name));
  if (missing.length === 0) return { ...base, state: 'ok', detail: `${held.join(', ')} can be limited` };
  const detail = [
    held.length === 0 ? 'none can be made here' : `${held.join(', ')} can be limited`,
    ...missing.map((name) => WITHOUT[name]),
  ].join('; ');
  return { ...base, state: 'degraded', detail, fix: 'systemd-run --user --scope -p Delegate=yes leash -- <command>' };
}
