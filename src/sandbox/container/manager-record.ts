// An engine elsewhere in; what it holds for a session, noted so that it goes with the session or before the next, out.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../host/is-running.ts';
import { makeFolder } from '../../host/make-folder.ts';
import { askEngine, type Engine } from './engine.ts';
import { managerName } from './manager.ts';
import { isWith, pidOf, readRecord, recordOf } from './recorded-manager.ts';

/** The engine may still be removing a container that has ended. */
const TRIES = 40;
const INTERVAL = 250;

/** Both containers and the volume; false when the engine does not say that they are gone. */
async function removeAll(engine: Engine, name: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    // Podman refuses to remove the manager's while it still has the agent's.
    await askEngine(engine, ['rm', '--force', name, managerName(name)]);
    const { ok, stderr } = await askEngine(engine, ['volume', 'rm', name]);
    if (ok || /no such volume|no volume with/i.test(stderr)) return true;
    if (!/in use|being used/i.test(stderr)) return false;
    await sleep(INTERVAL);
  }
  return false;
}

export class ManagerRecord {
  /** Of the agent's container and the volume. */
  readonly name: string = `leash-${process.pid}-${randomBytes(4).toString('hex')}`;
  readonly #file: string;
  readonly #engine: Engine;

  /**
   * @param folder private to the user; made when absent
   * @param owner identity of this process
   */
  constructor(folder: string, engine: Engine, owner?: string) {
    makeFolder(folder);
    this.#file = path.join(folder, this.name);
    this.#engine = engine;
    fs.writeFileSync(this.#file, recordOf(engine, owner), { mode: 0o600, flag: 'wx' });
  }

  /** Of all that the engine holds. */
  async remove(): Promise<void> {
    if (await removeAll(this.#engine, this.name)) fs.rmSync(this.#file, { force: true });
  }
}

/** Removes what sessions that were killed left with this engine. */
export async function sweepManagers(folder: string, engine: Engine): Promise<void> {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  for (const name of names) {
    const pid = pidOf(name);
    const file = path.join(folder, name);
    if (pid === undefined || isRunning(pid)) continue;
    const recorded = readRecord(file);
    if (recorded === undefined || !isWith(engine, recorded)) continue;
    if (await removeAll(engine, name)) fs.rmSync(file, { force: true });
  }
}
