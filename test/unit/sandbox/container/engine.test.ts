import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askEngine, type EngineHost, findEngine } from '../../../../src/sandbox/container/engine.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-engine-'));
  for (const name of ['podman', 'docker', 'runc']) {
    writeFileSync(path.join(folder, name), '#!/bin/sh\necho "$@"\n');
    chmodSync(path.join(folder, name), 0o755);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const host = (changes: Partial<EngineHost> = {}, env: Record<string, string> = {}): EngineHost => ({
  env: { PATH: folder, ...env },
  uid: 1000,
  gid: 1000,
  hasSystemd: true,
  isHybrid: false,
  ...changes,
});

test('where systemd runs podman is called as it is; elsewhere it is told what it takes for granted', async () => {
  expect(findEngine('podman', host()).options).toEqual([]);
  const bare = findEngine('podman', host({ hasSystemd: false, isHybrid: true }));
  expect(bare.options).toEqual([
    ...['--cgroup-manager', 'cgroupfs', '--events-backend', 'file'],
    ...['--runtime', path.join(folder, 'runc')],
  ]);
  expect((await askEngine(bare, ['ps'])).stdout).toBe(`${bare.options.join(' ')} ps\n`);
  expect(findEngine('docker', host({ uid: 0, hasSystemd: false, isHybrid: true })).options).toEqual([]);
});

test('an engine that is not there is refused', () => {
  expect(() => findEngine('podman', host({}, { PATH: '/nowhere' }))).toThrow(
    'podman is not on PATH outside the workspace',
  );
});

test('an engine whose containers cannot be governed from here is one elsewhere', () => {
  const isElsewhere = (name: 'podman' | 'docker', uid: number, env: Record<string, string> = {}): boolean =>
    findEngine(name, host({ uid }, { HOME: folder, ...env })).isElsewhere;
  expect(isElsewhere('docker', 1000)).toBe(true);
  expect(isElsewhere('docker', 0)).toBe(false);
  expect(isElsewhere('docker', 0, { DOCKER_HOST: 'tcp://elsewhere:2375' })).toBe(true);
  expect(isElsewhere('docker', 0, { DOCKER_HOST: 'ssh://elsewhere' })).toBe(true);
  expect(isElsewhere('docker', 0, { DOCKER_CONTEXT: 'desktop-linux' })).toBe(true);
  expect(isElsewhere('docker', 0, { DOCKER_HOST: 'unix:///run/x', DOCKER_CONTEXT: 'other' })).toBe(false);
  expect(isElsewhere('docker', 0, { CONTAINER_HOST: 'tcp://elsewhere:1' })).toBe(false);
  expect(isElsewhere('podman', 1000)).toBe(false);
  expect(isElsewhere('podman', 1000, { CONTAINER_HOST: 'unix:///run/x' })).toBe(false);
  expect(isElsewhere('podman', 1000, { CONTAINER_CONNECTION: 'box' })).toBe(true);
  const remote = findEngine('podman', host({ hasSystemd: false }, { CONTAINER_HOST: 'tcp://elsewhere:1' }));
  expect([remote.isElsewhere, remote.options]).toEqual([true, ['--remote']]);
});

test('the context that docker was told to use counts', () => {
  mkdirSync(path.join(folder, '.docker'));
  const file = path.join(folder, '.docker/config.json');
  for (const [text, expected] of [
    ['{"currentContext":"desktop-linux"}', true],
    ['{"currentContext":"default"}', false],
    ['{"auths":{}}', false],
    ['not JSON', false],
  ] as const) {
    writeFileSync(file, text);
    expect(findEngine('docker', host({ uid: 0 }, { HOME: folder })).isElsewhere, text).toBe(expected);
  }
  writeFileSync(file, '{"currentContext":"desktop-linux"}');
  const { env } = findEngine('docker', host({}, { HOME: folder }));
  writeFileSync(file, '{"currentContext":"other"}');
  expect(env['DOCKER_CONTEXT']).toBe('desktop-linux');
  expect(findEngine('docker', host({}, { HOME: folder, DOCKER_HOST: 'tcp://a:1' })).env).not.toHaveProperty(
    'DOCKER_CONTEXT',
  );
});
