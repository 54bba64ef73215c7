// What a session puts into its sandbox in; the plan of a container for it out, when the engine has the image.
import path from 'node:path';
import { cacheDir, stateDir } from '../host/paths.ts';
import { isBelow } from '../host/way.ts';
import { moversOf } from '../sandbox/agents/kept.ts';
import { containerPlan } from '../sandbox/container/container.ts';
import { ContainerFolder, sweepContainers } from '../sandbox/container/folder.ts';
import { KnownImage } from '../sandbox/container/known-image.ts';
import { ManagerVolume } from '../sandbox/container/manager-volume.ts';
import { type Limit, surroundings } from '../sandbox/limits.ts';
import type { SandboxPlan, SandboxRequest } from '../sandbox/plan.ts';
import type { ContainerOptions, SessionOptions } from './options.ts';

/** Where the agent may keep something in an image: its private home, and places that it is shown. */
function mayKeep({ home, volumes = [], reviewed = [] }: SandboxRequest): (file: string) => boolean {
  const places = [home, ...[...volumes, ...reviewed].map(({ place }) => place)];
  return (file) => places.some((place) => isBelow(file, place));
}

/** Variables that move its settings and login to such a place; elsewhere it has neither. */
function movedEnv({ agent, say }: SessionOptions, request: SandboxRequest): Readonly<Record<string, string>> {
  const isKept = mayKeep(request);
  for (const file of Object.keys(request.copies ?? {}))
    if (!isKept(file)) say(`the login in ${file} is not shown in a container: it lies outside the home`);
  const movers = agent === undefined ? [] : moversOf(agent.agent);
  const values = movers.map((name) => [name, request.env[name] ?? ''] as const);
  return Object.fromEntries(values.filter(([, place]) => path.isAbsolute(place) && isKept(place)));
}

/** @throws {LeashError} LEASH_BACKEND, LEASH_IMAGE, LEASH_WORKSPACE */
export async function planInContainer(
  request: SandboxRequest,
  { engine, imageName, image, hasTerminal, isReadOnly, beside }: ContainerOptions,
  limits: readonly Limit[],
  options: SessionOptions,
): Promise<SandboxPlan> {
  const parent = path.join(stateDir(options.env), 'containers');
  const swept = beside === undefined ? sweepContainers(parent, engine.env) : undefined;
  const { files: openFiles, processes: processesOfUser } = surroundings();
  const own = {
    engine,
    imageName,
    image,
    limits,
    openFiles,
    processesOfUser,
    hasTerminal,
    isReadOnly,
    ...(beside && { manager: beside.manager }),
  };
  const extraEnv = { ...movedEnv(options, request), ...request.extraEnv };
  const folder = beside === undefined ? new ContainerFolder(parent, engine) : new ManagerVolume(beside.name);
  const plan = containerPlan({ ...request, ...own, extraEnv }, folder);
  try {
    await swept;
    // The engine need not wait for its own answer. It would complain beside Leash, though, where it has no such image.
    const known = new KnownImage(engine, imageName, cacheDir(options.env));
    if (!known.wasThere) await image;
    image.then(
      () => known.note(true),
      () => known.note(false),
    );
    return plan;
  } catch (error) {
    folder.discard();
    throw error;
  }
}
