import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../../../src/sandbox/container/engine.ts';
import {
  isWith,
  pidOf,
  readRecord,
  recordedManager,
  recordOf,
  relayCommand,
} from '../../../../src/sandbox/container/recorded-manager.ts';

const NAME = 'leash-12-0badcafe';
const OWNER = 'boot/34';
const engine: Engine = {
  name: 'docker',
  program: '/usr/bin/docker',
  options: [],
  env: { DOCKER_HOST: 'tcp://there:1', PATH: '/bin', SECRET: 'canary', DOCKER_CONTEXT: undefined },
  uid: 1000,
  gid: 100,
  isElsewhere: true,
};
let root: string;
let folder: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-recorded-'));
  folder = path.join(root, 'managers');
  mkdirSync(folder, { mode: 0o700 });
  file = path.join(folder, NAME);
  writeFileSync(file, recordOf(engine, OWNER), { mode: 0o600 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const session = (changes = {}) => ({ pid: 12, owner: OWNER, ...changes });

test('the manager of a session is called as its engine was, without what else was in the environment', () => {
  const found = recordedManager(folder, session);
  expect(found).toMatchObject({ name: NAME, env: { DOCKER_HOST: 'tcp://there:1', PATH: '/bin' } });
  expect(JSON.stringify(found)).not.toContain('canary');
  expect(found && relayCommand(found, 'gate')).toEqual([
    ...['/usr/bin/docker', 'exec', '--interactive', `${NAME}-manager`],
    ...['node', '/opt/leash/dist/run/relay.js', 'gate'],
  ]);
  expect(found && isWith(engine, found)).toBe(true);
  expect(found && isWith({ ...engine, env: { ...engine.env, DOCKER_HOST: 'tcp://other:1' } }, found)).toBe(false);
});

test('podman is told that no bytes are keys', () => {
  writeFileSync(file, recordOf({ ...engine, name: 'podman', options: ['--remote'] }, OWNER));
  const found = recordedManager(folder, session);
  expect(found && relayCommand(found, 'door').join(' ')).toContain('--remote exec --interactive --detach-keys= leash-');
});

test.each([
  ['another process', session({ pid: 13 })],
  ['a process of the same number, later', session({ owner: 'boot/35' })],
  ['no known process', { pid: 12 }],
])('a session of %s has none', (_what, owner) => {
  expect(recordedManager(folder, () => owner)).toBeUndefined();
});

test('where nothing is recorded no session is looked at', () => {
  const never = (): never => {
    throw new Error('it was');
  };
  expect(recordedManager(path.join(root, 'absent'), never)).toBeUndefined();
  rmSync(file);
  writeFileSync(path.join(folder, '../x'), '');
  expect(recordedManager(folder, never)).toBeUndefined();
});

test('what others may have written is refused: by its rights, its folder’s, or because it is a link', () => {
  chmodSync(file, 0o620);
  expect(() => recordedManager(folder, session)).toThrow(/was not followed/);
  chmodSync(file, 0o600);
  chmodSync(folder, 0o707);
  expect(() => recordedManager(folder, session)).toThrow(/was not followed/);
  chmodSync(folder, 0o700);
  renameSync(file, path.join(root, 'aside'));
  symlinkSync(path.join(root, 'aside'), file);
  expect(() => recordedManager(folder, session)).toThrow(/ELOOP/);
});

test.each(['', '[]', 'null', '{"program":1}'])('%j is no record', (text) => {
  writeFileSync(file, text);
  expect(readRecord(file)).toBeUndefined();
  expect(readRecord(path.join(folder, 'absent'))).toBeUndefined();
});

test.each([
  [NAME, 12],
  ['leash-12-0badcafe.x', undefined],
  ['../leash-12-0badcafe', undefined],
  ['leash-1;x-0badcafe', undefined],
])('%s belongs to process %s', (name, pid) => {
  expect(pidOf(name)).toBe(pid);
});
