// A session without a network, with a policy that permits all of it: nothing leaves in any mode.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

describe.each(IDENTITIES)('a session of %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  it.each(['enforce', 'shadow', 'record'] as const)('with --no-network nothing leaves in %s mode', async (mode) => {
    const outside = net.createServer((socket) => socket.end('OUT')).listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const { port } = outside.address() as net.AddressInfo;
    const permit =
      '@id("all") permit(principal, action in [Action::"DnsResolve", Action::"NetworkConnect"], resource);';
    writeFileSync(path.join(place.root, 'net.cedar'), `${PERMISSIVE}\n${permit}`);
    place.write(
      'out.py',
      `import errno, socket
def attempt(act):
    try: return act() or 'done'
    except socket.gaierror as e: return 'no name'
    except OSError as e: return errno.errorcode.get(e.errno, str(e))
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print(attempt(lambda: socket.create_connection(s.getsockname()) and None),
      attempt(lambda: socket.getaddrinfo('web.test', 80)),
      attempt(lambda: socket.getaddrinfo('host.leash.internal', ${port})),
      attempt(lambda: socket.create_connection(('192.0.2.1', ${port}))),
      attempt(lambda: socket.create_connection(('198.18.0.1', ${port}))),
      attempt(lambda: udp.sendto(b'x', ('192.0.2.1', 53001))))
`,
    );
    const args = [
      '--no-network',
      '--resolve',
      `192.0.2.1:127.0.0.1:${port}`,
      '--resolve',
      `web.test:127.0.0.1:${port}`,
    ];
    const policy = ['--policy', path.join(place.root, 'net.cedar')];
    const { stdout, events } = await runLeash(place, {
      mode,
      args: [...args, ...policy],
      command: ['python3', 'out.py'],
    });
    outside.close();
    expect(stdout.toString()).toBe('done no name no name EACCES EACCES EACCES\n');
    const refused = events.filter(({ action }) => action === 'DnsResolve' || action === 'NetConnect');
    expect(refused.length).toBeGreaterThanOrEqual(5);
    for (const event of refused)
      expect(event).toMatchObject({ effect: 'deny', enforced: true, policies: ['no-network'] });
  });
});
