import { Duplex, PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Audience, Ending } from '../../../src/schema/stage.ts';
import { AgentStream } from '../../../src/session/agent-stream.ts';

class Watcher implements Audience {
  readonly said: string[] = [];
  begun(isTerminal: boolean): void {
    this.said.push(`begun ${isTerminal}`);
  }
  output(bytes: Uint8Array): boolean {
    this.said.push(Buffer.from(bytes).toString());
    return false;
  }
  errors(): boolean {
    throw new Error('not expected');
  }
  drained(): void {
    this.said.push('drained');
  }
  ended(ending: Ending): void {
    this.said.push(`ended ${ending.status}`);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('everybody sees what was and what comes; who left sees no more; nobody is waited for', async () => {
  const stream = new PassThrough();
  const orders: unknown[] = [];
  const agent = new AgentStream(stream, false, { resize: () => orders.push('resize'), signal: (n) => orders.push(n) });
  const [one, two, late] = [new Watcher(), new Watcher(), new Watcher()];
  const first = agent.attach(one, undefined);
  stream.write('a\n');
  await turn();
  const second = agent.attach(two, { rows: 1, columns: 2 });
  second.leave();
  stream.write('b\n');
  await turn();
  first.signal(15);
  expect(first.input(Buffer.from('nobody reads this'))).toBe(true);
  agent.end({ status: 3 });
  agent.attach(late, undefined);
  expect(one.said).toEqual(['begun false', '', 'a\n', 'b\n', 'ended 3']);
  expect(two.said).toEqual(['begun false', 'a\n']);
  expect(late.said).toEqual(['begun false', 'a\nb\n', 'ended 3']);
  expect(orders).toEqual([15]);
  expect(agent.kept().toString()).toBe('a\nb\n');
});

test('a terminal is resized and typed into', () => {
  const stream = new Duplex({ read: () => undefined, write: () => undefined });
  const sizes: unknown[] = [];
  const agent = new AgentStream(stream, true, { resize: (size) => sizes.push(size), signal: () => undefined });
  const program = agent.attach(new Watcher(), { rows: 5, columns: 6 });
  expect(sizes).toEqual([{ rows: 5, columns: 6 }]);
  expect(program.input(Buffer.from('keys'))).toBe(true);
  expect(program.input(Buffer.alloc(1 << 20))).toBe(false);
});
