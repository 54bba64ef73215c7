import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Decision } from '../../../src/decision/decision.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import { readPolicy } from '../../../src/session/policy-file.ts';
import { followPolicy, type ReloadContext } from '../../../src/session/reload.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
const OPEN = 'permit(principal, action, resource);';

let root: string;
let file: string;
let said: string[];
let tables: number[];
let notes: unknown[];
let kept: [epoch: number, text: string][];
let rejudged: number;
let decision: Decision;
let stop: () => void;

/** Only what a reload uses of its neighbours. */
async function follow(name: string): Promise<void> {
  const load: ReloadContext['load'] = (policy) => loadPolicies(policy, FACTS);
  decision = new Decision(await load(readPolicy({ file: name })), 'enforce');
  stop = followPolicy(
    {
      file: name,
      profiles: [],
      agent: 'a',
      load,
      keep: (epoch, { text }) => kept.push([epoch, text]),
      decision,
      warden: { load: ({ epoch }: { epoch: number }) => tables.push(epoch) } as unknown as ReloadContext['warden'],
      network: { rejudge: async () => void rejudged++ } as unknown as ReloadContext['network'],
      recorder: { note: (...words: unknown[]) => notes.push(words) } as unknown as ReloadContext['recorder'],
      observes: false,
      say: (line) => said.push(line),
    },
    readPolicy({ file: name }).text,
  );
}

beforeEach(async () => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-reload-')));
  mkdirSync(path.join(root, 'policies'));
  file = path.join(root, 'policies/p.cedar');
  writeFileSync(file, OPEN);
  [said, tables, notes, kept, rejudged] = [[], [], [], [], 0];
  await follow(file);
});
afterEach(() => {
  stop();
  rmSync(root, { recursive: true, force: true });
});

const read = () =>
  decision.decide({
    action: 'FileOpenReadOnly',
    resource: { type: 'path', path: '/w/x' },
    program: { exe: '/bin/sh', uid: 0 },
  });

test('an edit is in force everywhere under the next epoch', async () => {
  expect(read()).toMatchObject({ effect: 'allow', epoch: 1 });
  writeFileSync(file, '// nothing');
  await vi.waitFor(() => expect(said).toEqual([`policy ${file} reloaded, epoch 2`]), 10_000);
  expect(read()).toMatchObject({ effect: 'deny', epoch: 2 });
  expect({ tables, rejudged, notes }).toEqual({ tables: [2], rejudged: 1, notes: [['PolicyLoad', file, 2]] });
  expect(kept).toEqual([[2, '// nothing']]);
});

test('a broken edit changes nothing and says where it is broken; the mended one counts', async () => {
  writeFileSync(file, `${OPEN}\npermit(principal, action, resource;`);
  await vi.waitFor(() => expect(said.length).toBeGreaterThan(1), 10_000);
  expect(said[0]).toMatch(/^LEASH_POLICY_INVALID: .*; the policy in force stays \(epoch 1\)$/);
  expect(said.join('\n')).toMatch(/p\.cedar:2:\d+/);
  expect(tables).toEqual([]);
  expect(read()).toMatchObject({ effect: 'allow', epoch: 1 });
  writeFileSync(file, '// mended');
  await vi.waitFor(() => expect(tables).toEqual([2]), 10_000);
});

test('a file that is removed leaves the policy in force', async () => {
  rmSync(file);
  await vi.waitFor(() => expect(said[0]).toMatch(/^LEASH_POLICY_READ/), 10_000);
  expect(read()).toMatchObject({ effect: 'allow', epoch: 1 });
});

test('the same text is not loaded again', async () => {
  writeFileSync(file, OPEN);
  writeFileSync(file, '// other');
  await vi.waitFor(() => expect(tables).toEqual([2]), 10_000);
});

test('a link on the way that is led elsewhere afterwards leads nobody', async () => {
  stop();
  symlinkSync('policies', path.join(root, 'way'));
  mkdirSync(path.join(root, 'evil'));
  writeFileSync(path.join(root, 'evil/p.cedar'), OPEN);
  writeFileSync(file, '// closed');
  await follow(path.join(root, 'way/p.cedar'));
  symlinkSync('evil', path.join(root, 'other'));
  renameSync(path.join(root, 'other'), path.join(root, 'way'));
  writeFileSync(file, '// closed, edited');
  await vi.waitFor(() => expect(tables).toEqual([2]), 10_000);
  expect(read().effect).toBe('deny');
});
