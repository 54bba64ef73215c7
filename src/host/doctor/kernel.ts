// Probes of what the kernel offers to mediate system calls and connections; the warden asks, this reads its answer.
import { nativePath } from '../paths.ts';
import { isExecutable } from './find-program.ts';
import { type Host, readHostFile } from './host.ts';
import { isAtLeast, type KernelVersion, OLDEST_KERNEL, parseKernelVersion } from './kernel-version.ts';
import type { Probe } from './probe.ts';
import { firstLine, runProgram } from './run-program.ts';

/** Output of `leash-warden --probe`. */
export interface WardenReport {
  readonly seccomp_notify: boolean;
  readonly wait_killable: boolean;
  readonly sync_wake_up: boolean;
  /** 0 without Landlock. */
  readonly landlock_abi: number;
  /** The file of a running program cannot be written, so that its hash stays true. */
  readonly content_held: boolean;
}

type Answer = WardenReport | { readonly unknown: string };

const SYNC_WAKE_UP_KERNEL: KernelVersion = [6, 6];

function isWardenReport(value: unknown): value is WardenReport {
  if (typeof value !== 'object' || value === null) return false;
  const report = value as Partial<Record<keyof WardenReport, unknown>>;
  const flags = [report.seccomp_notify, report.wait_killable, report.sync_wake_up, report.content_held];
  return flags.every((flag) => typeof flag === 'boolean') && Number.isInteger(report.landlock_abi);
}

/** Asks the kernel through the warden; what cannot be asked comes back as the reason why. */
export async function askWarden(host: Host): Promise<Answer> {
  const warden = nativePath('leash-warden', host.env);
  if (!isExecutable(warden)) return { unknown: 'not tried: leash-warden is not built' };
  const { ok, stdout, stderr } = await runProgram(warden, ['--probe'], host.env);
  if (!ok) return { unknown: `leash-warden --probe failed: ${firstLine(stderr || stdout)}` };
  try {
    const report: unknown = JSON.parse(stdout);
    if (isWardenReport(report)) return report;
  } catch {
    // Told below: not JSON and JSON of another shape are the same to a person.
  }
  return { unknown: 'leash-warden --probe gave an answer this version does not understand' };
}

export function probeKernelVersion(release: string): Probe {
  const base = { id: 'kernel', name: 'Linux kernel', required: true } as const;
  const version = parseKernelVersion(release);
  if (version === undefined) return { ...base, state: 'unknown', detail: release };
  const oldest = OLDEST_KERNEL.join('.');
  if (isAtLeast(version, OLDEST_KERNEL)) return { ...base, state: 'ok', detail: release };
  return {
    ...base,
    state: 'missing',
    detail: `${release}; ${oldest} is needed`,
    fix: `Boot a kernel of version ${oldest} or later.`,
  };
}

export function probeSeccomp(answer: Answer): Probe {
  const base = { id: 'seccomp', name: 'seccomp user notification', required: true } as const;
  if ('unknown' in answer) return { ...base, state: 'unknown', detail: answer.unknown };
  if (!answer.seccomp_notify) {
    return {
      ...base,
      state: 'missing',
      detail: 'refused by the kernel',
      fix: 'Boot a kernel with CONFIG_SECCOMP_FILTER=y.',
    };
  }
  if (!answer.wait_killable) {
    const detail =
      'without SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: a signal could repeat an operation that was carried out';
    return { ...base, state: 'missing', detail, fix: `Boot a kernel of version ${OLDEST_KERNEL.join('.')} or later.` };
  }
  if (!answer.sync_wake_up) {
    const detail = 'without synchronous wake-up: a mediated call takes several times longer';
    return {
      ...base,
      state: 'degraded',
      detail,
      fix: `Boot a kernel of version ${SYNC_WAKE_UP_KERNEL.join('.')} or later.`,
    };
  }
  return { ...base, state: 'ok', detail: 'with killable wait and synchronous wake-up' };
}

export function probeLandlock(answer: Answer): Probe {
  const base = { id: 'landlock', name: 'Landlock', required: false } as const;
  if ('unknown' in answer) return { ...base, state: 'unknown', detail: answer.unknown };
  if (answer.landlock_abi > 0) return { ...base, state: 'ok', detail: `ABI ${answer.landlock_abi}` };
  const detail = 'absent: the second wall behind the mounts is missing';
  return { ...base, state: 'degraded', detail, fix: 'Boot with `landlock` in the kernel parameter `lsm=`.' };
}

export function probeProgramContent(answer: Answer): Probe {
  const base = { id: 'program-content', name: 'running programs held still', required: false } as const;
  if ('unknown' in answer) return { ...base, state: 'unknown', detail: answer.unknown };
  if (answer.content_held)
    return { ...base, state: 'ok', detail: 'writing one gives ETXTBSY: rules about sha256 hold' };
  const detail = 'the file of a running program can be written: policies with sha256 are refused';
  return { ...base, state: 'degraded', detail, fix: 'Boot a kernel other than Linux 6.11 and the first of 6.12.' };
}

/** Lets leash-entry build a sandbox's network in namespaces of its own: the rules and listeners of a real session. */
export async function probeTransparentProxy(host: Host): Promise<Probe> {
  const base = { id: 'tproxy', name: 'nftables TPROXY', required: true } as const;
  const entry = nativePath('leash-entry', host.env);
  if (!isExecutable(entry)) return { ...base, state: 'unknown', detail: 'not tried: leash-entry is not built' };
  const { ok, stderr } = await runProgram(entry, ['--probe'], host.env);
  if (ok) return { ...base, state: 'ok', detail: 'accepted in a network namespace' };
  const detail = `connections of the agent cannot be led to the proxy (${firstLine(stderr)})`;
  return { ...base, state: 'missing', detail, fix: 'sudo modprobe -a nf_tables nft_tproxy nft_redir' };
}

/** Lets leash-entry mount an overlay in namespaces of its own, as a session under review does. */
export async function probeOverlay(host: Host): Promise<Probe> {
  const base = { id: 'overlay', name: 'overlays for --review', required: false } as const;
  const entry = nativePath('leash-entry', host.env);
  if (!isExecutable(entry)) return { ...base, state: 'unknown', detail: 'not tried: leash-entry is not built' };
  const { ok, stderr } = await runProgram(entry, ['--probe-overlay'], host.env);
  if (ok) return { ...base, state: 'ok', detail: 'mounted in a user namespace' };
  const detail = `refused (${firstLine(stderr)}): --review and volumes with :review do not start`;
  return {
    ...base,
    state: 'degraded',
    detail,
    fix: 'sudo modprobe overlay, or boot a kernel of version 5.11 or later',
  };
}

/** The bpf engine is optional, and only loading a program would tell whether it is permitted. */
export function probeBpfLsm(host: Host): Probe {
  const base = { id: 'bpf-lsm', name: 'BPF LSM', required: false } as const;
  const list = readHostFile(host, 'sys/kernel/security/lsm');
  if (list === undefined)
    return { ...base, state: 'unknown', detail: '/sys/kernel/security/lsm cannot be read; not used by this version' };
  if (list.trim().split(',').includes('bpf')) {
    return { ...base, state: 'unknown', detail: 'listed, not probed; not used by this version' };
  }
  return {
    ...base,
    state: 'missing',
    detail: 'not listed; not used by this version',
    fix: 'Boot with `bpf` in the kernel parameter `lsm=`.',
  };
}
