// The command line of an agent that is to be left alone in; its session's id on standard output, once it runs, or why it does not, out.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { EXIT, LeashError } from '../../host/errors.ts';
import { makeFolder } from '../../host/make-folder.ts';
import { stateDir } from '../../host/paths.ts';
import type { Size } from '../../schema/stage.ts';
import type { RunArgs } from '../run-args.ts';
import { print, say } from '../terminal.ts';
import { ownSize } from '../visit/own-terminal.ts';

const MANAGER = fileURLToPath(new URL('manager.js', import.meta.url));

/** Where the manager writes the session's id as soon as the agent runs. */
export const BEGUN_DESCRIPTOR = 3;

/** To the manager: JSON, its first word. */
export interface Charge {
  readonly size: Size | null;
  /** Where its standard error goes; it moves it into the session's folder. */
  readonly complaints: string;
}

function openComplaints(): { readonly file: string; readonly fd: number } {
  const folder = stateDir();
  try {
    makeFolder(folder);
    const file = path.join(folder, `starting-${randomBytes(8).toString('hex')}`);
    return { file, fd: fs.openSync(file, 'wx+', 0o600) };
  } catch (cause) {
    throw noPlace(folder, cause);
  }
}

function noPlace(folder: string, cause: unknown): LeashError {
  const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new LeashError('LEASH_JOURNAL_WRITE', `cannot write to ${folder} (${why})`, { cause });
}

/** A manager that could write nothing down had no room for it; it cannot have been anything else for which it ended so. */
function requireRoom(complaints: Buffer, fd: number): void {
  if (complaints.length > 0) return;
  try {
    fs.writeSync(fd, '\n');
  } catch (cause) {
    throw noPlace(stateDir(), cause);
  }
}

/** What the manager wrote; the file goes. */
function takeComplaints(file: string, fd: number): Buffer {
  try {
    const text = fs.readFileSync(file);
    requireRoom(text, fd);
    return text;
  } finally {
    fs.closeSync(fd);
    fs.rmSync(file, { force: true });
  }
}

/** The session's id, or the exit status of a manager that had none. */
function begin(complaints: string, fd: number): Promise<string | number> {
  const isInteractive = process.stdin.isTTY && process.stdout.isTTY;
  const charge: Charge = { size: (isInteractive && ownSize()) || null, complaints };
  // After `--` Node takes no word of the user's for an option of its own (--env-file).
  const manager = spawn(
    process.execPath,
    [...process.execArgv, '--', MANAGER, JSON.stringify(charge), ...process.argv.slice(2)],
    { detached: true, stdio: ['ignore', fd, fd, 'pipe'] },
  );
  const begun = manager.stdio[BEGUN_DESCRIPTOR] as Readable;
  return new Promise((resolve, reject) => {
    let session = '';
    manager.once('error', reject);
    manager.once('exit', (status) => resolve(status ?? EXIT.leash));
    begun.on('data', (text: Buffer) => {
      session += text.toString();
      if (!session.endsWith('\n')) return;
      begun.destroy();
      manager.unref();
      resolve(session.trimEnd());
    });
  });
}

/** @throws {LeashError} LEASH_JOURNAL_WRITE */
export async function detach({ quiet }: RunArgs): Promise<number> {
  const { file, fd } = openComplaints();
  let outcome: string | number;
  try {
    outcome = await begin(file, fd);
  } catch (cause) {
    takeComplaints(file, fd);
    throw new LeashError('LEASH_HOST_EXHAUSTED', `the session cannot be started: ${String(cause)}`, { cause });
  }
  if (typeof outcome === 'number') {
    process.stderr.write(takeComplaints(file, fd));
    return outcome;
  }
  fs.closeSync(fd);
  await print(outcome);
  if (!quiet && process.stderr.isTTY) say(`leash: come back to it with  leash attach ${outcome}`);
  return EXIT.ok;
}
