// What config.toml says, and what a person answers, in; the volumes of a session out.
import { existsSync, realpathSync } from 'node:fs';
import { LeashError } from '../../host/errors.ts';
import { isBelow, wayTo } from '../../host/way.ts';
import type { Agent } from '../../sandbox/agents/agent.ts';
import { agentNames } from '../../sandbox/agents/catalog.ts';
import { settingsOf } from '../../sandbox/agents/kept.ts';
import type { Volume } from '../../sandbox/volume.ts';
import type { Settled } from '../settle.ts';
import { painter, printable } from '../terminal.ts';
import type { Outcome } from './menu.ts';

type Say = (line: string) => void;

/** Volumes of `[volumes]`. @throws {LeashError} LEASH_CONFIG */
export function configuredVolumes(
  { effective, workspace }: Pick<Settled, 'effective' | 'workspace'>,
  say: Say,
): readonly Volume[] {
  return [...effective.volumes.values()].flatMap(({ value, from }) => {
    const { links, end } = wayTo(value.source);
    const link = links.find((each) => isBelow(each, workspace));
    if (link !== undefined)
      throw new LeashError(
        'LEASH_CONFIG',
        `${from}: ${link} is a link in the workspace, which the agent could lead elsewhere; name what it leads to`,
      );
    if (existsSync(end)) return [{ ...value, source: realpathSync(end) }];
    say(`${printable(value.source)} is not there, so it is not mounted (${from})`);
    return [];
  });
}

/** The agent's own settings on the host: those that exist, and do not lie in the workspace anyway. */
function settingsPlaces(agent: Agent, { home, workspace }: Settled, env: NodeJS.ProcessEnv): readonly string[] {
  return settingsOf(agent, env, home).filter(
    (place) => existsSync(place) && !isBelow(place, workspace) && !isBelow(realpathSync(place), workspace),
  );
}

/** Nothing is asked where nobody would see it, or answer. */
function mayAsk({ args }: Settled, env: NodeJS.ProcessEnv): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return isTerminal && args.isInteractive && !args.quiet && !env['CI'];
}

function shortened(place: string, home: string): string {
  return printable(isBelow(place, home) ? `~${place.slice(home.length)}` : place);
}

async function answered(
  agent: string,
  { home, workspace }: Settled,
  places: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  const { askPerson } = await import('./ask.ts');
  const question = {
    text: [
      `leash: ${agent} keeps its settings in ${places.map((place) => shortened(place, home)).join(', ')}.`,
      'Show them to the agent? It works on a copy, without your logins; what it changes is kept only if you accept it.',
    ],
    labels: {
      always: 'always, in every project',
      project: `always in ${shortened(workspace, home)}`,
      once: 'this once',
      never: 'never',
    },
  };
  return askPerson(question, {
    input: process.stdin as import('node:tty').ReadStream,
    output: process.stderr as import('node:tty').WriteStream,
    paint: painter(process.stderr),
    isDumb: env['TERM'] === 'dumb',
  });
}

/** What cannot be remembered holds for this run. */
async function remember(
  agent: string,
  outcome: Outcome,
  { home, workspace }: Settled,
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<void> {
  if (outcome !== 'always' && outcome !== 'project' && outcome !== 'never') return;
  const answer = {
    agent,
    scope: outcome === 'project' ? ('project' as const) : ('global' as const),
    value: outcome !== 'never',
  };
  try {
    const { rememberMount } = await import('../../config/remember.ts');
    await rememberMount(answer, { env, home, workspace, agents: agentNames() });
  } catch (error) {
    if (!(error instanceof LeashError)) throw error;
    say(`your answer holds for this run only: ${error.message}`);
  }
}

/** What a person wants, or once wanted: asked once. */
async function decided(
  agent: string,
  settled: Settled,
  places: readonly string[],
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<Outcome> {
  const known = settled.effective.mounts.get(agent);
  if (known !== undefined) return known.value ? 'always' : 'never';
  if (!mayAsk(settled, env)) return 'later';
  const outcome = await answered(agent, settled, places, env);
  await remember(agent, outcome, settled, env, say);
  return outcome;
}

/**
 * Volumes of a session: an agent's own settings to be reviewed, if a person wants them mounted, and those of config.toml.
 * @param agent undefined when the command names none
 * @returns undefined when the person ended it all with Ctrl-C
 * @throws {LeashError} LEASH_CONFIG
 */
export async function sessionVolumes(
  settled: Settled,
  agent: Agent | undefined,
  say: Say,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly Volume[] | undefined> {
  const configured = configuredVolumes(settled, say);
  const places = agent === undefined ? [] : settingsPlaces(agent, settled, env);
  if (agent === undefined || places.length === 0) return configured;
  const outcome = await decided(agent.name, settled, places, env, say);
  if (outcome === 'interrupt') return undefined;
  if (outcome === 'never' || outcome === 'later') return configured;
  const own = places.map((place) => ({ source: realpathSync(place), place, access: 'review' as const }));
  return [...own, ...configured];
}
