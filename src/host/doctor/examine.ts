// This machine in; all probes, and whether and how a session would run, out.
import os from 'node:os';
import { probeDocker, probePodman } from './engines.ts';
import { type Host, THIS_HOST } from './host.ts';
import {
  askWarden,
  probeBpfLsm,
  probeKernelVersion,
  probeLandlock,
  probeOverlay,
  probeProgramContent,
  probeSeccomp,
  probeTransparentProxy,
} from './kernel.ts';
import type { Probe } from './probe.ts';
import { probeBubblewrap, probeCgroup, probeUserNamespaces } from './sandbox.ts';
import { probeCompiler, probeNative, probeNode } from './software.ts';

/** Where an agent can run. */
export type Place = 'bubblewrap' | 'podman' | 'docker';

export interface Examination {
  /** What a session needs first, then what is optional. */
  readonly probes: readonly Probe[];
  /** True when nothing that a session needs is known to be missing. */
  readonly canStart: boolean;
  readonly engine: 'seccomp';
  readonly backend: Place;
  /** Ids of the probes because of which `leash` would refuse to start. */
  readonly refusals: readonly string[];
}

/** Ids of required probes that found nothing. */
export function refusals(probes: readonly Probe[]): readonly string[] {
  return probes.filter(({ required, state }) => required && state === 'missing').map(({ id }) => id);
}

/**
 * Looks at everything; takes about as long as the slowest program asked (docker). Never throws for what is missing.
 * @param backend in which the agent would run: what only others need is optional
 */
export async function examineHost(backend: Place, host: Host = THIS_HOST): Promise<Examination> {
  const isBubblewrap = backend === 'bubblewrap';
  const [warden, transparentProxy, bubblewrap, userNamespaces, overlay, compiler, podman, docker] = await Promise.all([
    askWarden(host),
    probeTransparentProxy(host),
    probeBubblewrap(host, isBubblewrap),
    probeUserNamespaces(host, isBubblewrap),
    probeOverlay(host),
    probeCompiler(host),
    probePodman(host, backend === 'podman'),
    probeDocker(host, backend === 'docker'),
  ]);
  const ofBubblewrap = [bubblewrap, userNamespaces];
  const engines = [podman, docker];
  const needed = [
    probeKernelVersion(os.release()),
    probeNode(process.versions.node),
    probeNative(host),
    ...(isBubblewrap ? ofBubblewrap : engines.filter(({ required }) => required)),
    probeSeccomp(warden),
    transparentProxy,
  ];
  const optional = [
    probeLandlock(warden),
    probeProgramContent(warden),
    probeCgroup(host),
    overlay,
    probeBpfLsm(host),
    ...(isBubblewrap ? [] : ofBubblewrap),
    ...engines.filter(({ required }) => !required),
    compiler,
  ];
  const probes = [...needed, ...optional];
  const missing = refusals(probes);
  return { probes, canStart: missing.length === 0, engine: 'seccomp', backend, refusals: missing };
}
