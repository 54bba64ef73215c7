import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { LeashError } from '../../../src/host/errors.ts';
import type { Audience, Command, Ending } from '../../../src/schema/stage.ts';
import { FurtherCommands } from '../../../src/session/further-commands.ts';

const COMMAND: Command = { words: ['tool'], terminal: undefined, hasInput: true };
const ENDED = { id: 1, status: 0, error: 0 };

class Watcher implements Audience {
  written = '';
  ending: Ending | undefined;
  begun(): void {}
  output(bytes: Uint8Array): boolean {
    this.written += Buffer.from(bytes).toString();
    return true;
  }
  errors(bytes: Uint8Array): boolean {
    this.written += `!${Buffer.from(bytes).toString()}`;
    return true;
  }
  drained(): void {}
  ended(ending: Ending): void {
    this.ending = ending;
  }
}

const begin = (permit: (command: readonly string[]) => void = () => undefined) => {
  const orders: number[] = [];
  const commands = new FurtherCommands({ order: (frame) => orders.push(frame.readUInt16LE(4)) }, permit);
  return { orders, commands, watcher: new Watcher() };
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const stream = (): PassThrough & Socket => new PassThrough() as PassThrough & Socket;

test('it is over when the warden says so and all that it wrote has come', async () => {
  const { commands, watcher } = begin();
  commands.run(COMMAND, watcher);
  const [out, err] = [stream(), stream()];
  commands.take('out:1', out);
  commands.take('err:1', err);
  commands.ended({ ...ENDED, status: 4 });
  out.push('one ');
  err.push('two');
  await turn();
  expect(watcher.ending).toBeUndefined();
  out.push(null);
  err.push(null);
  await turn();
  expect([watcher.written, watcher.ending]).toEqual(['one !two', { status: 4 }]);
});

test.each([
  [2, 127, 'LEASH_COMMAND_NOT_FOUND'],
  [3, 125, 'LEASH_EXEC'],
  [13, 126, 'LEASH_COMMAND_NOT_EXECUTABLE'],
])('errno %d says why it was never run', (error, status, code) => {
  const { commands, watcher } = begin();
  commands.run(COMMAND, watcher);
  commands.ended({ ...ENDED, status: 126, error });
  expect(watcher.ending).toMatchObject({ status, failure: { code } });
});

test('what is denied is not ordered, and leaves room', () => {
  const { commands, orders, watcher } = begin(() => {
    throw new LeashError('LEASH_COMMAND_DENIED', 'no');
  });
  for (let n = 0; n < 20; n++) expect(() => commands.run(COMMAND, watcher)).toThrow('no');
  expect(orders).toEqual([]);
});

test('there is room for sixteen', () => {
  const { commands, orders, watcher } = begin();
  for (let n = 0; n < 16; n++) commands.run(COMMAND, watcher);
  expect(() => commands.run(COMMAND, watcher)).toThrow('16 further commands run already');
  expect(orders).toHaveLength(16);
});

test('with the session everything is over; streams of nobody are closed', () => {
  const { commands, watcher } = begin();
  commands.run(COMMAND, watcher);
  commands.end();
  expect(watcher.ending).toMatchObject({ status: 125, failure: { code: 'LEASH_SESSION_OVER' } });
  expect(() => commands.run(COMMAND, watcher)).toThrow('over');
  const late = stream();
  commands.take('out:1', late);
  expect(late.destroyed).toBe(true);
  commands.ended(ENDED);
});

test('who leaves hangs it up', () => {
  const { commands, orders, watcher } = begin();
  const program = commands.run(COMMAND, watcher);
  program.leave();
  expect(orders).toEqual([12, 14]);
  commands.ended(ENDED);
  expect(watcher.ending).toBeUndefined();
});
