// Volumes that a person or a configuration names in; those that may be shown, their changes kept aside where asked, and their policy, out.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { cedarString } from '../policy/text/literal.ts';
import { copyPlace } from '../sandbox/copies.ts';
import { secretPlaces } from '../sandbox/secrets.ts';
import { ownFilesIn, placeIn, type ReviewedVolume, type Volume } from '../sandbox/volume.ts';
import { homeOf, type SessionOptions } from './options.ts';
import { foldersIn, guardOf, holdOwnFolders, ownFolders } from './own-folders.ts';
import type { SessionSecrets } from './secrets/session-secrets.ts';
import type { Beside } from './session-policy.ts';

type Variables = Readonly<Record<string, string>>;

/** Their files decide what runs outside, or are the kernel's own. */
const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/proc',
  '/sbin',
  '/sys',
  '/usr',
];
/** Sockets of the machine's services; and, inside, what Leash put there. */
const RUN = ['/run', '/var/run'];
/** They hold what belongs to others; something in them may be shown, they may not. */
const WIDE = ['/', '/home', '/opt', '/srv', '/tmp', '/var', '/var/lib', '/var/tmp'];

function isIn(place: string, folder: string): boolean {
  return placeIn({ source: folder, place: folder }, place) !== undefined;
}

function isInAny(place: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isIn(place, folder));
}

/** Why the agent may not see, or not change, this of the host; undefined when it may. */
function sourceFault({ source, access }: Volume, options: SessionOptions): string | undefined {
  const stats = fs.statSync(source, { throwIfNoEntry: false });
  if (stats === undefined) return 'does not exist';
  if (!stats.isFile() && !stats.isDirectory()) return 'is no file or folder';
  const home = homeOf(options);
  if (WIDE.includes(source) || (home !== source && isIn(home, source)))
    return 'would give the agent far more than a project';
  if (isInAny(source, ownFolders(options.env))) return 'is a folder of Leash’s own';
  if (
    isInAny(
      source,
      secretPlaces([home]).filter((place) => place !== home),
    )
  )
    return 'is a place of credentials';
  if (isInAny(source, RUN) || isInAny(source, ['/proc', '/sys', '/dev'])) return 'belongs to the running system';
  if (access !== 'read-only' && isInAny(source, SYSTEM)) return 'belongs to the system; it can be shown `:ro`';
  return undefined;
}

/** Why it cannot stand there inside; undefined when it can. */
function placeFault({ place }: Volume, options: SessionOptions, others: readonly Volume[]): string | undefined {
  if (!path.isAbsolute(place) || path.normalize(place) !== place || /[\0\n]/.test(place)) return 'is no absolute path';
  if (place === '/' || isInAny(place, RUN) || isInAny(place, SYSTEM)) return 'is the system’s';
  if (isIn(homeOf(options), place) && place !== homeOf(options)) return 'would cover the agent’s home';
  if (isIn(options.workspace, place)) return 'would cover the workspace';
  if (isInAny(place, [...ownFolders(options.env), ...secretPlaces([homeOf(options)])]))
    return 'is a place of credentials or of Leash’s own';
  if (others.some((other) => other.place === place)) return 'is taken by another volume';
  return undefined;
}

function fail(volume: Volume, what: string, why: string): never {
  throw new LeashError('LEASH_VOLUME', `the volume ${volume.source}:${volume.place} cannot be used: ${what} ${why}`);
}

/** Mount points of the host below a folder. Source: proc_pid_mountinfo(5), field 5, with octal escapes. */
function mountsBelow(folder: string): string[] {
  const lines = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return lines
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((place) =>
      place.replace(/\\([0-7]{3})/g, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter((place) => place !== folder && isIn(place, folder));
}

/** A user namespace knows one user and one group: of others the kernel copies nothing up. An overlay shows one file system, without what is mounted in it, and its upper layer cannot lie in its lower one. */
function reviewFault(volume: Volume, options: SessionOptions, all: readonly Volume[]): string | undefined {
  if (foldersIn(volume.source, options.env).length > 0)
    return 'holds folders of Leash’s own, so its changes cannot be kept aside';
  const [mounted] = mountsBelow(volume.source);
  if (mounted !== undefined) return `holds another file system (${mounted}), so its changes cannot be kept aside`;
  const { uid, gid } = fs.statSync(volume.source);
  if (uid !== process.geteuid?.() || gid !== process.getegid?.())
    return 'belongs to another user or group, so its changes cannot be kept aside; run Leash as its owner';
  const inner = all.find((other) => other !== volume && isIn(other.place, volume.place));
  return inner && `holds the volume ${inner.place}, so its changes cannot be kept aside`;
}

/** The workspace is checked where it is chosen; under review it is a volume like others. */
function workspaceVolume({ workspace, isReviewed }: SessionOptions): Volume[] {
  return isReviewed ? [{ source: workspace, place: workspace, access: 'review' }] : [];
}

/** Docker's habit is to make what is missing; here that would be on the host, or impossible. */
function pointFault({ source, place }: Volume, options: SessionOptions): string | undefined {
  if (options.container !== undefined) return undefined; // an engine makes them, in the container
  const isFolder = fs.statSync(source).isDirectory();
  const isPrivate = isInAny(place, [homeOf(options), '/tmp', '/var/tmp']) && !isIn(place, options.workspace);
  const there = fs.statSync(place, { throwIfNoEntry: false });
  if (isPrivate || there?.isDirectory() === isFolder) return undefined;
  return there === undefined ? 'does not exist on the host, so there is nothing to mount on' : 'is of another kind';
}

/**
 * Every volume of the session, the workspace among them when it is under review.
 * @throws {LeashError} LEASH_VOLUME, LEASH_WORKSPACE
 */
export function checkedVolumes(options: SessionOptions): readonly Volume[] {
  const named = options.volumes ?? [];
  named.forEach((volume, index) => {
    const source = sourceFault(volume, options);
    if (source !== undefined) fail(volume, volume.source, source);
    const place = placeFault(volume, options, named.slice(0, index)) ?? pointFault(volume, options);
    if (place !== undefined) fail(volume, volume.place, place);
  });
  const all = [...workspaceVolume(options), ...named];
  for (const volume of all) {
    const fault = volume.access === 'review' ? reviewFault(volume, options, all) : undefined;
    if (fault !== undefined) fail(volume, volume.source, fault);
    if (volume.access === 'read-write') holdOwnFolders(volume.source, options.env);
  }
  return all;
}

/**
 * Permits what a person showed, as any permit: a forbid of the policy outweighs it. Keeps Leash's own and credentials in it from the agent.
 * @param secrets with statements that stand beside, and files that the session has of its own
 */
export function statementsBeside(options: SessionOptions, secrets?: Pick<SessionSecrets, 'guard' | 'copies'>): Beside {
  const { volumes = [] } = options;
  const copies = secrets?.copies ?? {};
  const own = volumes.map((volume, index) => statements(volume, index, options, copies));
  const guard = [secrets?.guard ?? '', ...own].filter((text) => text !== '').join('\n');
  const home = homeOf(options);
  const shown = Object.keys(copies).filter((file) => copyPlace(file, volumes, home) !== 'none');
  return { guard, copies: shown };
}

function statements(volume: Volume, index: number, options: SessionOptions, copies: Variables): string {
  const { place, access } = volume;
  const action = access === 'read-only' ? 'FileOpenReadOnly' : 'FileOpen';
  const permit = `@id("leash:volume-${index}") @reason("It was shown with --volume.")
permit(principal, action in Action::"${action}", resource) when { resource in [File::${cedarString(place)}, Dir::${cedarString(`${place}/`)}] };`;
  const logins = new Set(Object.keys(ownFilesIn(volume, copies)).map((name) => path.join(place, name)));
  const shown = secretPlaces([homeOf(options)]).flatMap((file) => placeIn(volume, file) ?? []);
  const secrets = shown.filter((file) => !logins.has(file));
  const entities = secrets.flatMap((file) => [`File::${cedarString(file)}`, `Dir::${cedarString(`${file}/`)}`]);
  const forbid =
    entities.length === 0
      ? ''
      : `@id("leash:volume-${index}-secrets") @reason("Credentials of this machine and its user stay out of the sandbox.")
forbid(principal, action in Action::"FileOpen", resource) when { resource in [${entities.join(', ')}] };`;
  const own = access === 'read-only' ? '' : guardOf(`leash:volume-${index}-own-folders`, volume, options.env);
  return [permit, forbid, own].filter((text) => text !== '').join('\n');
}

/** Where each of a session's volumes goes in the sandbox. `own`: the folder that keeps the changes of the nth under review. */
export function sandboxVolumes(
  volumes: readonly Volume[],
  own: (index: number) => string,
): { readonly volumes: readonly Volume[]; readonly reviewed: readonly ReviewedVolume[] } {
  return {
    volumes: volumes.filter(({ access }) => access !== 'review'),
    reviewed: volumes
      .filter(({ access }) => access === 'review')
      .map(({ source, place }, index) => ({
        source,
        place,
        isFolder: fs.statSync(source).isDirectory(),
        own: own(index),
      })),
  };
}
