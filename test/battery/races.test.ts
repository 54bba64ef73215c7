// Attackers with two threads: one asks, the other changes what was asked while it is being judged. None may ever win.
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, PERMISSIVE, Place, POLICY, runLeash } from '../fixtures/leash.ts';

const SECONDS = '3';
const SECRET = 'TOP SECRET\n';

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['race-path', 'race-names', 'race-exec', 'race-connect', 'leave-mark', 'exit-quietly']);
});
afterAll(() => attacks.remove());

interface Score {
  readonly harmless: number;
  readonly denied: number;
  readonly won: number;
}

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    for (const name of ['race-path', 'race-names', 'race-exec', 'race-connect']) attacks.put(place, name);
  });
  afterEach(() => place.remove());

  const attack = async (
    policy: string,
    seconds: string,
    [program, ...words]: string[],
    args: string[] = [],
  ): Promise<Score> => {
    const command = [`./${program}`, seconds, ...words];
    const { stdout, stderr } = await runLeash(place, { policy, command, args, journal: false });
    expect(stdout.toString(), stderr).toMatch(/^\{.*\}\n$/);
    return JSON.parse(stdout.toString()) as Score;
  };

  /** The attack must be able to succeed where nothing forbids it, and be seen both ways where something does. */
  const expectLost = async (
    policy: string,
    permissive: string,
    words: string[],
    args: string[] = [],
  ): Promise<void> => {
    expect((await attack(permissive, '1', words, args)).won).toBeGreaterThan(0);
    const score = await attack(policy, SECONDS, words, args);
    expect(score.won).toBe(0);
    expect(score.denied).toBeGreaterThan(0);
    expect(score.harmless).toBeGreaterThan(0);
  };

  it('a path rewritten in memory', async () => {
    place.write('permitted.txt', 'public\n');
    place.write('forbidden.txt', SECRET);
    await expectLost(POLICY, PERMISSIVE, ['race-path', 'permitted.txt', 'forbidden.txt']);
  });

  it.each(['open', 'openat2', 'link', 'rename'])('a link on the way exchanged under %s', async (how) => {
    place.write('public/file', 'public\n');
    place.write('vault/file', SECRET);
    for (const [to, name] of [
      ['public', 'way'],
      ['vault', 'other'],
    ] as const)
      place.link(to, name);
    await expectLost(POLICY, PERMISSIVE, ['race-names', 'way/file', how, 'way', 'other']);
  });

  it('a final link exchanged', async () => {
    place.write('permitted.txt', 'public\n');
    place.write('forbidden.txt', SECRET);
    for (const [to, name] of [
      ['permitted.txt', 'a'],
      ['forbidden.txt', 'b'],
    ] as const)
      place.link(to, name);
    await expectLost(POLICY, PERMISSIVE, ['race-names', 'a', 'open', 'a', 'b']);
  });

  const execPolicy = `${PERMISSIVE} forbid(principal, action == Action::"ProcessExec", resource) when { resource.name like "forbidden*" };`;
  const argumentPolicy = `${PERMISSIVE} forbid(principal, action == Action::"ProcessExec", resource) when { context.argv.contains("--danger") };`;

  it('the path of a program', async () => {
    attacks.put(place, 'exit-quietly', 'permitted');
    attacks.put(place, 'leave-mark', 'forbidden');
    await expectLost(execPolicy, PERMISSIVE, ['race-exec', 'path', './permitted', './forbidden', '-']);
  });

  it('the path of a script', async () => {
    place.write('permitted', '#!/bin/true\n', 0o755);
    place.write('forbidden', '#!/bin/touch won\n', 0o755);
    await expectLost(execPolicy, PERMISSIVE, ['race-exec', 'path', './permitted', './forbidden', '-']);
  });

  it('the path of a script with the same interpreter', async () => {
    place.write('permitted', '#!/bin/sh\n:\n', 0o755);
    place.write('forbidden', '#!/bin/sh\n:>won\n', 0o755);
    await expectLost(execPolicy, PERMISSIVE, ['race-exec', 'path', './permitted', './forbidden', '-']);
  });

  it('the arguments of a program', async () => {
    attacks.put(place, 'leave-mark', 'tool');
    await expectLost(argumentPolicy, PERMISSIVE, ['race-exec', 'argument', 'gentle', 'danger', './tool']);
  });

  it('the arguments of a script', async () => {
    place.write('tool', '#!/bin/sh\ntest "$1" = --gentle || :>won\n', 0o755);
    await expectLost(argumentPolicy, PERMISSIVE, ['race-exec', 'argument', 'gentle', 'danger', './tool']);
  });

  describe('an address', () => {
    let servers: Server[];
    beforeEach(async () => {
      servers = ['public\n', SECRET].map((text) =>
        createServer((socket) => socket.on('error', () => undefined).end(text)),
      );
      for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => {
      for (const server of servers) server.close();
    });

    it('rewritten while it is dialled', async () => {
      const ports = servers.map((server) => (server.address() as AddressInfo).port);
      const resolve = ['allowed.test', 'refused.test'].flatMap((host, i) => [
        '--resolve',
        `${host}:7000:127.0.0.1:${ports[i]}`,
      ]);
      const names = `${PERMISSIVE} permit(principal, action == Action::"DnsResolve", resource);`;
      const open = `${names} permit(principal, action == Action::"NetConnect", resource);`;
      // The forbidden host is known by name, for another port; so it has an address that can be dialled.
      const closed = `${names} permit(principal, action == Action::"NetConnect", resource)
        when { resource in [Host::"allowed.test:7000", Host::"refused.test:7001"] };`;
      await expectLost(closed, open, ['race-connect', 'allowed.test', 'refused.test', '7000'], resolve);
    });
  });
});
