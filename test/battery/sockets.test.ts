// Ways around the mediation of sockets: names in messages, descriptors that change, the warden's own authority, Leash's listeners.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import {
  eventsOf,
  finished,
  IDENTITIES,
  leashCommand,
  PERMISSIVE,
  Place,
  POLICY,
  runLeash,
} from '../fixtures/leash.ts';

const PROGRAMS = ['inbox', 'reach-socket', 'race-message', 'race-rights', 'change-network', 'take-listeners', 'dial'];
const NET = `${PERMISSIVE} permit(principal, action == Action::"NetConnect", resource);`;

/** A socket of this network namespace becomes the input of a command. */
const GIVE_INPUT = `import os, socket, sys
families = {'stream': (socket.AF_INET, socket.SOCK_STREAM), 'datagram': (socket.AF_INET, socket.SOCK_DGRAM), 'unix': (socket.AF_UNIX, socket.SOCK_DGRAM)}
s = socket.socket(*families[sys.argv[1]])
os.dup2(s.fileno(), 0)
os.execvp(sys.argv[2], sys.argv[2:])
`;

/** Uses it for an address of its own network: loopback, or an abstract name. */
const USE_INPUT = `import socket, sys
s = socket.socket(fileno=0)
address = ('127.0.0.1', int(sys.argv[2]))
try:
    if sys.argv[1] == 'stream':
        s.connect(address)
        print(s.recv(99).decode())
    elif sys.argv[1] == 'datagram':
        s.sendto(b'x', address)
        print('sent')
    else:
        s.sendmsg([b'x'], [], 0, '\\0nobody-has-this-name')
except PermissionError:
    print('denied')
except ConnectionRefusedError:
    print('refused')
`;

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(PROGRAMS);
});
afterAll(() => attacks.remove());

type Outcomes = Readonly<Record<string, string>>;

function outcomesOf(stdout: Buffer): Outcomes {
  const lines = stdout.toString().trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(' ', 2) as [string, string]));
}

/** The same outcome for each of the names. */
function all(names: Iterable<string>, outcome: string): Outcomes {
  return Object.fromEntries([...names].map((name) => [name, outcome]));
}

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    for (const name of PROGRAMS) attacks.put(place, name);
    place.write('vault/file', '');
  });
  afterEach(() => place.remove());

  const inWorkspace = (name: string): string => path.join(place.workspace, name);
  const run = async (policy: string, command: readonly string[]): Promise<Buffer> => {
    const { stdout, stderr } = await runLeash(place, { policy, command, journal: false });
    expect(stderr).not.toContain('LEASH_');
    return stdout;
  };

  /** Socket files outside the sandbox: what arrived at the forbidden one while `attack` ran, and what the attack returned. */
  const withInboxes = async <T>(
    attack: (permitted: string, forbidden: string) => Promise<T>,
  ): Promise<[string[], T]> => {
    const paths = [inWorkspace('permitted'), inWorkspace('vault/forbidden')] as const;
    const { uid, gid } = statSync(place.workspace);
    const inbox: ChildProcess = spawn(inWorkspace('inbox'), paths, { uid, gid, stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      let text = '';
      inbox.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await expect.poll(() => text, { timeout: 50_000 }).toBe('ready\n');
      const result = await attack(...paths);
      inbox.stdin?.end();
      await once(inbox, 'close');
      const arrived = text.split('\n').filter((line) => line.startsWith(`${paths[1]} `));
      return [arrived.map((line) => line.slice(paths[1].length + 1)), result];
    } finally {
      inbox.kill('SIGKILL');
      for (const file of paths) spawnSync('rm', ['-f', file]);
    }
  };

  it('reach-socket', async () => {
    const attack = (policy: string) => (permitted: string, forbidden: string) =>
      run(policy, ['./reach-socket', permitted, forbidden]).then(outcomesOf);
    const [arrived, open] = await withInboxes(attack(PERMISSIVE));
    expect(Object.keys(open)).toHaveLength(15);
    expect(open).toEqual(all(Object.keys(open), 'sent'));
    expect(arrived).toEqual(Object.keys(open));
    const [leaked, closed] = await withInboxes(attack(POLICY));
    expect(closed).toEqual(all(Object.keys(open), 'EACCES'));
    expect(leaked).toEqual([]);
  });

  it.each(['name', 'pointer', 'thread', 'process'])('race-message: another %s', async (how) => {
    const attack =
      (policy: string, seconds: string, ...open: string[]) =>
      async (permitted: string, forbidden: string) =>
        JSON.parse((await run(policy, ['./race-message', seconds, how, permitted, forbidden, ...open])).toString()) as {
          harmless: number;
          denied: number;
        };
    const [won] = await withInboxes(attack(PERMISSIVE, '1', 'open'));
    expect(won.length).toBeGreaterThan(0);
    const [lost, score] = await withInboxes(attack(POLICY, '2'));
    expect(lost).toEqual([]);
    expect(score.denied).toBeGreaterThan(0);
    expect(score.harmless).toBeGreaterThan(0);
  });

  it('race-rights', async () => {
    const score = async (how: string) =>
      JSON.parse((await run(PERMISSIVE, ['./race-rights', '2', how])).toString()) as { harmless: number; won: number };
    expect((await score('blind')).won).toBeGreaterThan(0);
    const closed = await score('seeing');
    expect(closed.won).toBe(0);
    expect(closed.harmless).toBeGreaterThan(0);
  });

  it('change-network', async () => {
    const { uid, gid } = statSync(place.workspace);
    const command = ['--user', '--map-root-user', '--net', inWorkspace('change-network')];
    const owner = spawnSync('unshare', command, { uid, gid });
    const open = outcomesOf(owner.stdout);
    expect(Object.keys(open)).toHaveLength(16);
    expect(open).toEqual(all(Object.keys(open), 'done'));
    expect(outcomesOf(await run(NET, ['./change-network']))).toEqual(all(Object.keys(open), 'EPERM'));
  });

  it('take-listeners', async () => {
    const script =
      './take-listeners 15002 5353; ./take-listeners 15001 53 | sed s/^/leash-/; ./take-listeners 53 53 | sed s/^/leash-tcp-/';
    const outcomes = Object.entries(outcomesOf(await run(NET, ['sh', '-c', script])));
    const of = (isLeash: boolean) => outcomes.filter(([name]) => name.startsWith('leash-') === isLeash);
    expect(of(false)).toHaveLength(19);
    expect(Object.fromEntries(of(false))).toEqual(
      all(
        of(false).map(([name]) => name),
        'taken',
      ),
    );
    expect(Object.fromEntries(of(true))).toEqual(
      all(
        of(true).map(([name]) => name),
        'EADDRINUSE',
      ),
    );
    expect(of(true)).toHaveLength(38);
  });

  it.each(['stream', 'datagram', 'unix'])(
    'a foreign %s socket, which the agent was given as its input',
    async (kind) => {
      const server = createServer((peer) => peer.end('reached'));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      place.write('use.py', USE_INPUT);
      const attack = ['python3', 'use.py', kind, String(port)];
      const command = leashCommand(place, { policy: PERMISSIVE, command: attack, args: ['-q'] });
      try {
        const run = async (words: readonly string[]): Promise<string> => {
          const child = spawn('python3', ['-c', GIVE_INPUT, kind, ...words], {
            cwd: place.workspace,
            env: place.environment,
          });
          return (await finished(child)).stdout.toString();
        };
        const open = { stream: 'reached', datagram: 'sent', unix: 'refused' }[kind];
        expect(await run(attack)).toBe(`${open}\n`);
        expect(await run(command)).toBe('denied\n');
        const last = (await eventsOf(place)).filter(({ effect }) => effect === 'deny').at(-1);
        const name = { stream: 'connect', datagram: 'sendto', unix: 'sendmsg' }[kind];
        expect(last).toMatchObject({ action: 'SystemCall', resource: { name }, error: 'EACCES' });
      } finally {
        server.close();
      }
    },
  );

  it('dial', async () => {
    const MALFORMED: Outcomes = {
      ...all(['short', 'short_ipv6', 'family_only', 'one_byte', 'empty', 'negative', 'oversize'], 'EINVAL'),
      no_address: 'EFAULT',
      other_family: 'EAFNOSUPPORT',
      ...all(['fastopen_sendto', 'fastopen_sendmsg', 'fastopen_sendmmsg'], 'EOPNOTSUPP'),
      unconnected_sendto: 'EPIPE',
      deferred_named: 'went_to_the_judged',
    };
    const FORMS = ['ipv4', 'ipv4_long', 'ipv4_high_bits', 'mapped', 'compatible', 'ipv6', 'ipv6_without_scope'];
    const GOOD = [...FORMS, 'link_local', 'deferred'];
    const open = outcomesOf(await run(NET, ['./dial']));
    expect(open).toEqual({
      ...MALFORMED,
      ...all(GOOD, 'connected'),
      ipv4_on_ipv6: 'EINVAL', // the kernel's word, after the policy's
      ipv6_on_ipv4: 'EAFNOSUPPORT',
    });
    const { stdout, events } = await runLeash(place, { policy: PERMISSIVE, command: ['./dial'] });
    expect(outcomesOf(stdout)).toEqual({
      ...MALFORMED,
      ...all([...GOOD, 'ipv4_on_ipv6', 'ipv6_on_ipv4'], 'EACCES'),
    });
    const addresses = events.filter((event) => event.action === 'NetConnect').map((event) => event.resource);
    const v4 = { type: 'host', name: '203.0.113.7' };
    const v6 = { type: 'host', name: '2001:db8::7' };
    const compatible = { type: 'host', name: '::cb00:7107' };
    const local = { type: 'host', name: 'fe80::7' };
    expect(addresses).toEqual([v4, v4, v4, v4, compatible, v6, v6, local, v4, v6, v4]);
  });
});
