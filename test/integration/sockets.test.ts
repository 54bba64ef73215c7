// What ordinary programs do with sockets, inside and outside: the same, but for what docs/decisions/0014-sockets.md names.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, PERMISSIVE, Place, POLICY, runLeash } from '../fixtures/leash.ts';

const SCRIPT = readFileSync(fileURLToPath(new URL('../fixtures/sockets.py', import.meta.url)));

/** A server's handle goes to a child over Node's own channel; the child answers the connection. */
const HANDLES = `
const { fork } = require('node:child_process');
const net = require('node:net');
if (process.argv[2] === 'child') {
  process.on('message', (_, server) => server.on('connection', (peer) => peer.end('from the child')));
} else {
  const child = fork(__filename, ['child']);
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    child.send('server', server, () => {
      server.close();
      net.connect(port, '127.0.0.1').on('data', (data) => console.log(String(data))).on('close', () => child.kill());
    });
  });
}`;

const DATAGRAM = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
for name in sys.argv[1:]:
    try:
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, name)
    except OSError as error:
        print(error.errno)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for send in (lambda: u.sendmsg([b'x'], [], 0, ('192.0.2.1', 4000)), lambda: u.sendto(b'x', ('192.0.2.2', 4000))):
    try:
        send()
    except OSError as error:
        print(error.errno)
`;

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  it.each([[[]], [['threads']]])('a Python program, %j', async (args: string[]) => {
    place.write('sockets.py', SCRIPT);
    const command = ['python3', 'sockets.py', ...args];
    const { uid, gid } = statSync(place.workspace);
    const { stdout: outside } = spawnSync('python3', command.slice(1), { cwd: place.workspace, uid, gid });
    const { stdout, stderr } = await runLeash(place, { policy: PERMISSIVE, command, args: ['-q'], journal: false });
    expect(stderr).toBe('');
    const expected = JSON.parse(outside.toString()) as Record<string, unknown>;
    expect(Object.keys(expected)).toHaveLength(27);
    // What the warden sends for a process with threads comes from no process of the sandbox.
    if (args.length > 0) expected['credentials'] = [false, true];
    expect(JSON.parse(stdout.toString())).toEqual(expected);
  });

  it('Node hands a server to its child', async () => {
    place.write('handles.cjs', HANDLES);
    const command = [process.execPath, 'handles.cjs'];
    const { stdout, stderr } = await runLeash(place, { policy: PERMISSIVE, command, args: ['-q'], journal: false });
    expect([stdout.toString(), stderr]).toEqual(['from the child\n', '']);
  });

  it('the resolver asks over a connected socket with sendmmsg', async () => {
    const policy = `${PERMISSIVE} permit(principal, action in [Action::"DnsResolve", Action::"NetConnect"], resource);`;
    const command = ['getent', 'ahosts', 'known.test'];
    const args = ['-q', '--resolve', 'known.test:443:127.0.0.1:9'];
    const { stdout, events } = await runLeash(place, { policy, command, args });
    expect(stdout.toString()).toContain('known.test');
    const resolved = events.filter((event) => event.action === 'DnsResolve');
    expect(resolved[0]).toMatchObject({
      resource: { name: 'known.test' },
      who: { exe: expect.stringMatching(/getent$/) as string },
    });
  });

  it('a datagram to a socket file is a write to it, one to an address a connection', async () => {
    place.write('send.py', DATAGRAM);
    place.write('vault/file', '');
    const command = ['python3', 'send.py', 'open.sock', 'vault/file', 'missing'];
    const { stdout, events } = await runLeash(place, { policy: POLICY, command, args: ['-q'] });
    expect(stdout.toString()).toBe('111\n2\n13\n13\n'); // ECONNREFUSED: no socket; ENOENT; EACCES twice
    const file = path.join(place.workspace, 'open.sock');
    const ofSocket = events.filter(({ resource }) => resource.type === 'path' && resource.path === file);
    expect(ofSocket.map(({ action, effect }) => [action, effect])).toEqual([
      ['FileCreate', 'allow'],
      ['FileWrite', 'allow'],
    ]);
    const sent = events.filter(({ action }) => action === 'NetConnect');
    expect(sent).toMatchObject(
      ['192.0.2.1', '192.0.2.2'].map((name) => ({
        resource: { type: 'host', name },
        effect: 'deny',
        detail: { protocol: 'udp', port: 4000 },
        error: 'EACCES',
      })),
    );
  });
});
