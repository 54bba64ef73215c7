// Attackers with two threads: one asks, the other changes what was asked while it is being judged. None may ever win.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, leashCommand, PERMISSIVE, Place, POLICY, runLeash } from '../fixtures/leash.ts';

/** How long each attack goes on where it must lose. */
const SECONDS = process.env['LEASH_RACE_SECONDS'] ?? '2';
const TIMEOUT_MS = 60_000 + 1000 * Number(SECONDS);
const SECRET = 'TOP SECRET\n';

const RACES = [
  'race-path',
  'race-names',
  'race-exec',
  'race-connect',
  'race-kind',
  'race-removed',
  'race-descriptor',
  'race-places',
];

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks([...RACES, 'leave-mark', 'exit-quietly']);
});
afterAll(() => attacks.remove());

interface Score {
  readonly harmless: number;
  readonly denied: number;
  readonly won: number;
}

/** Never matches, and only the manager can tell: it keeps several threads of the warden at work, or some races cannot be won at all. */
const ASKING = `forbid(principal, action == Action::"FileOpenReadOnly", resource)
  when { resource.name == "asked" && context.proc.ancestors.contains(File::"/nobody") };`;

describe.each(IDENTITIES)('as %s', { timeout: TIMEOUT_MS }, (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    for (const name of RACES) attacks.put(place, name);
    place.write('asked', '');
  });
  afterEach(() => place.remove());

  const attack = async (
    policy: string,
    seconds: string,
    [program, ...words]: string[],
    args: string[] = [],
  ): Promise<Score> => {
    const command = [`./${program}`, seconds, ...words];
    const request = { policy: policy + ASKING, command, args, journal: false };
    const { stdout, stderr } = await runLeash(place, request);
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

  it('a folder put where a file was, on its way to a name below which nobody may write', async () => {
    place.write('x', '');
    place.write('folder/run/planted', '');
    place.write('project/readme', '');
    const policy = `${PERMISSIVE} forbid(principal, action in Action::"FileOpenReadWrite", resource) when { resource.path like "*/.hooks/run/*" };`;
    // Where it succeeds the folder stays, so the control comes last.
    const score = await attack(policy, SECONDS, ['race-kind']);
    expect(score.won).toBe(0);
    expect(score.denied).toBeGreaterThan(0);
    expect(score.harmless).toBeGreaterThan(0);
    expect((await attack(PERMISSIVE, '1', ['race-kind'])).won).toBeGreaterThan(0);
  });

  it('a name taken away between open and verdict', async () => {
    place.write('kept.pem', SECRET);
    const policy = `${PERMISSIVE} forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.ext == "pem" };`;
    await expectLost(policy, PERMISSIVE, ['race-removed']);
  });

  it('a folder on the way exchanged for one that leads elsewhere', async () => {
    place.write('vault/file', SECRET);
    place.write('one/inner/file', 'public\n');
    place.write('two/readme', '');
    place.link('../vault', 'two/inner');
    await expectLost(POLICY, PERMISSIVE, ['race-names', 'one/inner/file', 'open', 'one', 'two']);
  });

  it.each(['cwd', 'dirfd', 'how', 'interpreter', 'tmpfile'])(
    'what a path starts from, or how it is asked for: %s',
    async (way) => {
      place.write('public/file', 'public\n');
      place.write('vault/file', SECRET);
      place.write('vaults/readme', '');
      place.write('fixed', 'fixed\n');
      place.write('script', `#!${place.workspace}/interpreter\n`, 0o755);
      attacks.put(place, 'exit-quietly', 'permitted');
      attacks.put(place, 'leave-mark', 'forbidden');
      place.link('permitted', 'interpreter');
      place.link('forbidden', 'other');
      const policy = `${POLICY}
      forbid(principal, action == Action::"FileWrite", resource) when { resource.name == "fixed" };
      forbid(principal, action == Action::"FileCreate", resource) when { resource.path like "*/vaults/*" };`;
      await expectLost(policy, PERMISSIVE, ['race-places', way]);
    },
  );

  it('a descriptor exchanged for one with more rights', async () => {
    const file = place.write(path.join(place.root, 'outside'), 'host');
    const run = (command: readonly string[]): Score => {
      const [program = '', ...args] = command;
      const input = openSync(file, 'r');
      const { stdout } = spawnSync(program, args, {
        cwd: place.workspace,
        env: place.environment,
        stdio: [input, 'pipe', 'pipe'],
        encoding: 'utf8',
      });
      closeSync(input);
      return JSON.parse(stdout) as Score;
    };
    const command = ['./race-descriptor', SECONDS];
    const score = run(leashCommand(place, { policy: PERMISSIVE + ASKING, command }));
    expect(score.won).toBe(0);
    expect(score.denied).toBeGreaterThan(0);
    expect(score.harmless).toBeGreaterThan(0);
    expect(readFileSync(file, 'utf8')).toBe('host');
    // Without a sandbox whoever may write the file may open it so.
    expect(run(['./race-descriptor', '1']).won).toBeGreaterThan(0);
    expect(readFileSync(file, 'utf8')).toBe('wont');
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
