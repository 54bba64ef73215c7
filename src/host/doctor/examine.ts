// This machine in; all probes, and whether and how a session would run, out.
import os from 'node:os';
import { type Host, THIS_HOST } from './host.ts';
import {
  askWarden,
  probeBpfLsm,
  probeKernelVersion,
  probeLandlock,
  probeProgramContent,
  probeSeccomp,
  probeTransparentProxy,
} from './kernel.ts';
import type { Probe } from './probe.ts';
import { probeBubblewrap, probeCgroup, probeUserNamespaces } from './sandbox.ts';
import { probeCompiler, probeDocker, probeNative, probeNode, probePodman } from './software.ts';

export interface Examination {
  /** What a session needs first, then what is optional. */
  readonly probes: readonly Probe[];
  /** True when nothing that a session needs is known to be missing. */
  readonly canStart: boolean;
  readonly engine: 'seccomp';
  readonly backend: 'bubblewrap';
  /** Ids of the probes because of which `leash` would refuse to start. */
  readonly refusals: readonly string[];
}

/** Ids of required probes that found nothing. */
export function refusals(probes: readonly Probe[]): readonly string[] {
  return probes.filter(({ required, state }) => required && state === 'missing').map(({ id }) => id);
}

/** Looks at everything; takes about as long as the slowest program asked (docker). Never throws for what is missing. */
export async function examineHost(host: Host = THIS_HOST): Promise<Examination> {
  const [warden, transparentProxy, bubblewrap, userNamespaces, compiler, podman, docker] = await Promise.all([
    askWarden(host),
    probeTransparentProxy(host),
    probeBubblewrap(host),
    probeUserNamespaces(host),
    probeCompiler(host),
    probePodman(host),
    probeDocker(host),
  ]);
  const needed = [
    probeKernelVersion(os.release()),
    probeNode(process.versions.node),
    probeNative(host),
    bubblewrap,
    userNamespaces,
    probeSeccomp(warden),
    transparentProxy,
  ];
  const optional = [
    probeLandlock(warden),
    probeProgramContent(warden),
    probeCgroup(host),
    probeBpfLsm(host),
    podman,
    docker,
    compiler,
  ];
  const probes = [...needed, ...optional];
  const missing = refusals(probes);
  return { probes, canStart: missing.length === 0, engine: 'seccomp', backend: 'bubblewrap', refusals: missing };
}
