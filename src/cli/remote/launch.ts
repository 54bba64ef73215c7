// A session for an engine elsewhere in; its manager and its agent, each in a container of that engine, run to their end; the exit status out.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../../host/errors.ts';
import { makeFolder } from '../../host/make-folder.ts';
import { cacheDir, sessionsDir, stateDir } from '../../host/paths.ts';
import { userRoots } from '../../host/roots.ts';
import { isBelow } from '../../host/way.ts';
import { processIdentity } from '../../journal/owner.ts';
import { inspectImage } from '../../sandbox/container/image.ts';
import { MANAGER_IMAGE, managerCommand, managerName } from '../../sandbox/container/manager.ts';
import { ManagerRecord, sweepManagers } from '../../sandbox/container/manager-record.ts';
import { requireSameUsers } from '../../sandbox/container/users.ts';
import { surroundings } from '../../sandbox/limits.ts';
import type { ContainerOptions, SessionOptions } from '../../session/options.ts';
import { homeOf } from '../../session/options.ts';
import { agentStore, foldersIn } from '../../session/own-folders.ts';
import { packageVersion } from '../commands/version.ts';
import type { Charge } from './charge.ts';
import { Pair } from './pair.ts';
import { filesOfSecrets } from './secret-files.ts';

export interface LaunchOptions {
  readonly session: SessionOptions & { readonly container: ContainerOptions };
  /** Milliseconds that a question waits for a person. */
  readonly askTimeout: number;
  readonly quiet: boolean;
}

/** What the agent will see of the host, and the manager looks at. */
function shownPlaces({ workspace, volumes = [], agent, env }: SessionOptions): readonly string[] {
  const installed = [agentStore(env), ...(agent?.shown ?? [])].filter((place) => fs.existsSync(place));
  return [...new Set([workspace, ...volumes.map(({ source }) => source), ...installed])];
}

/** The manager's home and folders are its own: what the host's hold must not be in the agent's reach. @throws {LeashError} LEASH_WORKSPACE */
function refuseHomes(session: SessionOptions): void {
  const home = homeOf(session);
  for (const source of [session.workspace, ...(session.volumes ?? []).map((volume) => volume.source)])
    if (isBelow(home, source) || foldersIn(source, session.env).length > 0)
      throw new LeashError(
        'LEASH_WORKSPACE',
        `${source} holds your home or Leash's own folders, which is not possible with an engine elsewhere; nothing was started`,
      );
}

/** What only an engine of this machine does. @throws {LeashError} LEASH_USAGE */
function refuseHere({ volumes = [], isReviewed, publish, detached, container }: LaunchOptions['session']): void {
  const isAside = isReviewed || volumes.some(({ access }) => access === 'review');
  if (!isAside && publish === undefined && detached === undefined && !container.isReadOnly) return;
  throw new LeashError(
    'LEASH_USAGE',
    'an engine elsewhere keeps no changes aside (--review, -v …:review), publishes no ports (-p, -P), leaves no agent alone (-d) and has no --read-only; nothing was started',
  );
}

function textOf(file: string | undefined): string | undefined {
  try {
    return file === undefined ? undefined : fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LeashError('LEASH_POLICY_READ', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, {
      cause,
    });
  }
}

async function chargeFor(
  { session, askTimeout, quiet }: LaunchOptions,
  name: string,
  identity: string | undefined,
): Promise<Charge> {
  const { container, env, workspace, policyFile, config, say } = session;
  const { name: engine, uid, gid } = container.engine;
  const user = userRoots(env, workspace);
  for (const note of user.notes) say(note);
  const policy = textOf(policyFile);
  const written = textOf(config?.file);
  const { command, agent, plainSecrets, volumes, profiles, repository, mode, tls, extraEnv } = session;
  const { recordsBodies, limits, isOffline, isVerbose } = session;
  return {
    version: packageVersion(),
    options: {
      ...{ command, agent, workspace, policyFile, repository, mode, env, extraEnv },
      ...(plainSecrets !== undefined && { plainSecrets }),
      ...(volumes !== undefined && { volumes }),
      ...(profiles !== undefined && { profiles }),
      ...(tls !== undefined && { tls }),
      ...(recordsBodies !== undefined && { recordsBodies }),
      ...(limits !== undefined && { limits }),
      ...(isOffline !== undefined && { isOffline }),
      ...(isVerbose !== undefined && { isVerbose }),
      ca: [...session.ca, ...user.pem],
    },
    resolve: [...session.resolve],
    container: {
      engine: { name: engine, uid, gid },
      image: await container.image,
      hasTerminal: container.hasTerminal,
    },
    beside: {
      name,
      manager: managerName(name),
      owner: { pid: process.pid, ...(identity !== undefined && { identity }) },
    },
    ...(written !== undefined && { config: written }),
    ...(policy !== undefined && { policy }),
    files: await filesOfSecrets(session),
    askTimeout,
    quiet,
    ...(session.control !== undefined && { controlPort: session.control.port }),
  };
}

/** @throws {LeashError} LEASH_USAGE, LEASH_WORKSPACE, LEASH_BACKEND, LEASH_IMAGE, LEASH_POLICY_READ, LEASH_CONFIG */
export async function launch(options: LaunchOptions): Promise<number> {
  const { session } = options;
  const { engine, hasTerminal } = session.container;
  refuseHere(session);
  refuseHomes(session);
  const records = path.join(stateDir(session.env), 'managers');
  await Promise.all([requireSameUsers(engine), inspectImage(engine, MANAGER_IMAGE), sweepManagers(records, engine)]);
  const sessions = sessionsDir(session.env);
  const cache = cacheDir(session.env);
  for (const folder of [sessions, cache]) makeFolder(folder);
  const identity = processIdentity(process.pid);
  const record = new ManagerRecord(records, engine, identity);
  try {
    const charge = await chargeFor(options, record.name, identity);
    const { files: openFiles, processes: processesOfUser } = surroundings();
    const command = managerCommand({
      ...{ engine, name: record.name, sessions, cache },
      home: homeOf(session),
      shown: shownPlaces(session),
      ...{ openFiles, processesOfUser },
    });
    return await new Pair(engine, command, charge, hasTerminal).run();
  } finally {
    await record.remove();
  }
}
