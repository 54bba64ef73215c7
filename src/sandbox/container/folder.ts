// A session that is about to have a container in; a folder of the host that the container shows, and that is gone with it, out.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRunning } from '../../host/is-running.ts';
import { OWN_FOLDER } from '../own-folder.ts';
import { bind } from './bind.ts';
import { askEngine, type Engine } from './engine.ts';
import { ENTRY, type Furnishing } from './furnishing.ts';

/** `leash-PID-RANDOM`: the name of a container, and of its folder. */
const NAME = /^leash-(\d+)-[0-9a-f]{8}$/;
const RECORD = 'engine.json';

export class ContainerFolder implements Furnishing {
  readonly name: string = `leash-${process.pid}-${randomBytes(4).toString('hex')}`;
  readonly #root: string;
  readonly #engine: Engine;
  #files = 0;

  /** @param parent private to the user; made when absent */
  constructor(parent: string, engine: Engine) {
    this.#root = path.join(parent, this.name);
    this.#engine = engine;
    // Nobody else reaches what is below; inside, the agent may be another user, and sees only what is mounted.
    mkdirSync(this.#root, { recursive: true, mode: 0o700 });
    this.#folder(this.own, 0o755);
    this.#folder(this.#emptyFolder, 0o000);
    writeFileSync(path.join(this.#root, RECORD), JSON.stringify([engine.program, ...engine.options]));
  }

  /** With these permissions whatever the umask of the person is. */
  #folder(place: string, mode: number): void {
    if (existsSync(place)) return;
    mkdirSync(place);
    chmodSync(place, mode);
  }

  #write(file: string, content: string | Uint8Array, mode: number): void {
    writeFileSync(file, content);
    chmodSync(file, mode);
  }

  /** What the sandbox shows as Leash's own folder. */
  get own(): string {
    return path.join(this.#root, 'own');
  }

  readonly forEntry: readonly string[] = [];

  /** For a mount in Leash's own folder, which is read-only inside. */
  putOwnFolder(name: string): void {
    mkdirSync(path.join(this.own, name), { recursive: true, mode: 0o755 });
  }

  /** A file in Leash's own folder. */
  putOwn(name: string, content: string | Uint8Array): void {
    const file = path.join(this.own, name);
    this.#folder(path.dirname(file), 0o755);
    this.#write(file, content, 0o644);
  }

  /** A file to be mounted somewhere: its path on the host. */
  put(content: string | Uint8Array, mode = 0o644): string {
    const file = path.join(this.#root, String(++this.#files));
    this.#write(file, content, mode);
    return file;
  }

  /** Nothing in it, and nobody may look. */
  get #emptyFolder(): string {
    return path.join(this.#root, 'empty');
  }

  show(file: string, place: string): string[] {
    return bind(file, place);
  }

  hide(place: string, isDirectory: boolean): string[] {
    return bind(isDirectory ? this.#emptyFolder : this.put('', 0o000), place);
  }

  showOwn(entryProgram: string): string[] {
    this.putOwn('entry', '');
    return [...bind(this.own, OWN_FOLDER), ...bind(entryProgram, ENTRY)];
  }

  entryProgram(installed: string): string {
    return installed;
  }

  command(words: readonly string[]): readonly string[] {
    return [this.#engine.program, ...this.#engine.options, ...words];
  }

  /** With what the engine made and nobody started, when the session failed. */
  async remove(hasFailed: boolean): Promise<void> {
    if (hasFailed) await removeContainer(this.#root, this.name, this.#engine);
    else rmSync(this.#root, { recursive: true, force: true });
  }

  /** Before the engine was asked for anything. */
  discard(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

function engineOf(root: string, env: Engine['env']): Engine | undefined {
  try {
    const [program = '', ...options] = JSON.parse(readFileSync(path.join(root, RECORD), 'utf8')) as string[];
    return { name: 'podman', program, options, env, uid: 0, gid: 0, isElsewhere: false };
  } catch {
    return undefined;
  }
}

/** The folder stays, for the next session to try again, where the engine does not say that the container is gone. */
async function removeContainer(root: string, name: string, engine: Engine): Promise<void> {
  const { ok, stderr } = await askEngine(engine, ['rm', '--force', name]);
  if (ok || /no such container|no container with/i.test(stderr)) rmSync(root, { recursive: true, force: true });
}

/**
 * Removes what sessions that were killed have left: a container that was made and never started, and the folder. Containers that ran
 * have ended with their session, and their engine has removed them.
 */
export async function sweepContainers(parent: string, env: Engine['env']): Promise<void> {
  let names: string[];
  try {
    names = readdirSync(parent);
  } catch {
    return; // there has been none yet
  }
  for (const name of names) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const root = path.join(parent, name);
    const engine = engineOf(root, env);
    if (engine === undefined) rmSync(root, { recursive: true, force: true });
    else await removeContainer(root, name, engine);
  }
}
