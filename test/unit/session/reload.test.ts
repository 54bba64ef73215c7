import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Decision } from '../../../src/decision/decision.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { PolicyDesk } from '../../../src/schema/policy-desk.ts';
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
let reasked: number;
let decision: Decision;
let stop: () => void;
let desk: PolicyDesk;

/** Only what a reload uses of its neighbours. */
async function follow(name: string): Promise<void> {
  const load: ReloadContext['load'] = (policy) => loadPolicies(policy, FACTS);
  decision = new Decision(await load(readPolicy({ file: name })), 'enforce');
  ({ desk, end: stop } = followPolicy(
    {
      file: name,
      profiles: [],
      agent: 'a',
      load,
      whole: (policy) => policy,
      keep: (epoch, { text }) => kept.push([epoch, text]),
      decision,
      warden: { load: ({ epoch }: { epoch: number }) => tables.push(epoch) } as unknown as ReloadContext['warden'],
      network: { rejudge: async () => void rejudged++ } as unknown as ReloadContext['network'],
      recorder: { note: (...words: unknown[]) => notes.push(words) } as unknown as ReloadContext['recorder'],
      approvals: { rejudge: () => void reasked++ },
      order: ({ readsContent: hash }) => ({ epoch: decision.epoch, observe: false, hash, serve: false }),
      say: (line) => said.push(line),
    },
    readPolicy({ file: name }),
  ));
}

beforeEach(async () => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-reload-')));
  mkdirSync(path.join(root, 'policies'));
  file = path.join(root, 'policies/p.cedar');
  writeFileSync(file, OPEN);
  [said, tables, notes, kept, rejudged, reasked] = [[], [], [], [], 0, 0];
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
  expect({ tables, rejudged, reasked, notes }).toEqual({
    tables: [2],
    rejudged: 1,
    reasked: 1,
    notes: [['PolicyLoad', file, 2]],
  });
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

test('a person’s edit is in force, and kept where that is wanted', async () => {
  expect(desk.read()).toEqual({ epoch: 1, name: file, text: OPEN, profiles: [], file, isKept: true });
  expect(await desk.replace({ text: '// none', keep: false, epoch: 1 })).toBe(2);
  expect(read()).toMatchObject({ effect: 'deny', epoch: 2 });
  expect(readFileSync(file, 'utf8')).toBe(OPEN);
  expect(desk.read()).toMatchObject({ text: '// none', isKept: false, epoch: 2 });
  expect(await desk.replace({ text: `${OPEN} // more`, keep: true, epoch: 2 })).toBe(3);
  expect(readFileSync(file, 'utf8')).toBe(`${OPEN} // more`);
  expect(desk.read()).toMatchObject({ isKept: true, epoch: 3 });
  expect(read()).toMatchObject({ effect: 'allow', epoch: 3 });
});

test('of two who edit the same epoch one is refused, and a broken edit changes nothing', async () => {
  const edits = ['// one', '// two'].map((text) => desk.replace({ text, keep: true, epoch: 1 }));
  const [one, two] = await Promise.allSettled(edits);
  expect(one).toMatchObject({ status: 'fulfilled', value: 2 });
  expect(two).toMatchObject({ status: 'rejected', reason: { code: 'LEASH_API_CONFLICT' } });
  await expect(desk.replace({ text: 'permit(', keep: true, epoch: 2 })).rejects.toMatchObject({
    code: 'LEASH_POLICY_INVALID',
  });
  expect(readFileSync(file, 'utf8')).toBe('// one');
  expect(desk.read()).toMatchObject({ epoch: 2, text: '// one' });
});

test('what another wrote into the file meanwhile is not written over', async () => {
  writeFileSync(file, 'permit(');
  await vi.waitFor(() => expect(said.join()).toContain('LEASH_POLICY_INVALID'), 10_000);
  await expect(desk.replace({ text: '// mine', keep: true, epoch: 1 })).rejects.toMatchObject({
    code: 'LEASH_API_CONFLICT',
  });
  expect(readFileSync(file, 'utf8')).toBe('permit(');
});
