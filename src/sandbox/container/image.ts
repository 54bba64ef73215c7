// The name of an image in; its user and environment out, or why no agent can run in it.
import { firstLine } from '../../host/doctor/run-program.ts';
import { LeashError } from '../../host/errors.ts';
import { PACKAGE_ROOT } from '../../host/paths.ts';
import { askEngine, type Engine } from './engine.ts';
import { MANAGER_IMAGE } from './manager.ts';

/** What `Containerfile.coder` is built as. */
export const DEFAULT_IMAGE = 'localhost/leash/coder:latest';

export interface Image {
  /** As the engine takes it. */
  readonly name: string;
  /** `name`, `uid`, either with `:group`; root when the image names none. */
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A reference never looks like an option. Source: distribution/reference, `reference-regexp`. */
const REFERENCE = /^[a-z0-9][\w.:/@-]{0,511}$/i;
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
/** A user of an image that a person may have written. Source: `USER`, Dockerfile reference. */
const USER = /^[\w][\w.-]{0,99}(:[\w][\w.-]{0,99})?$/;

function refused(message: string): LeashError {
  return new LeashError('LEASH_IMAGE', message);
}

/** @throws {LeashError} LEASH_IMAGE */
export function checkReference(image: string): string {
  if (!REFERENCE.test(image)) throw refused(`${JSON.stringify(image)} is not the name of an image`);
  return image;
}

function howToGet(engine: Engine, image: string): string {
  const file = { [DEFAULT_IMAGE]: 'coder', [MANAGER_IMAGE]: 'manager' }[image];
  return file === undefined
    ? `${engine.name} pull ${image}`
    : `${engine.name} build -t ${image} -f ${PACKAGE_ROOT}Containerfile.${file} ${PACKAGE_ROOT}`;
}

function explain(engine: Engine, image: string, complaint: string): LeashError {
  if (/no such (image|object)|image not known|unable to find/i.test(complaint))
    return refused(`there is no image ${image} here; get it with: ${howToGet(engine, image)}`);
  if (/cannot connect|connection refused|is the docker daemon running|permission denied/i.test(complaint))
    return new LeashError('LEASH_BACKEND', `${engine.name} does not answer: ${firstLine(complaint)}`);
  return new LeashError(
    'LEASH_BACKEND',
    `${engine.name} cannot tell about the image ${image}: ${firstLine(complaint)}`,
  );
}

interface Inspected {
  readonly Os?: unknown;
  readonly Architecture?: unknown;
  readonly Config?: { readonly User?: unknown; readonly Env?: unknown } | null;
}

function environmentOf(entries: unknown): Record<string, string> {
  const env: Record<string, string> = {};
  for (const entry of Array.isArray(entries) ? entries : []) {
    const equals = typeof entry === 'string' ? entry.indexOf('=') : -1;
    // With a NUL it is no variable: execve(2).
    if (equals > 0 && !String(entry).includes('\0'))
      env[String(entry).slice(0, equals)] = String(entry).slice(equals + 1);
  }
  return env;
}

/** What `image inspect` says of one image. @throws {LeashError} LEASH_IMAGE */
export function readImage(name: string, text: string, architecture: string = process.arch): Image {
  let found: Inspected | undefined;
  try {
    found = (JSON.parse(text) as readonly Inspected[])[0];
  } catch {
    throw refused(`what is said of the image ${name} cannot be read`);
  }
  if (found === undefined) throw refused(`there is no image ${name} here`);
  const own = ARCHITECTURES[architecture];
  if (found.Os !== 'linux' || found.Architecture !== own)
    throw refused(`the image ${name} is for ${String(found.Os)}/${String(found.Architecture)}; this is linux/${own}`);
  const user = found.Config?.User || '0';
  if (typeof user !== 'string' || !USER.test(user)) throw refused(`the image ${name} names a user that cannot be one`);
  return { name, user, env: environmentOf(found.Config?.Env) };
}

/** Never fetches one: what runs is what the person got before. @throws {LeashError} LEASH_IMAGE, LEASH_BACKEND */
export async function inspectImage(engine: Engine, image: string): Promise<Image> {
  const { ok, stdout, stderr } = await askEngine(engine, ['image', 'inspect', checkReference(image)]);
  if (!ok) throw explain(engine, image, stderr);
  return readImage(image, stdout);
}
