// UDP out of a sandbox, with real sockets on both sides: relayed where a permit speaks of it, refused at once where none does.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../src/schema/event.ts';
import { finished, IDENTITIES, PERMISSIVE, Place, runLeash, startLeash } from '../fixtures/leash.ts';

const DNS = '@id("names") permit(principal, action == Action::"DnsResolve", resource);';
const UDP = `@id("echo") permit(principal, action == Action::"NetConnect", resource)
when { resource in [Host::"echo.test", Host::"192.0.2.7"] && context.protocol == "udp" && context.port == 7 };`;
const WEB = '@id("web") permit(principal, action == Action::"NetConnect", resource == Host::"web.test");';
const POLICY = [PERMISSIVE, DNS, UDP, WEB].join('\n');

/** Each argument: `connect`, `send` or `both`, the host, the port and the family; prints the answer, or the name of the error. */
const CLIENT = `import errno, socket, sys
def ask(how, host, port, family):
    family = getattr(socket, family)
    address = socket.getaddrinfo(host, int(port), family, socket.SOCK_DGRAM)[0][4]
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.settimeout(20)
    if how == 'send':
        s.sendto(b'hello', address)
        answer, peer = s.recvfrom(100)
        assert peer[:2] == address[:2], peer
        return answer.decode()
    s.connect(address)
    s.send(b'hello')
    if how == 'both':
        s.sendmsg([b'hello'])
        s.recv(100)
    return s.recv(100).decode()
for what in sys.argv[1:]:
    try:
        print(ask(*what.split(',')), flush=True)
    except OSError as e:
        print(errno.errorcode.get(e.errno, e), flush=True)
`;

/** Says one line of its input after the other to the echo, from one connected socket. */
const TALKER = `import errno, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
s.connect(socket.getaddrinfo('echo.test', 7, socket.AF_INET, socket.SOCK_DGRAM)[0][4])
for line in iter(sys.stdin.readline, ''):
    try:
        s.send(line.strip().encode())
        print(s.recv(100).decode(), flush=True)
    except OSError as e:
        print(errno.errorcode.get(e.errno, e), flush=True)
`;

let echo: dgram.Socket;
let received: string[] = [];
beforeAll(async () => {
  echo = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(echo, 'listening');
  echo.on('message', (bytes, from) => {
    received.push(bytes.toString());
    echo.send(bytes.toString().toUpperCase(), from.port, from.address);
  });
});
afterAll(() => void echo.close());

const connections = (events: readonly Event[]): readonly Event[] =>
  events.filter(({ action }) => action === 'NetConnect');

describe.each(IDENTITIES)('datagrams of %s', (as) => {
  let place: Place;
  beforeEach(() => {
    received = [];
    place = new Place(as);
    place.write('client.py', CLIENT);
    place.write('talker.py', TALKER);
  });
  afterEach(() => place.remove());

  const args = (): string[] => {
    const to = `127.0.0.1:${echo.address().port}`;
    const names = ['echo.test:7', 'echo.test:8', 'web.test:443', '192.0.2.7:7', '192.0.2.7:8'];
    return ['-q', ...names.flatMap((name) => ['--resolve', `${name}:${to}`])];
  };
  const run = (asked: readonly string[], policy = POLICY, mode: 'enforce' | 'record' = 'enforce') =>
    runLeash(place, { policy, mode, command: ['python3', 'client.py', ...asked], args: args() });

  it('to a permitted name or address pass, of connected sockets and others, over IPv4 and IPv6', async () => {
    const asked = ['connect', 'send', 'both'].flatMap((how) => [
      `${how},echo.test,7,AF_INET`,
      `${how},echo.test,7,AF_INET6`,
      `${how},192.0.2.7,7,AF_INET`,
    ]);
    const { stdout, stderr, events } = await run(asked);
    expect(stderr).toBe('');
    expect(stdout.toString()).toBe('HELLO\n'.repeat(9));
    const flows = connections(events);
    expect(flows).toHaveLength(9);
    for (const flow of flows)
      expect(flow).toMatchObject({
        effect: 'allow',
        policies: ['echo'],
        who: { exe: expect.stringContaining('python') as string },
        detail: { port: 7, protocol: 'udp' },
      });
    expect(flows.map(({ detail }) => detail?.['bytes_out']).sort()).toEqual([10, 10, 10, 5, 5, 5, 5, 5, 5]);
    expect(flows.map(({ resource }) => 'name' in resource && resource.name)).toContain('192.0.2.7');
  });

  it('are refused at once elsewhere, with an event: another port, QUIC, an address, the resolver of others', async () => {
    const asked = [
      ...['connect,echo.test,8,AF_INET', 'send,echo.test,8,AF_INET', 'connect,echo.test,8,AF_INET6'],
      ...['connect,web.test,443,AF_INET', 'send,web.test,443,AF_INET'],
      ...[
        'connect,192.0.2.7,8,AF_INET',
        'connect,10.0.0.1,7,AF_INET',
        'connect,10.255.255.1,7,AF_INET',
        'connect,127.0.0.1,15001,AF_INET',
      ],
    ];
    const { stdout, events } = await run(asked);
    const expected = ['ECONNREFUSED', 'EACCES', 'ECONNREFUSED', 'ECONNREFUSED', 'EACCES'];
    expect(stdout.toString().trim().split('\n')).toEqual([...expected, ...Array(4).fill('ECONNREFUSED')]);
    expect(received).toEqual([]);
    const refused = connections(events);
    expect(refused.map(({ error }) => error)).toEqual([...expected, ...Array(4).fill('ECONNREFUSED')]);
    expect(refused.every(({ effect, enforced }) => effect === 'deny' && enforced)).toBe(true);
    expect(refused[3]).toMatchObject({
      resource: { name: 'web.test' },
      policies: [],
      reason: expect.stringMatching(/context\.protocol/) as string,
    });
  });

  it('are judged by the program that sends them', async () => {
    const policy = `${[PERMISSIVE, DNS].join('\n')}
@id("not-python") permit(principal, action == Action::"NetConnect", resource == Host::"echo.test")
when { context.protocol == "udp" } unless { context.proc.exe.name like "python*" };`;
    const { stdout } = await run(['connect,echo.test,7,AF_INET', 'send,echo.test,7,AF_INET'], policy);
    expect(stdout.toString()).toBe('ECONNREFUSED\nEACCES\n');
    expect(received).toEqual([]);
  });

  it('pass where nothing is stopped, and QUIC does not', async () => {
    const asked = ['connect,echo.test,8,AF_INET', 'send,192.0.2.7,8,AF_INET', 'connect,web.test,443,AF_INET'];
    const { stdout, events } = await run(asked, [PERMISSIVE, DNS].join('\n'), 'record');
    expect(stdout.toString()).toBe('HELLO\nHELLO\nECONNREFUSED\n');
    const seen = connections(events);
    expect(seen.filter(({ enforced }) => !enforced)).toMatchObject([{ detail: { port: 8 } }, { detail: { port: 8 } }]);
    expect(seen.filter(({ enforced }) => enforced)).toMatchObject([{ detail: { port: 443 }, effect: 'deny' }]);
  });

  it('are judged again after a reload', async () => {
    const file = path.join(place.root, 'policy.cedar');
    const child = startLeash(place, { policy: POLICY, command: ['python3', 'talker.py'], args: args().slice(1) });
    const end = finished(child);
    const lines: string[] = [];
    child.stdout?.on('data', (bytes: Buffer) => lines.push(...bytes.toString().trim().split('\n')));
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    child.stdin?.write('before\n');
    await expect.poll(() => lines, { timeout: 50_000 }).toEqual(['BEFORE']);
    writeFileSync(file, [PERMISSIVE, DNS, WEB].join('\n'));
    await expect.poll(() => said, { timeout: 50_000 }).toMatch(/policy/);
    child.stdin?.write('after\n');
    await expect.poll(() => lines.at(-1), { timeout: 50_000 }).toBe('ECONNREFUSED');
    child.stdin?.end();
    await end;
    expect(received).toEqual(['before']);
  });
});
