// A session's manager and which socket of its is meant in; the engine's client that carries it, with the program's last words, out.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { firstLine } from '../../host/doctor/run-program.ts';
import { type RecordedManager, relayCommand } from '../../sandbox/container/recorded-manager.ts';

const COMPLAINT_MAX = 4_096;

export interface Relay {
  readonly child: ChildProcessWithoutNullStreams;
  /** Why it did not come about, once it has ended. */
  readonly failure: Promise<Error>;
}

/** No terminal's keys reach it, and no folder that an agent writes in is its own. It ends with its standard input. */
export function startRelay(manager: RecordedManager, socket: 'door' | 'gate'): Relay {
  const [program = '', ...words] = relayCommand(manager, socket);
  const child = spawn(program, words, { cwd: '/', env: manager.env as NodeJS.ProcessEnv, detached: true });
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => {
    if (complaint.length < COMPLAINT_MAX) complaint += bytes.toString();
  });
  child.stdin.on('error', () => undefined); // its end follows
  const failure = new Promise<Error>((resolve) => {
    child.once('error', resolve);
    child.once('close', () => resolve(new Error(firstLine(complaint) || `${manager.engine} ended`)));
  });
  return { child, failure };
}
