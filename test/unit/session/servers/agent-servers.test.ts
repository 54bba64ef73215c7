import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import type { ServerEnd } from '../../../../src/engine/handles.ts';
import { ProcessTable } from '../../../../src/engine/process-table.ts';
import { OPERATION } from '../../../../src/engine/wire-layout.ts';
import type { WireEvent } from '../../../../src/engine/wire-record.ts';
import type { StdioEnds, StdioServer } from '../../../../src/proxy/mcp/stdio/stdio-relay.ts';
import { AgentServers, type Named } from '../../../../src/session/servers/agent-servers.ts';
import { OwnPrograms } from '../../../../src/session/servers/own-programs.ts';

const ENDS: readonly ServerEnd[] = ['from-client', 'to-client', 'from-server', 'to-server'];

function lab(named: Named | undefined = { name: 'notes', declared: 'settings' }, fails = false) {
  const processes = new ProcessTable();
  const relays: { ends: StdioEnds; server: StdioServer; end: () => void }[] = [];
  const servers = new AgentServers({
    areExpected: true,
    nameOf: ([program]) => (program === 'notes' ? named : undefined),
    processes,
    own: new OwnPrograms(processes, undefined),
    relay: (ends, server) => {
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      relays.push({ ends, server, end });
      if (fails) return Promise.reject(new Error('it cannot be loaded'));
      return Promise.resolve({ ended, destroy: end });
    },
  });
  const learn = (process: {
    pid: number;
    parent?: number;
    exe?: string;
    line: number;
    lineUp?: number;
    server?: number;
  }) => {
    const whole = { parent: 1, hostPid: 9, uid: 0, exe: '/bin/agent', argv: [], lineUp: 0, server: 0, ...process };
    processes.learn(whole);
    servers.learn(whole);
  };
  learn({ pid: 2, line: 1 });
  learn({ pid: 3, parent: 2, line: 2, lineUp: 1 });
  const asks = (argv: readonly string[], line = 1): number | undefined =>
    servers.answer({
      pid: 3,
      line,
      operation: OPERATION.serve,
      path2: argv.map((word) => `${word}\0`).join(''),
    } as WireEvent);
  return { servers, processes, relays, learn, asks };
}

const socket = () => new PassThrough() as never;

test('a declared server gets a number, its four ends a relay, and what comes of it is marked', async () => {
  const { servers, relays, learn, asks, processes } = lab();
  expect(asks(['cat'])).toBeUndefined();
  expect(asks(['notes', '--all'])).toBe(1);
  for (const end of ENDS) servers.take(1, end, socket());
  await Promise.resolve();
  expect(relays).toMatchObject([
    { server: { name: 'notes', via: 'mcp:notes', attribution: { who: { pid: 2, exe: '/bin/agent' } } } },
  ]);
  learn({ pid: 3, line: 7, lineUp: 1, exe: '/bin/notes', server: 1 });
  expect(processes.who(3).via).toBe('mcp:notes');
  expect(processes.program({ pid: 3, line: 7 })?.via).toBe('mcp:notes');
  expect(processes.program({ pid: 2, line: 1 })).not.toHaveProperty('via');
});

test.each([
  ['settings', 1, 'mcp:notes'],
  ['settings', 2, 'mcp:?notes'],
  ['workspace', 1, 'mcp:./notes'],
  ['workspace', 2, 'mcp:?notes'],
  [undefined, 1, 'mcp:?notes'],
] as const)('declared in %s and started by line %i it is %s', (declared, line, via) => {
  const { asks, learn, processes } = lab({ name: 'notes', declared });
  const number = asks(['notes'], line);
  learn({ pid: 3, line: 9, lineUp: 1, server: number ?? 0 });
  expect(processes.who(3).via).toBe(via);
});

test('two at once are two; the number of one that ended is used again by the same', async () => {
  const { servers, relays, asks } = lab();
  const start = (number: number): void => {
    for (const end of ENDS) servers.take(number, end, socket());
  };
  expect([asks(['notes']), asks(['notes'])]).toEqual([1, 2]);
  start(1);
  await Promise.resolve();
  relays[0]?.end();
  await new Promise(setImmediate);
  expect([asks(['notes']), asks(['notes'])]).toEqual([1, 3]);
});

test('ends that nobody asked about, or that come after the end, are closed', async () => {
  const { servers, asks } = lab();
  const [stray, late] = [new PassThrough(), new PassThrough()];
  servers.take(5, 'to-client', stray as never);
  expect(stray.destroyed).toBe(true);
  asks(['notes']);
  await servers.end();
  servers.take(1, 'to-client', late as never);
  expect(late.destroyed).toBe(true);
  expect(asks(['notes'])).toBeUndefined();
});

test('the end waits for relays, and closes what never became one', async () => {
  const { servers, relays, asks } = lab();
  asks(['notes']);
  asks(['notes']);
  for (const end of ENDS) servers.take(1, end, socket());
  const half = new PassThrough();
  servers.take(2, 'to-client', half as never);
  await Promise.resolve();
  let isOver = false;
  const ended = servers.end().then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  expect([isOver, half.destroyed]).toEqual([false, true]);
  relays[0]?.end();
  await ended;
  expect(isOver).toBe(true);
});

test('where nothing can be carried both see the end, and the next one is tried', async () => {
  const { servers, asks } = lab(undefined, true);
  asks(['notes']);
  const ends = ENDS.map((end) => {
    const stream = new PassThrough();
    servers.take(1, end, stream as never);
    return stream;
  });
  await new Promise(setImmediate);
  expect(ends.map(({ destroyed }) => destroyed)).toEqual([true, true, true, true]);
  expect(asks(['notes'])).toBe(1);
});

test('a relay that does not end by itself is ended', async () => {
  vi.useFakeTimers();
  try {
    const { servers, asks } = lab();
    asks(['notes']);
    for (const end of ENDS) servers.take(1, end, socket());
    await vi.advanceTimersByTimeAsync(0);
    const ended = servers.end();
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
  } finally {
    vi.useRealTimers();
  }
});
