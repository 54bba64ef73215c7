// Ports of a sandbox that the host can reach, with real programs on both sides.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPublished } from '../../src/journal/published.ts';
import { eventsOf, IDENTITIES, PERMISSIVE, Place, runLeash, sessionsOf } from '../fixtures/leash.ts';
import { ask, freePort, INSIDE, named, PublishingSession, serve } from '../fixtures/published.ts';
import { processOf, remains } from '../fixtures/session-processes.ts';

describe.each(IDENTITIES)('ports of %s', (as) => {
  let place: Place;
  let session: PublishingSession;
  beforeEach(() => {
    place = new Place(as);
    session = new PublishingSession(place);
  });
  afterEach(() => session.remove());

  it('a program inside is reached, half-closed as it is, and who came is recorded', async () => {
    const port = await freePort();
    const { end } = await session.start(['-p', `${port}:${INSIDE}`], serve('AF_INET', '127.0.0.1', INSIDE));
    const long = 'abc'.repeat(200_000);
    expect(await ask(port, long)).toBe(long.toUpperCase());
    const id = sessionsOf(place).at(-1) ?? '';
    expect(readPublished(path.join(place.home, '.local/state/leash/sessions', id))).toEqual([
      `127.0.0.1:${port}:${INSIDE}`,
    ]);
    expect((await session.stop(end)).status).toBe(0);
    expect(session.stderr).toContain(`port ${INSIDE} inside is published at 127.0.0.1:${port}`);
    const events = await eventsOf(place);
    expect(named(events, 'PortPublish')).toMatchObject([
      { resource: { name: `127.0.0.1:${port}` }, detail: { port: INSIDE }, effect: 'allow' },
    ]);
    expect(named(events, 'PortConnect')).toMatchObject([
      {
        who: { exe: expect.stringContaining('python3') },
        resource: { name: `127.0.0.1:${port}` },
        detail: {
          port: INSIDE,
          peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
          bytes_in: long.length,
          bytes_out: long.length,
        },
        effect: 'allow',
      },
    ]);
    expect(await ask(port, 'x')).toBe('ECONNREFUSED');
    expect(remains(place)).toEqual([]);
  });

  it('a program that listens on ::1 alone is reached, and on every address', async () => {
    const [six, any] = [await freePort(), await freePort()];
    const args = ['-p', `${six}:${INSIDE}`, '-p', `${any}:${INSIDE + 1}`];
    const { end } = await session.start(args, [
      'sh',
      '-c',
      `sleep inf | python3 serve.py AF_INET6 ::1 ${INSIDE} & python3 serve.py AF_INET 0.0.0.0 ${INSIDE + 1}`,
    ]);
    await expect.poll(() => ask(six, 'six'), { timeout: 50_000 }).toBe('SIX');
    await expect.poll(() => ask(any, 'any'), { timeout: 50_000 }).toBe('ANY');
    expect((await session.stop(end)).status).toBe(0);
  });

  it('commands are started beside an agent whose ports are in use, and neither holds up the other', async () => {
    const port = await freePort();
    const { end } = await session.start(['-p', `${port}:${INSIDE}`], serve('AF_INET', '127.0.0.1', INSIDE));
    const beside = async (n: number): Promise<string> => {
      const args = ['exec', '-i', 'latest', '--', 'cat'];
      const { stdout, stderr } = await runLeash(place, { command: [], args, input: `${n}`, journal: false });
      return `${stdout}${stderr}`;
    };
    const both = Array.from({ length: 6 }, async (_, n) => {
      const said = [beside(n), ...Array.from({ length: 20 }, () => ask(port, 'x'))];
      return (await Promise.all(said)).join('');
    });
    expect(await Promise.all(both)).toEqual(both.map((_, n) => `${n}${'X'.repeat(20)}`));
    expect((await session.stop(end)).status).toBe(0);
  });

  it('where nobody listens inside, the client is reset at once, and that is recorded', async () => {
    const port = await freePort();
    const { end } = await session.start(['-p', `${port}:${INSIDE + 1}`], serve('AF_INET', '127.0.0.1', INSIDE));
    expect(await ask(port, 'x')).toBe('ECONNRESET');
    await session.stop(end);
    expect(named(await eventsOf(place), 'PortConnect')).toMatchObject([{ error: 'ECONNREFUSED' }]);
  });

  it('an asked port that is taken ends it before anything starts', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as net.AddressInfo;
    try {
      const { status, stderr } = await runLeash(place, {
        policy: PERMISSIVE,
        args: ['-p', `${port}:${INSIDE}`],
        command: ['touch', 'started'],
      });
      expect(status).toBe(125);
      expect(stderr).toContain(
        `port ${INSIDE} cannot be published at 127.0.0.1:${port}: another program listens there`,
      );
      expect(sessionsOf(place)).toEqual([]);
      const automatic = await runLeash(place, { policy: PERMISSIVE, args: ['-p', String(port)], command: ['true'] });
      expect(automatic.status).toBe(0);
      expect(automatic.stderr).toMatch(
        new RegExp(`port ${port} inside is published at 127\\.0\\.0\\.1:(?!${port})\\d`),
      );
    } finally {
      taken.close();
    }
  });

  it('a program that reads nothing holds its client back, and loses nothing', async () => {
    const port = await freePort();
    const total = 48 << 20;
    place.write(
      'late.py',
      `import socket, sys
s = socket.socket(); s.bind(('127.0.0.1', ${INSIDE})); s.listen()
print('up', flush=True)
c = s.accept()[0]
sys.stdin.readline()
n = 0
while True:
    some = c.recv(1 << 20)
    if not some: break
    n += len(some)
c.sendall(str(n).encode()); c.close()
`,
    );
    const { end } = await session.start(['-p', `${port}:${INSIDE}`], ['python3', 'late.py']);
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let heard = '';
    socket.on('data', (chunk) => {
      heard += String(chunk);
    });
    socket.end(Buffer.alloc(total));
    let last = -1;
    // What the kernel and Leash take without a reader is far from all of it.
    while (last !== socket.bytesWritten - socket.writableLength) {
      last = socket.bytesWritten - socket.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const { pid } = processOf(place, 'leash')!;
    const held = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) << 10;
    expect(held).toBeLessThan(200 << 20);
    session.say();
    await once(socket, 'end');
    expect(heard).toBe(String(total));
    socket.destroy();
    expect((await end).status).toBe(0);
  });

  it('what a program says last arrives, and a client that reads nothing holds no session', async () => {
    const port = await freePort();
    place.write(
      'last.py',
      `import socket
s = socket.socket(); s.bind(('127.0.0.1', ${INSIDE})); s.listen()
print('up', flush=True)
deaf = s.accept()[0]
deaf.setblocking(False)
try:
    while True: deaf.send(bytes(1 << 16))
except BlockingIOError: pass
c = s.accept()[0]
c.sendall(b'x' * 3000000)
`,
    );
    const { end } = await session.start(['-p', `${port}:${INSIDE}`], ['python3', 'last.py']);
    const deaf = net.connect(port, '127.0.0.1').pause();
    deaf.on('error', () => undefined);
    await once(deaf, 'connect');
    expect(await ask(port, '')).toHaveLength(3_000_000);
    expect((await end).status).toBe(0);
    deaf.destroy();
  });

  it('with -P every port that a program listens on is published as it appears, and Leash’s own is not; no number is the agent’s choice', async () => {
    const first = await freePort();
    const { end } = await session.start(['-P'], serve('AF_INET', '0.0.0.0', first));
    const said = new RegExp(`port ${first} inside is published at 127\\.0\\.0\\.1:(\\d+)`);
    await expect.poll(() => session.stderr, { timeout: 50_000 }).toMatch(said);
    const port = Number(said.exec(session.stderr)?.[1]);
    // A client of another server, which is not up, does not meet the agent instead.
    expect(await ask(first, 'for another')).toBe('ECONNREFUSED');
    expect(port).toBeGreaterThanOrEqual(1024);
    expect(await ask(port, 'found')).toBe('FOUND');
    expect((await session.stop(end)).status).toBe(0);
    expect(session.stderr).not.toContain('15001');
    const published = named(await eventsOf(place), 'PortPublish');
    expect(published).toMatchObject([
      {
        resource: { name: `127.0.0.1:${port}` },
        detail: { port: first },
        who: { exe: expect.stringContaining('python3') },
      },
    ]);
  });

  it('with -P a port that -p names keeps the number that its user chose', async () => {
    const [chosen, other] = [await freePort(), INSIDE + 1];
    const command = serve('AF_INET', '127.0.0.1', INSIDE, other);
    const { end } = await session.start(['-P', '-p', `${chosen}:${INSIDE}`], command);
    await expect.poll(() => session.stderr, { timeout: 50_000 }).toContain(`port ${other} inside is published at`);
    expect(await ask(chosen, 'mine')).toBe('MINE');
    expect((await session.stop(end)).status).toBe(0);
    expect(session.stderr.match(/is published at/g)).toHaveLength(2);
  });
});
