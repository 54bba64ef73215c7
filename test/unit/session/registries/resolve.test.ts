import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RegistryRole } from '../../../../src/policy/facts.ts';
import { type Resolved, resolveRegistries } from '../../../../src/session/registries/resolve.ts';
import { RegistryPlace } from './place.ts';

let place: RegistryPlace;
let npmRuns: string;
beforeEach(() => {
  place = new RegistryPlace();
  npmRuns = place.write('runs', '');
  // The real npm, counted.
  place.write('bin/npm', `#!/bin/sh\necho >>${npmRuns}\nPATH=${process.env['PATH']} exec npm "$@"\n`, 0o755);
});
afterEach(() => place.remove());

function resolve(roles: readonly RegistryRole[], env: Readonly<Record<string, string>> = {}): Promise<Resolved> {
  const PATH = `${place.root}/bin:${process.env['PATH']}`;
  return resolveRegistries(roles, place.surroundings({ PATH, ...env }), path.join(place.root, 'cache'));
}

const runs = (): number => readFileSync(npmRuns, 'utf8').length;

test('only what is asked for is looked for', async () => {
  expect(await resolve([])).toEqual({ registries: {}, notes: [], told: { env: {}, files: {} } });
  const { registries, notes } = await resolve(['cargo']);
  expect(registries).toEqual({ cargo: [] });
  expect(notes).toEqual([expect.stringMatching(/^registries of cargo: /)]);
  expect(runs()).toBe(0);
});

test('npm is asked once, and again when a file or a variable has changed', async () => {
  place.write('home/.npmrc', 'registry=https://one.example/');
  const first = await resolve(['npm']);
  expect(first.registries).toEqual({ npm: ['one.example:443'] });
  expect(await resolve(['npm'])).toEqual(first);
  expect(runs()).toBe(1);
  place.write('home/.npmrc', 'registry=https://another.example/');
  expect((await resolve(['npm'])).registries).toEqual({ npm: ['another.example:443'] });
  expect(runs()).toBe(2);
  expect((await resolve(['npm'], { npm_config_registry: 'http://third.example' })).registries).toEqual({
    npm: ['third.example:80'],
  });
  expect(runs()).toBe(3);
});

test('nothing secret is kept', async () => {
  place.write('home/.npmrc', 'registry=https://one.example/\n//one.example/:_authToken=s3cret\n');
  await resolve(['npm'], { npm_config_registry: 'https://user:s3cret@one.example/' });
  const folder = path.join(place.root, 'cache/policy');
  expect(readdirSync(folder)).toHaveLength(1);
  for (const file of readdirSync(folder)) expect(readFileSync(path.join(folder, file), 'utf8')).not.toContain('s3cret');
});

test('what was not found is looked for again', async () => {
  place.write('bin/npm', `#!/bin/sh\necho >>${npmRuns}\nexit 1\n`, 0o755);
  for (const count of [1, 2]) {
    expect(await resolve(['npm'])).toMatchObject({
      registries: { npm: [] },
      notes: ['registries of npm: npm does not tell its configuration'],
    });
    expect(runs()).toBe(count);
  }
});
