// Options in; the facts a policy is evaluated against when no session runs, out: this folder, this home, this user.
import { realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LeashError } from '../../host/errors.ts';
import { groupNames } from '../../host/groups.ts';
import { cacheDir } from '../../host/paths.ts';
import { mentionedRoles, type Registries, type SessionFacts } from '../../policy/facts.ts';
import { userName } from '../../session/recorder.ts';
import { type Invocation, lastValue, type ValueOption } from '../command.ts';

export const WORKSPACE_OPTION: ValueOption = {
  kind: 'value',
  name: 'workspace',
  short: 'C',
  value: 'DIR',
  fallback: 'the current directory',
  summary: 'Directory that `@workspace/` stands for',
};

export const AGENT_OPTION: ValueOption = {
  kind: 'value',
  name: 'agent',
  value: 'NAME',
  fallback: 'claude',
  summary: 'Name of the agent that asks, the principal',
};

function workspaceOf(asked: string): string {
  try {
    return realpathSync(path.resolve(asked));
  } catch (cause) {
    throw new LeashError('LEASH_WORKSPACE', `the workspace ${asked} does not exist`, { cause });
  }
}

/** The registries behind the roles that a text speaks of; most speak of none. */
async function registriesOf(text: string, home: string, workspace: string): Promise<Registries> {
  const roles = mentionedRoles(text);
  if (roles.length === 0) return {};
  const { resolveRegistries } = await import('../../session/registries/resolve.ts');
  return (await resolveRegistries(roles, { env: process.env, home, workspace }, cacheDir())).registries;
}

/** `text` is the policy. Throws LEASH_WORKSPACE. */
export async function outsideFacts(invocation: Invocation, text: string): Promise<SessionFacts> {
  const home = process.env['HOME'] || os.homedir();
  const workspace = workspaceOf(lastValue(invocation, 'workspace') ?? process.cwd());
  return {
    agent: lastValue(invocation, 'agent') ?? AGENT_OPTION.fallback ?? '',
    session: 'none',
    user: userName(),
    groups: groupNames(),
    workspace,
    home,
    tmp: '/tmp',
    registries: await registriesOf(text, home, workspace),
  };
}
