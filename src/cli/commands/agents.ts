// This host and the user's configuration in; what is known of each agent out, without a value of any credential.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readConfig } from '../../config/file.ts';
import { EXIT } from '../../host/errors.ts';
import type { Agent } from '../../sandbox/agents/agent.ts';
import { agentNames } from '../../sandbox/agents/catalog.ts';
import { placeOf } from '../../sandbox/agents/kept.ts';
import { installedAgent } from '../../sandbox/agents/store.ts';
import { hostProgram } from '../../session/agents/find-program.ts';
import { allAgents } from '../../session/agents/known-agents.ts';
import type { Surroundings } from '../../session/registries/surroundings.ts';
import type { Invocation } from '../command.ts';
import { printTable } from '../table.ts';
import { jsonLine, print, printable } from '../terminal.ts';

const HEADINGS = ['AGENT', 'VERSION', 'FROM', 'PROFILE', 'KEY'] as const;
/** Enough for the manifest of any package. */
const MOST_BYTES = 1 << 20;

interface Row {
  readonly name: string;
  /** Undefined: not told without starting it. */
  readonly version: string | undefined;
  readonly from: 'host' | 'store' | 'none';
  readonly program: string | undefined;
  readonly profile: string;
  readonly hasKey: boolean;
}

/** The version that the manifest of a program's package says. */
function versionOf(program: string): string | undefined {
  const folder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(realpathSync(program))?.[1];
  if (folder === undefined) return undefined;
  try {
    const manifest: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8').slice(0, MOST_BYTES));
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest && manifest.version;
    return typeof version === 'string' && /^\d[\w.+-]{0,40}$/.test(version) ? version : undefined;
  } catch {
    return undefined;
  }
}

async function rowOf(agent: Agent, surroundings: Surroundings): Promise<Row> {
  const { name, profile, credentials, logins } = agent;
  const { env, home } = surroundings;
  const isLoggedIn = logins.some(({ file }) => existsSync(placeOf(file, env, home)));
  const hasKey = isLoggedIn || credentials.some((variable) => env[variable]);
  const host = hostProgram(agent, surroundings)?.command;
  if (host !== undefined) return { name, version: versionOf(host), from: 'host', program: host, profile, hasKey };
  const stored = await installedAgent(agent, env);
  return {
    name,
    version: stored?.version ?? agent.package?.version,
    from: stored === undefined ? 'none' : 'store',
    program: stored?.command,
    profile,
    hasKey,
  };
}

function cellsOf({ name, version = '?', from, program = '', profile, hasKey }: Row): readonly string[] {
  const place = { host: program, store: 'store', none: 'not installed' }[from];
  return [name, version, place, profile, hasKey ? 'yes' : 'no'].map(printable);
}

/** `leash agents`. @throws {LeashError} LEASH_CONFIG */
export async function agents(invocation: Invocation): Promise<number> {
  const { env } = process;
  const surroundings = { env, home: env['HOME'] || os.homedir(), workspace: realpathSync('.') };
  const config = await readConfig({ ...surroundings, agents: agentNames() });
  const rows = await Promise.all(allAgents(config, surroundings.home).map(({ agent }) => rowOf(agent, surroundings)));
  if (invocation.flags.has('json')) for (const row of rows) await print(jsonLine(row));
  else await printTable(HEADINGS, rows.map(cellsOf));
  return EXIT.ok;
}
