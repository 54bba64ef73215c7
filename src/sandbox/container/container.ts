// A sandbox request, an engine and an image in; the command line that runs the agent in a container of it out. Podman and docker differ in a few words.
import fs from 'node:fs';
import { imageEnvironment } from '../environment.ts';
import type { Limit } from '../limits.ts';
import { masks } from '../masks.ts';
import { DENIALS, OWN_FOLDER } from '../own-folder.ts';
import type { SandboxPlan, SandboxRequest } from '../plan.ts';
import { PRIVATE_FOLDERS } from '../private-folders.ts';
import { BUNDLE, trustMounts } from '../trust.ts';
import { placeIn } from '../volume.ts';
import { layerBinds, overlayWords, shownBinds } from '../volume-mounts.ts';
import { encodeBelongings } from './belongings.ts';
import { bind, checkPath } from './bind.ts';
import type { Engine } from './engine.ts';
import { ENTRY, type Furnishing } from './furnishing.ts';
import type { Image } from './image.ts';
import { BUNDLES, links, withJavaOptions } from './image-trust.ts';
import { type Ulimits, ulimitOptions } from './ulimits.ts';

const DOOR = 'warden';
/** Leash's resolver; every other resolver address leads there too. */
const RESOLV_CONF = 'nameserver 127.0.0.1\noptions timeout:5 attempts:2\n';
const HOSTS = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n';

/** Only the entry process uses these, before the agent exists; it drops them for good. Source: capabilities(7). */
const ENTRY_CAPABILITIES = ['NET_ADMIN', 'NET_RAW', 'NET_BIND_SERVICE', 'SETPCAP', 'SETUID', 'SETGID', 'CHOWN'];
/** To mount overlays; the kernel keeps the last two with the mount, for its own work in the layers. */
const OVERLAY_CAPABILITIES = ['SYS_ADMIN', 'DAC_OVERRIDE', 'FOWNER'];

/** To make a pid namespace and cover files by itself, beside a manager. */
const NESTING_CAPABILITY = 'SYS_ADMIN';

export interface ContainerRequest extends SandboxRequest, Ulimits {
  readonly engine: Engine;
  readonly imageName: string;
  /** What the engine says of it. */
  readonly image: Promise<Image>;
  /** Limits that the engine holds. */
  readonly limits: readonly Limit[];
  /** Whether standard input and output are a terminal. */
  readonly hasTerminal: boolean;
  /** The image's files cannot be changed, and what is private in bubblewrap is private here. */
  readonly isReadOnly: boolean;
  /** The manager's container, where this one's is beside it: the agent's pid namespace is made below its. */
  readonly manager?: string;
}

function hasOverlays({ reviewed = [] }: SandboxRequest): boolean {
  return reviewed.some(({ isFolder }) => isFolder);
}

function limitOptions({ limits, manager }: ContainerRequest): string[] {
  // Who waits for the agent counts too: the first process of the container, and that of its own pid namespace.
  const waiting = manager === undefined ? 1 : 2;
  return limits.flatMap(({ name, value }) => {
    if (name === 'memory') return ['--memory', String(value), '--memory-swap', String(value)];
    if (name === 'pids') return ['--pids-limit', String(value + waiting)];
    return ['--cpus', String(value)];
  });
}

/** What defaults, the engine's configuration or the image itself would add: other namespaces, proxies, programs beside the agent. */
function ownOptions(request: ContainerRequest): string[] {
  const { engine } = request;
  const limits = ulimitOptions(engine.name, request);
  if (engine.name === 'docker') {
    // Docker turns IPv6 off where it gives no network; all addresses are local here, of either family.
    const sysctls = ['all', 'default', 'lo'].flatMap((at) => ['--sysctl', `net.ipv6.conf.${at}.disable_ipv6=0`]);
    return [...limits, ...sysctls];
  }
  const users = engine.uid === 0 || engine.isElsewhere ? 'host' : 'keep-id';
  return [
    ...['--userns', users, '--uts', 'private', '--systemd=false', '--http-proxy=false'],
    ...['--image-volume', 'ignore', ...limits],
  ];
}

function pidNamespace({ engine, manager }: ContainerRequest): string[] {
  if (manager === undefined) return engine.name === 'podman' ? ['--pid', 'private'] : [];
  return ['--pid', `container:${manager}`, '--cap-add', NESTING_CAPABILITY, '--security-opt', 'apparmor=unconfined'];
}

function isolation(request: ContainerRequest): string[] {
  const { engine } = request;
  const capabilities = [...ENTRY_CAPABILITIES, ...(hasOverlays(request) ? OVERLAY_CAPABILITIES : [])];
  return [
    ...['--pull', 'never', '--network', 'none', '--privileged=false', '--init=false', '--ipc', 'private'],
    ...['--cgroupns', 'private', '--cap-drop', 'ALL'],
    ...capabilities.flatMap((name) => ['--cap-add', name]),
    // The entry's own filter is stricter; the engine's would refuse what the entry needs for it, Landlock among it.
    ...['--security-opt', 'no-new-privileges', '--security-opt', 'seccomp=unconfined'],
    ...['--security-opt', 'label=disable'],
    // The engines' profiles of AppArmor refuse every mount.
    ...(hasOverlays(request) ? ['--security-opt', 'apparmor=unconfined'] : []),
    // A health check of the image is a program that the engine starts inside, past the entry.
    '--no-healthcheck',
    ...['--log-driver', 'none', ...(engine.name === 'podman' ? ['--sdnotify', 'ignore'] : [])],
  ];
}

/** Of the host only these show; the rest is the image's own. */
function shownFromHost(request: SandboxRequest, folder: Furnishing): string[] {
  const shown = shownBinds(request);
  const isShown = (place: string): boolean => shown.some((each) => place.startsWith(`${each.place}/`));
  const installed = request.shown.filter((each) => fs.existsSync(each));
  return [
    ...shown.flatMap(({ source, place, isWritable }) => bind(source, place, isWritable)),
    ...installed.flatMap((each) => bind(each, each)),
    // Agents that Leash installed stay as they are also where a volume holds them.
    ...(request.volumes ?? []).flatMap((volume) =>
      installed.flatMap((each) => {
        const place = placeIn(volume, each);
        return place === undefined || place === each ? [] : bind(each, place);
      }),
    ),
    ...masks(request)
      .filter(({ place, isReviewed }) => isShown(place) && !isReviewed)
      .flatMap(({ place, isDirectory }) => folder.hide(place, isDirectory)),
  ];
}

/** What the agent's programs trust, and the variables that say so. */
function trust(request: ContainerRequest, folder: Furnishing): { options: string[]; env: Record<string, string> } {
  const { files, env } = trustMounts({ ...request, env: {}, mayCover: () => false });
  const inOwn = [...files].filter(([place]) => place.startsWith(`${OWN_FOLDER}/`));
  for (const [place, content] of inOwn) folder.putOwn(place.slice(OWN_FOLDER.length + 1), content);
  const bundle = folder.put(files.get(BUNDLE) ?? '');
  return { options: BUNDLES.flatMap((place) => folder.show(bundle, place)), env };
}

function mounts(request: ContainerRequest, folder: Furnishing): string[] {
  const { home, denials, entryProgram } = request;
  folder.putOwn('denials', '');
  // The image's user may be another; nobody else reaches the folder that the file lies in.
  if (denials !== undefined) fs.chmodSync(denials, 0o644);
  const files = Object.entries(request.files ?? {});
  for (const [place, content] of files)
    if (place.startsWith(`${OWN_FOLDER}/`)) folder.putOwn(place.slice(OWN_FOLDER.length + 1), content);
  const others = files.filter(([place]) => !place.startsWith(`${OWN_FOLDER}/`));
  return [
    ...(hasOwnHome(request) ? privateFolder(home, '0700', request) : []),
    ...(request.isReadOnly ? readOnly(request) : []),
    ...shownFromHost(request, folder),
    ...folder.showOwn(entryProgram),
    ...layerBinds(request).flatMap(({ source, place, isWritable }) => {
      folder.putOwnFolder(place.slice(OWN_FOLDER.length + 1));
      return bind(source, place, isWritable);
    }),
    ...(denials === undefined ? [] : folder.show(denials, DENIALS)),
    ...folder.show(folder.put(RESOLV_CONF), '/etc/resolv.conf'),
    ...folder.show(folder.put(HOSTS), '/etc/hosts'),
    ...others.flatMap(([place, content]) => folder.show(folder.put(content), place)),
  ];
}

/** Podman would copy what the image has there. */
function privateFolder(place: string, mode: string, { engine, folderBytes }: ContainerRequest): string[] {
  const own = engine.name === 'podman' ? ',notmpcopyup' : '';
  const size = folderBytes === undefined ? '' : `,size=${folderBytes}`;
  return ['--tmpfs', `${checkPath(place)}:rw,exec,nosuid,nodev,mode=${mode}${own}${size}`];
}

/** Podman's own temporary folders have no bound of the session's. */
function readOnly(request: ContainerRequest): string[] {
  const taken = [request.home, ...shownBinds(request).map(({ place }) => place)];
  const folders = PRIVATE_FOLDERS.filter((folder) => !taken.includes(folder));
  return [
    ...['--read-only', ...(request.engine.name === 'podman' ? ['--read-only-tmpfs=false'] : [])],
    ...folders.flatMap((folder) => privateFolder(folder, folder === '/run' ? '0755' : '1777', request)),
  ];
}

/** Who the agent is: the host's user where containers are that user's, else the one whom the image names. */
function userOf({ engine }: ContainerRequest, image: Image): string {
  return engine.uid === 0 ? image.user : `${engine.uid}:${engine.gid}`;
}

/** Whether the home is a private folder of the agent's, and no place of the host's. */
function hasOwnHome(request: SandboxRequest): boolean {
  return request.home !== '/' && shownBinds(request).every(({ place }) => place !== request.home);
}

function entry(request: ContainerRequest, folder: Furnishing): string[] {
  const { processes } = request;
  return [
    ...['--door', `${OWN_FOLDER}/${DOOR}`],
    ...folder.forEntry,
    ...(hasOwnHome(request) ? ['--own', request.home] : []),
    ...overlayWords(request, masks(request)),
    ...(processes === undefined ? [] : ['--processes', String(processes)]),
    // What is mounted says where writing is possible; Landlock keeps signals and abstract sockets inside.
    ...['--write', '/'],
  ];
}

/**
 * Writes what the container shows, and says what the session starts. What depends on the image goes through the door, so a container may be
 * started while the engine is still being asked about it: nothing of the image runs before.
 * @throws {LeashError} LEASH_WORKSPACE
 */
export function containerPlan(request: ContainerRequest, folder: Furnishing): SandboxPlan {
  try {
    const { options, env } = trust(request, folder);
    return plan(request, folder, [...mounts(request, folder), ...options], env);
  } catch (error) {
    folder.discard();
    throw error;
  }
}

function plan(
  request: ContainerRequest,
  folder: Furnishing,
  shown: readonly string[],
  trusted: Readonly<Record<string, string>>,
): SandboxPlan {
  const { engine, workspace, manager, image, ca } = request;
  const owner = hasOwnHome(request) ? request : undefined;
  const told = image.then((image) => {
    const ownEnv = { ...withJavaOptions(image.env, trusted), ...request.extraEnv };
    const env = imageEnvironment(image.env, request.env, ownEnv, request.home);
    return { user: userOf(request, image), links: links(ca.fileName, image.env), env, owner };
  });
  const [agentEnv, belongings] = [told.then(({ env }) => env), told.then(encodeBelongings)];
  // Whoever waits for one of them is told.
  for (const each of [agentEnv, belongings]) each.catch(() => undefined);
  const words = [
    ...['run', '--rm', '--name', folder.name, '--label', `leash=${folder.name}`],
    ...[...isolation(request), ...pidNamespace(request), ...ownOptions(request), ...limitOptions(request), ...shown],
    ...['--workdir', workspace, '--user', '0:0', '--entrypoint', ENTRY, '--sig-proxy=false'],
    ...(request.hasTerminal || manager !== undefined ? ['--interactive'] : []),
    // Nothing that the agent prints may end the connection to its terminal.
    ...(request.hasTerminal ? ['--tty', '--detach-keys', 'ctrl-^,ctrl-@,ctrl-^,ctrl-@'] : []),
    ...[request.imageName, ...entry(request, folder), '--', ...request.command],
  ];
  // Beside a manager the streams are the engine's in any case: the manager has others.
  const hasTerminal = request.hasTerminal || manager !== undefined;
  return {
    command: folder.command(words),
    env: engine.env,
    agentEnv,
    door: { path: `${folder.own}/${DOOR}`, program: folder.entryProgram(request.entryProgram), hasTerminal },
    data: [belongings],
    remove: (hasFailed) => folder.remove(hasFailed),
  };
}
