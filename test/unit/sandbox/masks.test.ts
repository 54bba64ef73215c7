import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { masks } from '../../../src/sandbox/masks.ts';
import type { SandboxRequest } from '../../../src/sandbox/plan.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-masks-')));
  for (const folder of ['home/.ssh', 'home/.config/leash', 'workspace/deep'])
    mkdirSync(path.join(root, folder), { recursive: true });
  for (const file of ['home/.netrc', 'workspace/deep/key']) writeFileSync(path.join(root, file), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string): string => path.join(root, name);

function masked(changes: Partial<SandboxRequest>): Record<string, boolean> {
  const request: SandboxRequest = {
    workspace: at('workspace'),
    home: at('home'),
    command: ['agent'],
    env: {},
    extraEnv: {},
    ca: { certificatePem: '', fileName: '' },
    roots: [],
    rootFiles: [],
    entryProgram: '/x',
    shown: [],
    hidden: [at('home/.config/leash'), at('workspace/deep/key')],
    ...changes,
  };
  const found = masks(request).filter(({ place }) => place.startsWith('/m') || place.startsWith(root));
  return Object.fromEntries(found.map(({ place, isReviewed }) => [place.replace(root, ''), isReviewed]));
}

test('a private home has nothing to mask', () => {
  expect(masked({})).toEqual({ '/workspace/deep/key': false });
});

test('a volume is masked under its own names', () => {
  const volumes = [{ source: at('home'), place: '/m', access: 'read-only' as const }];
  expect(masked({ volumes })).toMatchObject({ '/m/.ssh': false, '/m/.netrc': false, '/m/.config/leash': false });
});

test('what lies in an overlay is masked by whoever mounts that; a single file is no overlay', () => {
  const reviewed = [
    { source: at('workspace'), place: at('workspace'), isFolder: true, own: '/o/0' },
    { source: at('home'), place: '/m', isFolder: true, own: '/o/1' },
  ];
  expect(masked({ reviewed })).toEqual({
    '/workspace/deep/key': true,
    '/m/.ssh': true,
    '/m/.netrc': true,
    '/m/.config/leash': true,
  });
});

test('what a private home leads out of itself to is masked where it lies', () => {
  mkdirSync(at('workspace/kube'));
  symlinkSync(at('workspace/kube'), at('home/.kube'));
  expect(masked({})).toEqual({ '/workspace/deep/key': false, '/workspace/kube': false });
});
