// A folder with an installed agent in; the path of its program out, or the reason why it is not the agent that was asked for.
import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { LeashError } from '../../host/errors.ts';
import type { InstallableAgent } from './agent.ts';

const VERSION_TIMEOUT_MS = 60_000;

function refuse(agent: InstallableAgent, why: string, cause?: unknown): LeashError {
  return new LeashError('LEASH_AGENT_INSTALL', `${agent.package.name} ${agent.package.version}: ${why}`, { cause });
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** A member of a JSON value that came from elsewhere; undefined when there is no such path of members. */
function member(value: unknown, ...keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

function programPath(agent: InstallableAgent, root: string): string {
  return path.join(root, 'node_modules', '.bin', agent.bin);
}

/**
 * Checks that `root` holds exactly the agent's version, by the package's own manifest, and that its program may be executed.
 * Starts nothing. Returns the absolute path of the program. Throws LEASH_AGENT_INSTALL.
 */
export async function verifyFiles(agent: InstallableAgent, root: string): Promise<string> {
  const program = programPath(agent, root);
  try {
    const version = member(
      await readJson(path.join(root, 'node_modules', agent.package.name, 'package.json')),
      'version',
    );
    if (version !== agent.package.version) throw refuse(agent, `version ${JSON.stringify(version)} is installed`);
    await access(program, constants.X_OK);
  } catch (cause) {
    throw cause instanceof LeashError ? cause : refuse(agent, 'the installation is not complete', cause);
  }
  return program;
}

/**
 * Checks what npm recorded: the tarball it unpacked has the integrity that the catalog pins.
 * Throws LEASH_AGENT_INSTALL.
 */
export async function verifyIntegrity(agent: InstallableAgent, root: string): Promise<void> {
  const lock = await readJson(path.join(root, 'node_modules', '.package-lock.json')).catch((cause: unknown) => {
    throw refuse(agent, 'npm left no record of what it installed', cause);
  });
  const integrity = member(lock, 'packages', `node_modules/${agent.package.name}`, 'integrity');
  if (integrity !== agent.package.integrity)
    throw refuse(agent, `integrity ${JSON.stringify(integrity)} is not the expected one`);
}

/**
 * Starts the program once with `--version`, with an empty home of its own and no more of the environment than it needs.
 * Throws LEASH_AGENT_INSTALL when it does not run or names another version.
 */
export async function verifyRuns(agent: InstallableAgent, root: string): Promise<void> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'leash-agent-home-'));
  try {
    const output = await versionOutput(agent, root, home);
    if (output.split(/\s+/).includes(agent.package.version)) return;
    throw refuse(agent, `\`${agent.bin} --version\` says ${JSON.stringify(output.trim().slice(0, 80))}`);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function versionOutput(agent: InstallableAgent, root: string, home: string): Promise<string> {
  const nodeFolder = path.dirname(process.execPath);
  const env = { PATH: `${nodeFolder}:/usr/local/bin:/usr/bin:/bin`, HOME: home, TERM: 'dumb', ...agent.environment };
  try {
    const options = { env, cwd: home, timeout: VERSION_TIMEOUT_MS };
    return (await promisify(execFile)(programPath(agent, root), ['--version'], options)).stdout;
  } catch (cause) {
    throw refuse(agent, `\`${agent.bin} --version\` does not run`, cause);
  }
}
