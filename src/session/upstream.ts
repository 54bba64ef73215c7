// The environment of leash and what its user said enter; how servers outside are reached, and which are trusted, leaves.

import { stateDir } from '../host/paths.ts';
import { certificatesIn, systemBundle, userRoots } from '../host/roots.ts';
import type { UpstreamOptions } from '../proxy/options.ts';
import { isHubPort } from './hub-addresses.ts';
import type { SessionOptions } from './options.ts';

const NAMES_A_PROXY = /^(?:https?|all)_proxy$/i;

/** What this machine trusts: the system's roots and its user's; those that Node brings where the system has none. */
function roots({ env, workspace }: SessionOptions): readonly string[] {
  const system = systemBundle();
  const own = certificatesIn(system.pem.toString('latin1'));
  const base = own.length > 0 ? own : process.getBuiltinModule('node:tls').rootCertificates;
  return [...base, ...userRoots(env, workspace, system).pem];
}

/** @throws {LeashError} LEASH_PARENT_PROXY */
export async function upstreamOf(session: SessionOptions): Promise<UpstreamOptions> {
  const { env, resolve, ca, say, control } = session;
  const state = stateDir(env);
  const reached = {
    resolveOverrides: resolve,
    ca,
    roots: () => roots(session),
    isOwnPort: (port: number) => port === control?.port || isHubPort(state, port),
  };
  if (!Object.keys(env).some((name) => NAMES_A_PROXY.test(name))) return reached;
  const { readParentProxies } = await import('../proxy/upstream/parent-proxies.ts');
  const parents = readParentProxies(env);
  for (const note of parents?.notes ?? []) say(note);
  return parents === undefined ? reached : { ...reached, parents };
}
