// A person's secrets in; the contents of the files that hold some out, and a line for each that an engine elsewhere cannot have.
import fs from 'node:fs';
import { isBelow } from '../../host/way.ts';
import { placeOf } from '../../sandbox/agents/kept.ts';
import { homeOf, type SessionOptions } from '../../session/options.ts';
import type { Source } from '../../session/secrets/configured.ts';
import { listSecrets } from '../../session/secrets/list.ts';

function objection(source: Source, home: string): string | undefined {
  if (source.kind === 'command' || source.kind === 'keyring') return 'it comes from a program of this machine';
  if (source.kind === 'file' && !isBelow(source.file, home)) return 'its file lies outside your home';
  return undefined;
}

function textOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return undefined; // the manager says so, as everywhere
  }
}

/**
 * By path; what is not there is left out. A login of an agent's is not handed on: its renewal could not be written back.
 * @throws {LeashError} LEASH_CONFIG
 */
export async function filesOfSecrets(session: SessionOptions): Promise<Readonly<Record<string, string>>> {
  const { env, workspace, config, extraEnv, agent, say } = session;
  const home = homeOf(session);
  const files: Record<string, string> = {};
  for (const { name, source } of await listSecrets({ env, home, workspace }, config, extraEnv, agent)) {
    const problem = objection(source, home);
    if (problem !== undefined) say(`the secret ${name} is not available with an engine elsewhere: ${problem}`);
    else if (source.kind === 'file') {
      const text = textOf(source.file);
      if (text !== undefined) files[source.file] = text;
    }
  }
  for (const login of agent?.agent.logins ?? [])
    if (fs.existsSync(placeOf(login.file, env, home)))
      say(`your ${login.name} stays here: with an engine elsewhere an agent works with a key only`);
  return files;
}
