// The engine of a manager and whose it is in, as text for a private file; and from such files, how the manager of a session is reached, out.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../../host/errors.ts';
import type { Engine, EngineName } from './engine.ts';
import { MANAGER_PROGRAMS, managerName } from './manager.ts';

const NAME = /^leash-(\d+)-[0-9a-f]{8}$/;
/** Which engine it is. */
const PLACES = ['DOCKER_HOST', 'DOCKER_CONTEXT', 'CONTAINER_HOST', 'CONTAINER_CONNECTION'] as const;
/** What its client finds it by, and its own settings: places, no secrets. */
const CALLED_BY = [
  ...['PATH', 'HOME', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'SSH_AUTH_SOCK'],
  ...['DOCKER_CONFIG', 'DOCKER_CERT_PATH', 'DOCKER_TLS', 'DOCKER_TLS_VERIFY', 'DOCKER_API_VERSION'],
  ...['CONTAINER_SSHKEY', 'CONTAINERS_CONF', ...PLACES],
] as const;

export interface RecordedManager {
  /** Of the agent's container. */
  readonly name: string;
  readonly engine: EngineName;
  readonly program: string;
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the `leash` that started it, as in the record of its session. */
  readonly owner: string | undefined;
}

/** The process of the person's `leash`, as the record of a session names it. */
export interface Owner {
  readonly pid: number;
  readonly owner?: string;
}

/** The process that a record belongs to; undefined: it is none. */
export function pidOf(name: string): number | undefined {
  const pid = NAME.exec(name)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

export function recordOf({ name, program, options, env }: Engine, owner: string | undefined): string {
  const called = CALLED_BY.flatMap((variable) => (env[variable] ? [[variable, env[variable]]] : []));
  return JSON.stringify({ engine: name, program, options, env: Object.fromEntries(called), owner });
}

/** Undefined: it was removed just now, or is of another version. @throws {LeashError} LEASH_SESSION_UNREACHABLE when others may have written it */
export function readRecord(file: string): RecordedManager | undefined {
  let text: string;
  try {
    text = privateText(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { engine, program, options, env, owner } = JSON.parse(text) as RecordedManager;
    const isRecord = typeof program === 'string' && Array.isArray(options) && typeof env === 'object' && env !== null;
    return isRecord ? { name: path.basename(file), engine, program, options, env, owner } : undefined;
  } catch {
    return undefined;
  }
}

function privateText(file: string): string {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  try {
    for (const stat of [fs.fstatSync(fd), fs.lstatSync(path.dirname(file))])
      if (stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0 || stat.isSymbolicLink())
        throw new LeashError(
          'LEASH_SESSION_UNREACHABLE',
          `${file} says how a session is reached and is not yours alone, so it was not followed (it needs mode 600, its folder 700)`,
        );
    return fs.readFileSync(fd, 'utf8');
  } finally {
    fs.closeSync(fd);
  }
}

export function isWith(engine: Engine, recorded: RecordedManager): boolean {
  const { program, options } = recorded;
  const isSame = program === engine.program && JSON.stringify(options) === JSON.stringify(engine.options);
  return isSame && PLACES.every((name) => (recorded.env[name] ?? '') === (engine.env[name] ?? ''));
}

/**
 * By the process that owns the session. Its number may have been used again; its start may not.
 * @throws {LeashError} LEASH_SESSION_UNREACHABLE
 */
export function recordedManager(folder: string, session: () => Owner): RecordedManager | undefined {
  if (!fs.existsSync(folder)) return undefined;
  const names = fs.readdirSync(folder).filter((name) => pidOf(name) !== undefined);
  if (names.length === 0) return undefined;
  const { pid, owner } = session();
  return names
    .filter((name) => owner !== undefined && pidOf(name) === pid)
    .map((name) => readRecord(path.join(folder, name)))
    .find((recorded) => recorded?.owner === owner);
}

/** One of the manager's sockets on standard input and output. Who may call its engine may do anything there already. */
export function relayCommand(manager: RecordedManager, socket: 'door' | 'gate'): readonly string[] {
  const { engine, program, options, name } = manager;
  // Podman takes two bytes that come singly for Ctrl-P Ctrl-Q, and leaves.
  const raw = engine === 'podman' ? ['--detach-keys='] : [];
  return [
    program,
    ...options,
    'exec',
    '--interactive',
    ...raw,
    managerName(name),
    'node',
    MANAGER_PROGRAMS.relay,
    socket,
  ];
}
