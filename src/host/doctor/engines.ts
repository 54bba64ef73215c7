// Probes of container engines: whether they are there, and what podman needs for an ordinary user.
import os from 'node:os';
import { findProgram } from './find-program.ts';
import { type Host, readHostFile } from './host.ts';
import { installCommand } from './install.ts';
import type { Probe } from './probe.ts';
import { firstLine, runProgram } from './run-program.ts';

/** Whose containers they would be. */
export interface User {
  readonly uid: number;
  readonly name: string;
}

type Fault = Pick<Probe, 'state' | 'detail' | 'fix'>;

function thisUser(): User {
  const { uid, username } = os.userInfo();
  return { uid, name: username };
}

/** Numbers for the other users of an image. Source: subuid(5), newuidmap(1). */
function subordinateFault(host: Host, { uid, name }: User): Fault | undefined {
  if (uid === 0) return undefined;
  if (findProgram('newuidmap', host.env, host.workspace) === undefined) {
    const fix = installCommand(host, 'uidmap');
    return { state: 'missing', detail: '`newuidmap` is not on PATH, which containers without root need', fix };
  }
  const lacking = ['etc/subuid', 'etc/subgid'].filter((file) => {
    const lines = readHostFile(host, file)?.split('\n') ?? [];
    return !lines.some((line) => line.startsWith(`${name}:`) || line.startsWith(`${uid}:`));
  });
  if (lacking.length === 0) return undefined;
  const fix = `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`;
  return { state: 'missing', detail: `${lacking.map((file) => `/${file}`).join(' and ')} has no line of ${name}`, fix };
}

export async function probePodman(host: Host, required: boolean, user: User = thisUser()): Promise<Probe> {
  const base = { id: 'podman', name: 'podman', required } as const;
  const podman = findProgram('podman', host.env, host.workspace);
  if (podman === undefined) {
    const fix = installCommand(host, 'podman');
    return { ...base, state: 'missing', detail: 'not on PATH; for --backend podman', ...(required && { fix }) };
  }
  const { ok, stdout, stderr } = await runProgram(podman, ['--version'], host.env);
  if (!ok) return { ...base, state: 'missing', detail: `does not run: ${firstLine(stderr)}; for --backend podman` };
  const fault = subordinateFault(host, user);
  if (fault !== undefined) return { ...base, ...fault };
  return { ...base, state: 'ok', detail: `${firstLine(stdout)}; for --backend podman` };
}

export async function probeDocker(host: Host, required: boolean): Promise<Probe> {
  const base = { id: 'docker', name: 'docker', required } as const;
  const docker = findProgram('docker', host.env, host.workspace);
  if (docker === undefined) return { ...base, state: 'missing', detail: 'not on PATH; for --backend docker' };
  const { ok, stdout, stderr } = await runProgram(docker, ['version', '--format', '{{.Server.Version}}'], host.env);
  if (!ok) return { ...base, state: 'missing', detail: `no server: ${firstLine(stderr)}; for --backend docker` };
  return { ...base, state: 'ok', detail: `server ${firstLine(stdout)}; for --backend docker` };
}
