// A private folder in, options of a session whose home, state and workspace lie in it out.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { SessionOptions } from '../../../src/session/options.ts';

export function sessionOptions(root: string, changes: Partial<SessionOptions> = {}): SessionOptions {
  const workspace = path.join(root, 'workspace');
  const home = path.join(root, 'home');
  for (const folder of [workspace, home]) mkdirSync(folder, { recursive: true });
  return {
    command: ['true'],
    workspace,
    policyFile: undefined,
    mode: 'enforce',
    env: { HOME: home, PATH: '/usr/bin:/bin' },
    extraEnv: {},
    resolve: new Map(),
    ca: [],
    bubblewrap: '/usr/bin/bwrap',
    say: () => undefined,
    ...changes,
  };
}
