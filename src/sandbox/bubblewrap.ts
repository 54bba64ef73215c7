// A sandbox request in, the command line of bubblewrap out: the host's root read-only, the workspace writable, home and temporary folders private.
import fs from 'node:fs';
import path from 'node:path';
import { agentEnvironment } from './environment.ts';
import type { SandboxPlan, SandboxRequest } from './plan.ts';
import { programFolders } from './programs.ts';
import { visibleSecrets } from './secrets.ts';
import { BUNDLE, SESSION_CA, systemBundle } from './trust.ts';

const ENTRY = '/run/leash/entry';
/** Leash's resolver; every other resolver address leads there too. */
const RESOLV_CONF = 'nameserver 127.0.0.1\noptions timeout:5 attempts:2\n';
const HOSTS = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n';

/** Private, empty, and gone with the sandbox. */
const PRIVATE_FOLDERS = ['/tmp', '/var/tmp', '/run'];

/** Only the entry process uses these, before the agent exists; it drops them for good. Source: capabilities(7). */
const ENTRY_CAPABILITIES = ['CAP_SYS_ADMIN', 'CAP_NET_ADMIN', 'CAP_NET_RAW', 'CAP_NET_BIND_SERVICE', 'CAP_SETPCAP'];

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

function mask(args: Arguments, request: SandboxRequest): void {
  const homeIsShown = request.workspace === request.home;
  const hidden = homeIsShown
    ? request.hidden
    : request.hidden.filter((folder) => !folder.startsWith(`${request.home}/`));
  const homes = homeIsShown ? [request.home] : [];
  for (const secret of visibleSecrets(homes, hidden)) {
    if (
      secret.path === request.home ||
      request.workspace.startsWith(`${secret.path}/`) ||
      secret.path === request.workspace
    )
      continue;
    // Already out of sight below a private folder, unless the workspace shows it again.
    const isShown = secret.path.startsWith(`${request.workspace}/`);
    if (!isShown && PRIVATE_FOLDERS.some((folder) => secret.path.startsWith(`${folder}/`))) continue;
    if (secret.isDirectory) args.add('--perms', '0000', '--tmpfs', secret.path, '--remount-ro', secret.path);
    // A device on a nodev mount: opening it fails.
    else args.add('--ro-bind', '/dev/null', secret.path);
  }
}

function mounts(args: Arguments, request: SandboxRequest): void {
  args.add('--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc');
  for (const folder of PRIVATE_FOLDERS) if (fs.existsSync(folder)) args.add('--tmpfs', folder);
  if (fs.existsSync(request.home)) args.add('--perms', '0700', '--tmpfs', request.home);
  const shown = [...programFolders(request.env['PATH'], request.home), ...request.shown].filter((folder) =>
    fs.existsSync(folder),
  );
  for (const folder of shown) args.add('--ro-bind', folder, folder);
  args.add('--bind', request.workspace, request.workspace);
  mask(args, request);
}

function files(args: Arguments, request: SandboxRequest): void {
  const ca = Buffer.from(request.caPem);
  const system = systemBundle();
  const bundle = Buffer.concat([system.pem, Buffer.from('\n'), ca]);
  args.add('--ro-bind', request.entryProgram, ENTRY);
  args.file(ca, SESSION_CA);
  for (const place of [BUNDLE, ...system.places]) args.file(bundle, place);
  args.file(Buffer.from(RESOLV_CONF), realPlace('/etc/resolv.conf'));
  args.file(Buffer.from(HOSTS), realPlace('/etc/hosts'));
  for (const [place, content] of Object.entries(request.files ?? {})) args.file(Buffer.from(content), place);
}

/** Where the agent may write, for the Landlock ruleset; the mounts say the same. */
function writable(request: SandboxRequest): string[] {
  return [request.workspace, request.home, ...PRIVATE_FOLDERS, '/dev', '/proc'];
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
  for (const capability of ENTRY_CAPABILITIES) args.add('--cap-add', capability);
  mounts(args, request);
  files(args, request);
  args.add('--chdir', request.workspace);
  const entry = [ENTRY, '--socket', '3', ...writable(request).flatMap((folder) => ['--write', folder])];
  return {
    command: [program, ...args.list, '--', ...entry, '--', ...request.command],
    env: agentEnvironment(request.env, request.extraEnv).env,
    data: args.data,
  };
}
