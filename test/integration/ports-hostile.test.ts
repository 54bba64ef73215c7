// What an agent, or too many clients, can make of published ports; and what is left of them when a process is killed.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processIdentity } from '../../src/journal/owner.ts';
import { eventsOf, IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';
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

  it('no more than 256 connections are open at a time; those above are reset and recorded', async () => {
    const port = await freePort();
    const { end } = await session.start(['-p', `${port}:${INSIDE}`], serve('AF_INET', '127.0.0.1', INSIDE));
    const open: net.Socket[] = [];
    let reset = 0;
    for (let i = 0; i < 300; i++) {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {
        reset++;
      });
      open.push(socket);
    }
    await expect.poll(() => reset, { timeout: 50_000 }).toBe(300 - 256);
    for (const socket of open) socket.destroy();
    await expect.poll(() => ask(port, 'again'), { timeout: 50_000 }).toBe('AGAIN');
    await session.stop(end);
    const refused = named(await eventsOf(place), 'PortConnect').filter(({ effect }) => effect === 'deny');
    expect(refused.length).toBeGreaterThanOrEqual(300 - 256);
    expect(refused[0]?.reason).toBe('256 connections to published ports are open already');
  });

  it('an agent that kills all it can, then listens again, is still reached; nothing of Leash is among it', async () => {
    const port = await freePort();
    place.write(
      'killer.py',
      `import os, sys
seen = [open('/proc/%s/comm' % p).read().strip() for p in os.listdir('/proc') if p.isdigit()]
open('seen', 'w').write(' '.join(seen))
try: os.kill(-1, 9)
except OSError: pass
os.execvp('python3', ['python3', 'serve.py', 'AF_INET', '127.0.0.1', '${INSIDE}'])
`,
    );
    const { end } = await session.start(['-p', `${port}:${INSIDE}`], ['python3', 'killer.py']);
    expect(await ask(port, 'alive')).toBe('ALIVE');
    expect(readFileSync(path.join(place.workspace, 'seen'), 'utf8')).not.toContain('leash-warden');
    expect((await session.stop(end)).status).toBe(0);
  });

  it('an accepted connection is no way out: taken apart, it is judged like any other', async () => {
    const port = await freePort();
    const outside = net.createServer((socket) => socket.end('OUT')).listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const { port: target } = outside.address() as net.AddressInfo;
    place.write(
      'apart.py',
      `import ctypes, errno, socket, struct
s = socket.socket(); s.bind(('127.0.0.1', ${INSIDE})); s.listen()
print('up', flush=True)
c = s.accept()[0]
libc = ctypes.CDLL(None, use_errno=True)
def connect(address):
    return errno.errorcode.get(ctypes.get_errno(), '0') if libc.connect(c.fileno(), address, 16) else 'connected'
unspec = connect(struct.pack('H14x', socket.AF_UNSPEC))
def to(ip, port): return connect(struct.pack('=H', socket.AF_INET) + struct.pack('!H', port) + socket.inet_aton(ip) + bytes(8))
print(unspec, to('192.0.2.1', 80), to('127.0.0.1', ${target}), flush=True)
`,
    );
    const { end } = await session.start(['-p', `${port}:${INSIDE}`], ['python3', 'apart.py']);
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    const { stdout } = await end;
    socket.destroy();
    outside.close();
    // The host's loopback is not the sandbox's: nobody listens there.
    expect(stdout.toString()).toMatch(/^up\nconnected EACCES E(CONNREFUSED|ISCONN|INVAL)\n$/);
    const events = await eventsOf(place);
    expect(named(events, 'NetConnect')).toMatchObject([{ resource: { name: '192.0.2.1' }, effect: 'deny' }]);
  });

  it('ports below 1024 are not the agent’s, whatever the warden may over the sandbox’s network', async () => {
    place.write(
      'low.py',
      `import errno, socket
def bind(family, address, kind, port):
    try: socket.socket(family, kind).bind((address, port)); return 'bound'
    except OSError as e: return errno.errorcode[e.errno]
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    print(bind(socket.AF_INET, '127.0.0.1', kind, 80), bind(socket.AF_INET6, '::', kind, 1023), bind(socket.AF_INET, '', kind, 1024))
`,
    );
    const { stdout } = await runLeash(place, { policy: PERMISSIVE, command: ['python3', 'low.py'] });
    expect(stdout.toString()).toBe('EACCES EACCES bound\n'.repeat(2));
  });

  it('all ends when the process that dials is killed', async () => {
    const port = await freePort();
    const { end } = await session.start(['-p', `${port}:${INSIDE}`], serve('AF_INET', '127.0.0.1', INSIDE));
    const warden = processOf(place, 'warden');
    const children = readFileSync(`/proc/${warden?.pid}/task/${warden?.pid}/children`, 'utf8').trim().split(' ');
    const dialer = children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'leash-warden');
    expect(dialer).toBeDefined();
    const status = readFileSync(`/proc/${dialer}/status`, 'utf8');
    expect(status).toMatch(/^CapPrm:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    process.kill(Number(dialer), 'SIGKILL');
    const { status: exit, stderr } = await end;
    expect(exit).toBe(125);
    expect(stderr).toContain('the process that reaches published ports ended');
    expect(await ask(port, 'x')).toBe('ECONNREFUSED');
    expect(remains(place)).toEqual([]);
  });

  it.each(['leash', 'warden', 'agent'] as const)('nothing of the ports is left when %s is killed', async (role) => {
    const port = await freePort();
    const { end } = await session.start(['-p', `${port}:${INSIDE}`], serve('AF_INET', '127.0.0.1', INSIDE));
    const held = net.connect(port, '127.0.0.1');
    const closed = new Promise((resolve) => held.on('close', resolve));
    held.on('error', () => undefined);
    const warden = processOf(place, 'warden')!.pid;
    const children = readFileSync(`/proc/${warden}/task/${warden}/children`, 'utf8').trim().split(' ');
    process.kill(processOf(place, role)!.pid, 'SIGKILL');
    await end;
    await closed;
    await expect.poll(() => ask(port, 'x'), { timeout: 50_000 }).toBe('ECONNREFUSED');
    await expect.poll(() => remains(place), { timeout: 50_000 }).toEqual([]);
    const living = (pid: string): boolean => processIdentity(Number(pid)) !== undefined;
    await expect.poll(() => children.filter(living), { timeout: 50_000 }).toEqual([]);
  });

  it('with -P an agent that listens on many ports gets 32 of the host’s, and one line', async () => {
    const many = Array.from({ length: 80 }, (_, i) => 21_000 + i);
    const { end } = await session.start(['-P'], serve('AF_INET', '127.0.0.1', ...many));
    await expect.poll(() => session.stderr, { timeout: 50_000 }).toContain('no further one is published');
    await session.stop(end);
    expect(session.stderr.match(/is published at/g)).toHaveLength(32);
  });
});
