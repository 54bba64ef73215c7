// Datagrams of an agent that wants them out: from the port of a permitted program, through Leash's own socket, after Leash was killed.
import type { ChildProcess } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, PERMISSIVE, Place, runLeash, startLeash } from '../fixtures/leash.ts';
import { killRole, killSession, remains } from '../fixtures/session-processes.ts';

const NAMES = `${PERMISSIVE} @id("names") permit(principal, action == Action::"DnsResolve", resource);`;
const ANYBODY = `${NAMES} @id("udp") permit(principal, action == Action::"NetConnect", resource == Host::"echo.test")
when { context.protocol == "udp" };`;
const ONE_PROGRAM = ANYBODY.replace(' };', ' && context.proc.exe.name == "permitted" };');

/** Sends a datagram each millisecond, and to Leash's own socket when it is told its port. */
const TALKER = `import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(socket.getaddrinfo('echo.test', 7, socket.AF_INET, socket.SOCK_DGRAM)[0][4])
while True:
    try:
        s.send(b'alive')
    except OSError:
        pass
    time.sleep(0.001)
`;

let attacks: Attacks;
let echo: dgram.Socket;
let received: string[] = [];
beforeAll(async () => {
  attacks = new Attacks(['borrow-port']);
  echo = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(echo, 'listening');
  echo.on('message', (bytes, from) => {
    received.push(bytes.toString());
    echo.send(bytes, from.port, from.address);
  });
});
afterAll(() => {
  attacks.remove();
  echo.close();
});

describe.each(IDENTITIES)('datagrams of a hostile agent, as %s', { timeout: 240_000 }, (as) => {
  let place: Place;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    received = [];
    place = new Place(as);
    attacks.put(place, 'borrow-port');
    attacks.put(place, 'borrow-port', 'permitted');
    place.write('talker.py', TALKER);
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    killSession(place);
    place.remove();
  });

  const args = (): string[] => ['--resolve', `echo.test:7:127.0.0.1:${echo.address().port}`];
  const script = `for round in 1 2 3; do ./permitted use echo.test 7 4567 || exit 9; ./borrow-port borrow echo.test 7 4567; done; echo over`;

  it('do not leave from the port that a permitted program had, however fast they are sent', async () => {
    const run = (policy: string) =>
      runLeash(place, { policy, command: ['sh', '-c', script], args: ['-q', ...args()], journal: false });
    const { stdout, stderr } = await run(ONE_PROGRAM);
    expect([stdout.toString(), stderr]).toEqual(['over\n', '']);
    expect(new Set(received)).toEqual(new Set(['fair']));
    await run(ANYBODY); // what stops them is the policy
    expect(received).toContain('stolen');
  });

  it('do not leave when Leash was killed', async () => {
    for (const role of ['leash', 'warden'] as const) {
      received = [];
      child = startLeash(place, { policy: ANYBODY, command: ['python3', 'talker.py'], args: args() });
      child.stdout?.resume();
      child.stderr?.resume();
      await expect.poll(() => received.length, { timeout: 50_000 }).toBeGreaterThan(10);
      killRole(place, role);
      await expect.poll(() => remains(place), { timeout: 50_000 }).toEqual([]);
      await sleep(50); // what had come before is read
      const last = received.length;
      await sleep(100);
      expect(received.length).toBe(last);
    }
  });
});
