// What an agent keeps on the host, as data, and the environment of leash in; where that lies out.
import path from 'node:path';
import type { Agent, Kept } from './agent.ts';
import { agentNames, findAgent } from './catalog.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Absolute; it need not exist. A variable whose value is no absolute path moves nothing. */
export function placeOf(kept: Kept, env: Env, home: string): string {
  const { path: name, moved } = kept;
  const folder = moved && env[moved.by];
  const place = folder && path.isAbsolute(folder) ? path.resolve(folder, moved.to) : path.join(home, name);
  return place.replace(/(?<=.)\/$/, '');
}

/** Where the agent keeps its settings; what lies in another of these places is not named. */
export function settingsOf(agent: Agent, env: Env, home: string): readonly string[] {
  const places = [...new Set(agent.settings.map((kept) => placeOf(kept, env, home)))];
  return places.filter((place) => !places.some((other) => place.startsWith(`${other}/`)));
}

/** Variables that move what the agent keeps. */
export function moversOf({ settings, tokenFiles, logins }: Agent): readonly string[] {
  const kept = [...settings, ...tokenFiles, ...logins.map(({ file }) => file)];
  return [...new Set(kept.flatMap(({ moved }) => moved?.by ?? []))];
}

/** Of all agents: who runs one may have logged in to another. */
function credentials(): readonly Kept[] {
  const agents = agentNames().flatMap((name) => findAgent(name) ?? []);
  return agents.flatMap(({ logins, tokenFiles }) => [...logins.map(({ file }) => file), ...tokenFiles]);
}

/** Below the home directory, where nothing has moved them. */
export const AGENT_CREDENTIALS: readonly string[] = credentials().map(({ path: name }) => name);

/** Absolute, where they are. */
export function agentCredentials(env: Env, home: string): readonly string[] {
  return credentials().map((kept) => placeOf(kept, env, home));
}
