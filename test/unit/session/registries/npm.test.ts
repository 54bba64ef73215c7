// Asks the real npm of this machine.
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { npmRegistries } from '../../../../src/session/registries/npm.ts';
import { RegistryPlace } from './place.ts';

let place: RegistryPlace;
beforeEach(() => {
  place = new RegistryPlace();
});
afterEach(() => place.remove());

const NPMRC = `registry=https://registry.example/npm/
@acme:registry=http://acme.registry.example:4873
//acme.registry.example:4873/:_authToken=s3cret
`;

test('user configuration: the registry, those of scopes, and what an agent may know of them', async () => {
  const file = place.write('home/.npmrc', NPMRC);
  const finding = await npmRegistries(place.surroundings());
  expect([...finding.members].sort()).toEqual(['acme.registry.example:4873', 'registry.example:443']);
  expect(finding.files).toContain(file);
  expect(finding.notes).toEqual([]);
  const [[name, content = ''] = []] = Object.entries(finding.told.files);
  expect(finding.told.env).toEqual({ npm_config_userconfig: name });
  expect(content.split('\n').sort()).toEqual([
    '',
    '@acme:registry=http://acme.registry.example:4873/',
    'registry=https://registry.example/npm/',
  ]);
  expect(JSON.stringify(finding)).not.toContain('s3cret');
  expect(existsSync(path.join(place.home, '.npm/_logs'))).toBe(false);
});

test('global configuration and the environment count, too', async () => {
  const globalconfig = place.write('global', '@team:registry=https://team.registry.example/');
  const env = { npm_config_globalconfig: globalconfig, NPM_CONFIG_REGISTRY: 'http://env.registry.example' };
  const { members } = await npmRegistries(place.surroundings(env));
  expect([...members].sort()).toEqual(['env.registry.example:80', 'team.registry.example:443']);
});

test('without configuration the default of npm itself', async () => {
  const { members, notes } = await npmRegistries(place.surroundings());
  expect({ members, notes }).toEqual({ members: [expect.stringMatching(/^[a-z.]+:443$/)], notes: [] });
  expect(readFileSync(new URL(import.meta.url), 'utf8')).not.toContain(members[0]?.replace(':443', ''));
});

test('credentials in a URL are no part of anything', async () => {
  const env = { npm_config_registry: 'https://user:s3cret@registry.example/npm/' };
  const fromEnvironment = await npmRegistries(place.surroundings(env));
  expect(fromEnvironment.members).toEqual(['registry.example:443']);
  expect(JSON.stringify(fromEnvironment)).not.toContain('s3cret');
  place.write('home/.npmrc', 'registry=https://user:s3cret@registry.example/');
  const fromFile = await npmRegistries(place.surroundings());
  expect(fromFile).toMatchObject({ members: [], notes: [expect.stringContaining('_authToken')] });
  expect(JSON.stringify(fromFile)).not.toContain('s3cret');
});

const ATTACK = 'registry=https://attacker.example/\n';

test('a project is never asked', async () => {
  place.write('workspace/.npmrc', ATTACK);
  place.write('workspace/package.json', '{}');
  expect((await npmRegistries(place.surroundings())).members.join()).not.toContain('attacker');
});

test.each([
  [
    'linked to from the home',
    () => {
      symlinkSync(place.write('workspace/npmrc', ATTACK), path.join(place.home, '.npmrc'));
      return place.surroundings();
    },
  ],
  ['named by a variable', () => place.surroundings({ npm_config_userconfig: place.write('workspace/npmrc', ATTACK) })],
  [
    'of a home that is the workspace',
    () => {
      place.write('workspace/.npmrc', ATTACK);
      return place.surroundings({}, { home: place.workspace });
    },
  ],
  [
    'as prefix of the global one',
    () => {
      place.write('workspace/etc/npmrc', ATTACK);
      return place.surroundings({
        npm_config_prefix: place.workspace,
        npm_config_globalconfig: path.join(place.workspace, 'etc/npmrc'),
      });
    },
  ],
])('configuration in the workspace is refused: %s', async (_, prepare) => {
  expect(await npmRegistries(prepare())).toMatchObject({
    members: [],
    notes: [expect.stringContaining('lies in the workspace')],
  });
});

test('variables that npm set for a script repeat the configuration of its project, and do not count', async () => {
  place.write('home/.npmrc', 'registry=https://registry.example/');
  const env = { npm_command: 'run-script', npm_lifecycle_event: 'x', npm_config_registry: 'https://attacker.example/' };
  expect((await npmRegistries(place.surroundings(env))).members).toEqual(['registry.example:443']);
});

test('neither a planted npm nor planted options run', async () => {
  const mark = path.join(place.root, 'mark');
  place.write('workspace/bin/npm', `#!/bin/sh\ntouch ${mark}\n`, 0o755);
  place.write('workspace/bin/node', `#!/bin/sh\ntouch ${mark}\n`, 0o755);
  const script = place.write('workspace/plant.cjs', `require('fs').writeFileSync(${JSON.stringify(mark)}, '')`);
  place.write('home/.npmrc', 'registry=https://registry.example/');
  const env = { PATH: `${place.workspace}/bin:${process.env['PATH']}`, NODE_OPTIONS: `--require ${script}` };
  expect((await npmRegistries(place.surroundings(env))).members).toEqual(['registry.example:443']);
  expect(existsSync(mark)).toBe(false);
});

test('without npm there is a note', async () => {
  expect(await npmRegistries(place.surroundings({ PATH: place.workspace }))).toMatchObject({
    members: [],
    notes: ['npm was not found outside the workspace'],
  });
});
