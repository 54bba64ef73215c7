// The name of an agent in, an installed and verified program in Leash's own folder out; installs it when it is not there.

import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LeashError } from '../../host/errors.ts';
import { isRunning } from '../../host/is-running.ts';
import { makeFolder } from '../../host/make-folder.ts';
import { dataDir } from '../../host/paths.ts';
import type { Agent, InstallableAgent } from './agent.ts';
import { agentNames, findAgent } from './catalog.ts';
import { npmInstall } from './npm.ts';
import { verifyFiles, verifyIntegrity, verifyRuns } from './verify.ts';

export interface InstalledAgent {
  readonly agent: Agent;
  /** Absolute path of the program. */
  readonly command: string;
  /** Folder that holds all files of this agent's version and nothing else. */
  readonly root: string;
  readonly version: string;
}

export interface EnsureOptions {
  /** Called with one line for a person at each step that takes time. */
  readonly onProgress?: (line: string) => void;
  /** The caller's environment: says where the store is and how npm reaches its registry. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const PARTIAL = /^\.install-(?<pid>\d+)-/;

/** Folder of all installed agents: `<name>/<version>/`. */
export function agentsDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return path.join(dataDir(env), 'agents');
}

/**
 * Makes sure the agent of that name is in the store.
 * Throws LEASH_AGENT_INSTALL when it is unknown, cannot be installed, or is not what the catalog pins.
 */
export async function ensureAgent(name: string, options: EnsureOptions = {}): Promise<InstalledAgent> {
  return installAgent(requireAgent(name), options);
}

/**
 * Installs what `agent` describes unless it is there. Two processes may do it at once: each works in a folder of its own, and
 * rename(2) lets one of them win.
 * Throws LEASH_AGENT_INSTALL.
 */
export async function installAgent(agent: Agent, options: EnsureOptions = {}): Promise<InstalledAgent> {
  if (!isInstallable(agent))
    throw new LeashError('LEASH_AGENT_INSTALL', `${agent.name} has no package that could be installed`);
  const { version } = agent.package;
  const parent = path.join(agentsDir(options.env), agent.name);
  const root = path.join(parent, version);
  if (!(await isSound(agent, root))) await installAnew(agent, parent, root, options);
  return { agent, command: await verifyFiles(agent, root), root, version };
}

/** The agent as it is in the store; undefined when it is not, or not sound. Starts nothing. */
export async function installedAgent(agent: Agent, env?: EnsureOptions['env']): Promise<InstalledAgent | undefined> {
  if (!isInstallable(agent)) return undefined;
  const { version } = agent.package;
  const root = path.join(agentsDir(env), agent.name, version);
  if (!(await isSound(agent, root))) return undefined;
  return { agent, command: await verifyFiles(agent, root), root, version };
}

function isInstallable(agent: Agent): agent is InstallableAgent {
  return agent.package !== undefined;
}

async function installAnew(
  agent: InstallableAgent,
  parent: string,
  root: string,
  { env, onProgress }: EnsureOptions,
): Promise<void> {
  const partial = await createPartial(parent);
  try {
    const { name, version, isTrusted } = agent.package;
    onProgress?.(`installing ${name} ${version} into ${root}`);
    await npmInstall(agent.package, partial, env);
    await verifyIntegrity(agent, partial);
    await verifyFiles(agent, partial);
    // Outside the sandbox: what somebody else pinned is first run inside.
    if (isTrusted) await verifyRuns(agent, partial);
    // mkdtemp makes 0700; a sandbox may show the store to another uid.
    await chmod(partial, 0o755);
    await publish(agent, partial, root);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Whether the store holds the agent already; starts nothing. */
function isSound(agent: InstallableAgent, root: string): Promise<boolean> {
  return Promise.all([verifyFiles(agent, root), verifyIntegrity(agent, root)]).then(
    () => true,
    () => false,
  );
}

function requireAgent(name: string): Agent {
  const agent = findAgent(name);
  if (agent !== undefined) return agent;
  throw new LeashError(
    'LEASH_AGENT_INSTALL',
    `unknown agent ${JSON.stringify(name)}; known are ${agentNames().join(', ')}`,
  );
}

async function createPartial(parent: string): Promise<string> {
  try {
    makeFolder(parent, 0o755);
    await removeAbandoned(parent);
    return await mkdtemp(path.join(parent, `.install-${process.pid}-`));
  } catch (cause) {
    throw new LeashError('LEASH_AGENT_INSTALL', `cannot write to ${parent}`, { cause });
  }
}

/** Removes what installations left behind that were killed. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    const pid = PARTIAL.exec(entry)?.groups?.['pid'];
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(path.join(parent, entry), { recursive: true, force: true });
  }
}

/** Moves the finished installation into place. Whoever comes second keeps the first one's, when that is sound. */
async function publish(agent: InstallableAgent, partial: string, root: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await rename(partial, root);
      return;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') {
        throw new LeashError('LEASH_AGENT_INSTALL', `cannot move the installation to ${root}`, { cause });
      }
    }
    if (await isSound(agent, root)) return;
    await rm(root, { recursive: true, force: true });
  }
  throw new LeashError('LEASH_AGENT_INSTALL', `${root} cannot be replaced`);
}
