// A sandbox request in, the command line of bubblewrap out: the host's root read-only, the workspace writable, home and temporary folders private.
import fs from 'node:fs';
import path from 'node:path';
import { wayTo } from '../host/way.ts';
import { copiesAt } from './copies.ts';
import { agentEnvironment } from './environment.ts';
import { BEHIND } from './grown-folder.ts';
import { type Mask, masks } from './masks.ts';
import { DENIALS, OWN_FOLDER } from './own-folder.ts';
import type { SandboxPlan, SandboxRequest } from './plan.ts';
import { PRIVATE_FOLDERS } from './private-folders.ts';
import { programFolders } from './programs.ts';
import { secretPlaces } from './secrets.ts';
import { type TrustMounts, trustMounts } from './trust.ts';
import { placeIn } from './volume.ts';
import { type Bind, layerBinds, overlayWords, shownBinds, shownPlaces } from './volume-mounts.ts';

const ENTRY = `${OWN_FOLDER}/entry`;
/** Leash's resolver; every other resolver address leads there too. */
const RESOLV_CONF = 'nameserver 127.0.0.1\noptions timeout:5 attempts:2\n';
const HOSTS = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n';

/**
 * Tell of the kernel's memory, or of the host's keys and timers. /proc/sysvipc lists the objects of whoever opens it, which is the
 * warden. Source: ipc/util.c, sysvipc_proc_open().
 */
const PROC_MASKED = new Set([
  'kcore',
  'keys',
  'kpagecgroup',
  'kpagecount',
  'kpageflags',
  'latency_stats',
  'sched_debug',
  'sysvipc',
  'timer_list',
]);

/** Only the entry process uses these, before the agent exists; it drops them for good. Source: capabilities(7). */
const ENTRY_CAPABILITIES = ['CAP_SYS_ADMIN', 'CAP_NET_ADMIN', 'CAP_NET_RAW', 'CAP_NET_BIND_SERVICE', 'CAP_SETPCAP'];

/** Whoever mounts an overlay reads, writes and names its layers; the kernel keeps these rights with the mount, for its own work. */
const OVERLAY_CAPABILITIES = ['CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_CHOWN'];

class Arguments {
  readonly list: string[] = [];
  readonly data: Uint8Array[] = [];
  readonly #firstDescriptor: number;

  constructor(firstDescriptor: number) {
    this.#firstDescriptor = firstDescriptor;
  }

  add(...words: string[]): void {
    this.list.push(...words);
  }

  /** A file on a private mount that the agent may write, rename and remove. */
  copy(bytes: Uint8Array, place: string): void {
    this.add('--perms', '0600', '--file', String(this.#firstDescriptor + this.data.length), place);
    this.data.push(bytes);
  }

  /** A read-only file made of bytes; they reach bubblewrap through a descriptor, so no file is left behind on the host. */
  file(bytes: Uint8Array, place: string): void {
    this.add('--perms', '0444', '--ro-bind-data', String(this.#firstDescriptor + this.data.length), place);
    this.data.push(bytes);
  }
}

/** `/etc/resolv.conf` may be a link into `/run`, which is private: the file goes where the link leads. */
function realPlace(file: string): string {
  try {
    return path.resolve(path.dirname(file), fs.readlinkSync(file));
  } catch {
    return file;
  }
}

/**
 * What procfs holds beside processes belongs to the whole machine, and obeys its owner, not capabilities: an agent of root's could
 * set kernel/core_pattern, a program that the kernel then runs outside. Source: fs/proc/proc_sysctl.c, test_perm().
 */
function sealProc(args: Arguments): void {
  // Names first: of a process that ends meanwhile the kernel tells no type, and asking for it would fail.
  for (const name of fs.readdirSync('/proc')) {
    if (/^\d/.test(name)) continue;
    const place = `/proc/${name}`;
    const entry = fs.lstatSync(place, { throwIfNoEntry: false });
    if (entry === undefined || entry.isSymbolicLink()) continue;
    if (PROC_MASKED.has(name)) hide(args, place, entry.isDirectory());
    else if (entry.isDirectory() || (entry.mode & 0o222) !== 0) args.add('--ro-bind', place, place);
  }
}

function hide(args: Arguments, place: string, isDirectory: boolean): void {
  if (isDirectory) args.add('--perms', '0000', '--tmpfs', place, '--remount-ro', place);
  // A device on a nodev mount: opening it fails.
  else args.add('--ro-bind', '/dev/null', place);
}

function bindWords({ source, place, isWritable }: Bind): readonly string[] {
  return [isWritable ? '--bind' : '--ro-bind', source, place];
}

function mounts(args: Arguments, request: SandboxRequest, masked: readonly Mask[]): void {
  args.add('--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc');
  sealProc(args);
  const size = request.folderBytes === undefined ? [] : ['--size', String(request.folderBytes)];
  for (const folder of PRIVATE_FOLDERS) if (fs.existsSync(folder)) args.add(...size, '--tmpfs', folder);
  if (fs.existsSync(request.home)) args.add(...size, '--perms', '0700', '--tmpfs', request.home);
  // Before anything of the host is mounted below the home: nothing of it can be written to by this.
  for (const [place, content] of copiesAt('private', request)) args.copy(Buffer.from(content), place);
  const shown = [...programFolders(request.env['PATH'], request.home), ...request.shown].filter((folder) =>
    fs.existsSync(folder),
  );
  for (const folder of shown) args.add('--ro-bind', folder, folder);
  args.add(...shownBinds(request).flatMap(bindWords));
  // Agents that Leash installed stay as they are also where the workspace or a volume holds them.
  const held = [{ source: request.workspace, place: request.workspace }, ...(request.volumes ?? [])];
  for (const folder of request.shown.filter((one) => fs.existsSync(one)))
    for (const place of held.flatMap((volume) => placeIn(volume, folder) ?? [])) args.add('--ro-bind', folder, place);
  for (const { place, isDirectory, isReviewed } of masked) if (!isReviewed) hide(args, place, isDirectory);
  for (const [place, content] of copiesAt('cover', request)) args.file(Buffer.from(content), wayTo(place).end);
}

/** Whether a file of the host may be covered with another: not what the agent owns, nor what is masked, where no mount can be made. */
function coverable(request: SandboxRequest): (place: string) => boolean {
  const { workspace, home, hidden } = request;
  const places = shownPlaces(request);
  let out: readonly string[] | undefined;
  return (place) => {
    out ??= [workspace, ...places, ...hidden, ...secretPlaces(workspace === home ? [home] : [])];
    return !out.some((folder) => `${place}/`.startsWith(`${folder}/`));
  };
}

/** What the agent's programs trust. */
function cover(args: Arguments, { folders, files }: TrustMounts): void {
  args.add('--perms', '0755', '--dir', BEHIND);
  for (const { place, behind, folders: kept, links } of folders) {
    args.add('--ro-bind', place, behind, '--perms', '0755', '--tmpfs', place);
    for (const name of kept) args.add('--ro-bind', `${place}/${name}`, `${place}/${name}`);
    for (const [name, target] of links) args.add('--symlink', target, `${place}/${name}`);
  }
  for (const [place, content] of files) args.file(content, place);
  for (const { place } of folders) args.add('--remount-ro', place);
}

function files(args: Arguments, request: SandboxRequest, trust: TrustMounts): void {
  // A mount of its own, and read-only when all is in it: nothing in it can be renamed, replaced or hidden.
  args.add('--perms', '0755', '--tmpfs', OWN_FOLDER);
  args.add('--ro-bind', request.entryProgram, ENTRY);
  if (request.denials !== undefined) args.add('--ro-bind', request.denials, DENIALS);
  cover(args, trust);
  args.file(Buffer.from(RESOLV_CONF), realPlace('/etc/resolv.conf'));
  args.file(Buffer.from(HOSTS), realPlace('/etc/hosts'));
  for (const [place, content] of Object.entries(request.files ?? {})) args.file(Buffer.from(content), place);
  args.add(...layerBinds(request).flatMap(bindWords));
  args.add('--remount-ro', OWN_FOLDER);
}

/** Where the agent may write, for the Landlock ruleset; the mounts say the same. */
function writable(request: SandboxRequest): string[] {
  const volumes = (request.volumes ?? []).filter(({ access }) => access !== 'read-only').map(({ place }) => place);
  const reviewed = (request.reviewed ?? []).map(({ place }) => place);
  return [request.workspace, request.home, ...PRIVATE_FOLDERS, '/dev', '/proc', ...volumes, ...reviewed];
}

/**
 * @param program path of bwrap
 * @param firstDescriptor number of the first inherited data descriptor
 */
export function bubblewrapPlan(request: SandboxRequest, program: string, firstDescriptor: number): SandboxPlan {
  const args = new Arguments(firstDescriptor);
  args.add(
    '--unshare-user',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
  );
  args.add('--die-with-parent', '--cap-drop', 'ALL');
  const masked = masks(request);
  const overlays = overlayWords(request, masked);
  for (const capability of [...ENTRY_CAPABILITIES, ...(overlays.length > 0 ? OVERLAY_CAPABILITIES : [])])
    args.add('--cap-add', capability);
  mounts(args, request, masked);
  const trust = trustMounts({ ...request, mayCover: coverable(request) });
  files(args, request, trust);
  args.add('--chdir', request.workspace);
  const processes = request.processes === undefined ? [] : ['--processes', String(request.processes)];
  const entry = [
    ENTRY,
    '--socket',
    '3',
    ...processes,
    ...overlays,
    ...writable(request).flatMap((folder) => ['--write', folder]),
  ];
  const { env } = agentEnvironment(request.env, { ...trust.env, ...request.extraEnv });
  return {
    command: [program, ...args.list, '--', ...entry, '--', ...request.command],
    env,
    agentEnv: Promise.resolve(env),
    data: args.data,
  };
}
