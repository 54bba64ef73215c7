// Options in; the facts a policy is evaluated against when no session runs, out: this folder, this home, this user.
import { realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LeashError } from '../../host/errors.ts';
import type { SessionFacts } from '../../policy/facts.ts';
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

/** Throws LEASH_WORKSPACE. */
export function outsideFacts(invocation: Invocation): SessionFacts {
  return {
    agent: lastValue(invocation, 'agent') ?? AGENT_OPTION.fallback ?? '',
    session: 'none',
    user: userName(),
    workspace: workspaceOf(lastValue(invocation, 'workspace') ?? process.cwd()),
    home: process.env['HOME'] || os.homedir(),
    tmp: '/tmp',
  };
}
