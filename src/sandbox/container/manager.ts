// What a session shows of the host in; the command line that runs Leash's manager in a container of its own out.
import { OWN_FOLDER } from '../own-folder.ts';
import { bind, checkPath } from './bind.ts';
import type { Engine } from './engine.ts';
import { type Ulimits, ulimitOptions } from './ulimits.ts';

/** What `Containerfile.manager` is built as. */
export const MANAGER_IMAGE = 'localhost/leash/manager:latest';
/** Where that has Leash, and where it may write. */
export const MANAGER_PROGRAMS = {
  manager: '/opt/leash/dist/run/remote-manager.js',
  relay: '/opt/leash/dist/run/relay.js',
} as const;
export const MANAGER_FOLDER = '/var/lib/leash';
/** Its session's door and gate; on no file system of the host's, which would not carry sockets from one kernel to another. */
export const MANAGER_SOCKETS: string = `${MANAGER_FOLDER}/sockets`;
const SESSIONS = `${MANAGER_FOLDER}/state/leash/sessions`;
const CACHE = `${MANAGER_FOLDER}/cache/leash`;

/** Over the agent's processes, and to mark its sockets; the warden's file asks for these. Source: capabilities(7). */
const CAPABILITIES = ['SYS_PTRACE', 'KILL', 'NET_RAW'];
/** Root's, that the warden may become the image's user. */
const OF_ROOT = ['SETUID', 'SETGID'];

export interface ManagerRequest extends Ulimits {
  readonly engine: Engine;
  /** Of the agent's container. */
  readonly name: string;
  /** Folders of the host's for journals and compiled policies; the only ones it may change. */
  readonly sessions: string;
  readonly cache: string;
  /** The user's home, in which it keeps what it was handed. */
  readonly home: string;
  /** Of the host: what the agent will see, for it to look at. */
  readonly shown: readonly string[];
}

export function managerName(name: string): string {
  return `${name}-manager`;
}

/** Standard input: the charge. It has the engine's network, and no socket of the engine's. @throws {LeashError} LEASH_WORKSPACE */
export function managerCommand(request: ManagerRequest): readonly string[] {
  const { engine, name, sessions, cache, home, shown } = request;
  const isRoot = engine.uid === 0;
  const temporary = ['/tmp', MANAGER_FOLDER, ...(home === '/tmp' ? [] : [checkPath(home)])];
  return [
    ...[engine.program, ...engine.options, 'run', '--interactive', '--name', managerName(name)],
    ...['--label', `leash=${name}`, '--pull', 'never', '--privileged=false', '--init=false', '--ipc', 'private'],
    ...['--cgroupns', 'private', '--read-only', '--user', `${engine.uid}:${engine.gid}`, '--cap-drop', 'ALL'],
    ...[...CAPABILITIES, ...(isRoot ? OF_ROOT : [])].flatMap((each) => ['--cap-add', each]),
    // It performs calls of the agent's, which the engine's profile would answer in its own way; another user's warden gains by its file.
    ...['--security-opt', 'seccomp=unconfined', '--security-opt', 'apparmor=unconfined'],
    ...['--security-opt', 'label=disable', ...(isRoot ? ['--security-opt', 'no-new-privileges'] : [])],
    ...['--no-healthcheck', '--log-driver', 'none', ...ulimitOptions(engine.name, request)],
    // Podman removes no container while another depends on it, as the agent's does; its client then waits 20 seconds for that.
    ...(engine.name === 'docker' ? ['--rm'] : []),
    ...(engine.name === 'podman'
      ? [
          '--userns',
          'host',
          '--systemd=false',
          '--http-proxy=false',
          '--sdnotify',
          'ignore',
          '--image-volume',
          'ignore',
        ]
      : []),
    ...temporary.flatMap((place) => ['--tmpfs', `${place}:rw,nosuid,nodev,noexec,mode=1777`]),
    ...['--mount', `type=volume,source=${name},destination=${OWN_FOLDER}`],
    ...bind(sessions, SESSIONS, true),
    ...bind(cache, CACHE, true),
    ...shown.flatMap((place) => bind(place, place)),
    ...['--workdir', '/', '--entrypoint', 'node', MANAGER_IMAGE, MANAGER_PROGRAMS.manager],
  ];
}
