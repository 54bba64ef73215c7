// A mistake of the person, or a part that cannot be trusted, in; one line with a code out, and nothing was started.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WIRE_TYPE } from '../../src/engine/wire-layout.ts';
import { encodeFrame } from '../../src/engine/wire-order.ts';
import { Attacks } from '../fixtures/attacks.ts';
import { eventsOf, type LeashRequest, type LeashResult, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

let place: Place;
afterEach(() => place.remove());

const run = (command: readonly string[], more: Partial<LeashRequest> = {}): Promise<LeashResult> =>
  runLeash(place, { policy: PERMISSIVE, command, ...more });

describe('what is wrong is said in one line, with a code, and nothing is started', () => {
  beforeEach(() => {
    place = new Place();
  });

  const expectRefused = ({ status, stdout, stderr, session }: LeashResult, code: string, exit = 125): void => {
    expect([status, stdout.toString()]).toEqual([exit, '']);
    expect(stderr).toMatch(new RegExp(`^leash: ${code}: `));
    expect(stderr).not.toMatch(/\n\s+at |node:internal/);
    expect(session).toBeUndefined();
    expect(existsSync(path.join(place.workspace, 'started'))).toBe(false);
  };
  const command = ['touch', 'started'];

  it('an unknown option', async () => expectRefused(await run(command, { args: ['--frobnicate'] }), 'LEASH_USAGE'));
  it('no command', async () => expectRefused(await run([]), 'LEASH_COMMAND_MISSING'));
  it('a policy that is not there', async () =>
    expectRefused(await runLeash(place, { command, args: ['--policy', 'absent.cedar'] }), 'LEASH_POLICY_READ'));

  it('a parent proxy that is no proxy, whose password is not shown', async () => {
    const result = await run(command, { env: { HTTPS_PROXY: 'socks4://user:hunter2@proxy.test:1080' } });
    expectRefused(result, 'LEASH_PARENT_PROXY');
    expect(result.stderr).not.toContain('hunter2');
  });

  it('a file of roots without a certificate', async () => {
    const file = place.write('roots.pem', 'none\n');
    const result = await run(command, { args: ['--ca', file] });
    expectRefused(result, 'LEASH_USAGE');
    expect(result.stderr).toContain(`${file} holds no certificate`);
  });

  it('a broken policy: every fault, each with its place', async () => {
    const policy =
      'permit(principal, action == Action::"Nonsense", resource);\npermit(principal, action, resource) when { resource.nonsense };\n';
    const result = await run(command, { policy });
    expectRefused(result, 'LEASH_POLICY_INVALID');
    expect(result.stderr).toMatch(/policy\.cedar:1:\d+/);
    expect(result.stderr).toMatch(/policy\.cedar:2:\d+/);
  });

  it('a policy that stops the command itself', async () => {
    const policy = `${PERMISSIVE} @id("no-touch") forbid(principal, action == Action::"ProcessExec", resource) when { resource.name == "touch" };`;
    const result = await run(command, { policy });
    expectRefused(result, 'LEASH_COMMAND_DENIED', 126);
    expect(result.stderr).toContain('no-touch');
  });

  it.each([
    ['does not exist', 'absent'],
    ['is a file', 'file'],
    ['is the whole machine', '/'],
    ['holds the home', '..'],
    ['is a folder of the system', '/etc'],
  ])('a workspace that %s', async (_what, folder) => {
    place.write('file', '');
    expectRefused(await run(command, { args: ['-C', folder] }), 'LEASH_WORKSPACE');
  });

  it('a kernel without nf_tables: no part of the network would be its own', async () => {
    const attacks = new Attacks(['without-netfilter']);
    try {
      attacks.put(place, 'without-netfilter', path.join(place.home, 'without-netfilter'));
      const by = [path.join(place.home, 'without-netfilter')];
      const result = await run(command, { by });
      expect(result.status).toBe(125);
      expect(result.stderr).toMatch(/^leash: LEASH_SANDBOX_START: loading nf_tables rules \(needs nf_tables, /m);
      expect(existsSync(path.join(place.workspace, 'started'))).toBe(false);
      const doctor = await runLeash(place, { command: [], args: ['doctor'], by, journal: false });
      expect(doctor.status).not.toBe(0);
      expect(doctor.stdout.toString()).toMatch(/modprobe -a nf_tables/);
    } finally {
      attacks.remove();
    }
  });

  it('a journal that was changed', async () => {
    const { session } = await run(['true']);
    const file = path.join(place.home, '.local/state/leash/sessions', session ?? '', 'events-000001.jsonl');
    expect(existsSync(file)).toBe(true);
    writeFileSync(file, readFileSync(file, 'utf8').replace('FileOpenReadOnly', 'FileOpenReadOnlx'));
    await expect(eventsOf(place)).rejects.toMatchObject({ code: 'LEASH_JOURNAL_CORRUPT' });
    const result = await runLeash(place, { command: [], args: ['events', '--session', session ?? ''], journal: false });
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/^leash: LEASH_JOURNAL_CORRUPT: /m);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  describe('native programs that cannot be trusted', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'leash-native-'));
      writeFileSync(path.join(folder, 'leash-entry'), '', { mode: 0o755 });
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const pretend = async (frame: Buffer): Promise<LeashResult> => {
      writeFileSync(path.join(folder, 'frame'), frame);
      writeFileSync(path.join(folder, 'leash-warden'), `#!/bin/sh\ncat ${folder}/frame >&3\nexec sleep 60\n`);
      chmodSync(path.join(folder, 'leash-warden'), 0o755);
      return run(command, { env: { LEASH_NATIVE_DIR: folder }, journal: false });
    };

    it.each([
      ['another version', 'LEASH_WIRE_VERSION', Buffer.from([0, 0, 0, 0, 20, 0, 9, 0])],
      ['an impossible length', 'LEASH_WIRE_RECORD', Buffer.from([255, 255, 255, 255, 20, 0, 1, 0])],
      ['a record too short', 'LEASH_WIRE_RECORD', encodeFrame(WIRE_TYPE.event, Buffer.alloc(4))],
      ['a record before the agent runs', 'LEASH_WIRE_RECORD', encodeFrame(WIRE_TYPE.event, Buffer.alloc(72))],
    ])('%s', async (_what, code, frame) => {
      const result = await pretend(frame);
      expect(result.status).toBe(125);
      expect(result.stderr).toMatch(new RegExp(`^leash: ${code}: `));
      expect(result.stderr).not.toMatch(/\n\s+at /);
    });

    it('none at all', async () => {
      rmSync(path.join(folder, 'leash-entry'));
      const result = await run(command, { env: { LEASH_NATIVE_DIR: folder }, journal: false });
      expect([result.status, result.stdout.length]).toEqual([125, 0]);
      expect(result.stderr).toMatch(/^leash: LEASH_(NATIVE_MISSING|HOST_INCOMPLETE): /);
    });
  });
});
