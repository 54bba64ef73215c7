// A session's manager in; the bytes to and from its gate, as one stream, out.
import { Duplex } from 'node:stream';
import type { RecordedManager } from '../../sandbox/container/recorded-manager.ts';
import { CONNECTED, connectionError, WORD_MAX } from './relay-words.ts';
import { startRelay } from './start-relay.ts';

/** Milliseconds for the engine to start a program. */
const PATIENCE = 30_000;

/** @throws Error why there is none, with the system's `code` where the relay found one */
export async function openGateStream(manager: RecordedManager): Promise<Duplex> {
  const { child, failure } = startRelay(manager, 'gate');
  const { stdin, stdout } = child;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error('no answer in time')), PATIENCE);
  });
  let said = Buffer.alloc(0);
  const word = new Promise<string>((resolve) => {
    const look = (): void => {
      said = Buffer.concat([said, (stdout.read() as Buffer | null) ?? Buffer.alloc(0)]);
      const end = said.indexOf('\n');
      if (end < 0 && said.length < WORD_MAX) return;
      stdout.off('readable', look);
      if (end >= 0) stdout.unshift(said.subarray(end + 1));
      resolve(said.subarray(0, Math.max(end, 0)).toString());
    };
    stdout.on('readable', look);
  });
  try {
    const first = await Promise.race([word, failure, late]);
    if (first instanceof Error) throw first;
    if (first !== CONNECTED) throw connectionError(first);
    return Duplex.from({ readable: stdout, writable: stdin });
  } catch (error) {
    child.kill('SIGKILL');
    stdin.destroy();
    stdout.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
