import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cargoRegistries } from '../../../../src/session/registries/cargo.ts';
import { RegistryPlace } from './place.ts';

let place: RegistryPlace;
beforeEach(() => {
  place = new RegistryPlace();
});
afterEach(() => place.remove());

const CONFIG = `
[registries.team]
index = "sparse+https://index.registry.example/"
token = "s3cret"

[registries.git]
index = "ssh://git@git.registry.example/index"

[source.crates-io]
replace-with = "mirror"

[source.mirror]
registry = "sparse+http://mirror.registry.example:8080/index/"

[source.vendored]
directory = "vendor"
`;

test('registries, replaced sources, the environment, and where an index says its crates are', async () => {
  place.write('home/.cargo/config.toml', CONFIG);
  const cached = 'home/.cargo/registry/index/index.registry.example-0123456789abcdef/config.json';
  place.write(cached, '{"dl":"https://dl.registry.example/{crate}/{version}","api":"https://api.registry.example"}');
  // The index of a registry that only some project named.
  place.write(
    'home/.cargo/registry/index/attacker.example-0123456789abcdef/config.json',
    '{"dl":"https://attacker.example"}',
  );
  const env = {
    CARGO_REGISTRIES_EXTRA_INDEX: 'sparse+https://extra.registry.example/',
    CARGO_REGISTRIES_EXTRA_TOKEN: 's3cret',
  };
  const finding = await cargoRegistries(place.surroundings(env));
  expect([...finding.members].sort()).toEqual([
    'api.registry.example:443',
    'dl.registry.example:443',
    'extra.registry.example:443',
    'index.registry.example:443',
    'mirror.registry.example:8080',
  ]);
  expect(finding.notes).toEqual([]);
  expect(JSON.stringify(finding)).not.toContain('s3cret');
});

test.each([
  ['no file', undefined],
  ['a file without source replacement', '[registries.team]\nindex = "sparse+https://index.registry.example/"'],
])('with %s, a note says how to name the default registry', async (_, config) => {
  if (config !== undefined) place.write('home/.cargo/config.toml', config);
  const { members, notes } = await cargoRegistries(place.surroundings());
  expect(members).toEqual(config === undefined ? [] : ['index.registry.example:443']);
  expect(notes).toEqual([expect.stringMatching(/name its hosts in a policy file/)]);
});

test('a file that is not TOML says nothing, and nothing of it is said', async () => {
  place.write('home/.cargo/config.toml', 'token = s3cret');
  const finding = await cargoRegistries(place.surroundings());
  expect(finding).toMatchObject({ members: [], notes: ['the configuration of cargo is not TOML'] });
});

test.each([
  [
    'linked to from the home',
    () => {
      place.write('home/.cargo/x', '');
      symlinkSync(place.write('workspace/config.toml', CONFIG), path.join(place.home, '.cargo/config.toml'));
      return place.surroundings();
    },
  ],
  ['named by a variable', () => place.surroundings({ CARGO_HOME: path.join(place.workspace, '.cargo') })],
  ['of a home that is the workspace', () => place.surroundings({}, { home: place.workspace })],
])('configuration in the workspace is refused: %s', async (_, prepare) => {
  place.write('workspace/.cargo/config.toml', CONFIG);
  expect(await cargoRegistries(prepare())).toMatchObject({
    members: [],
    notes: [expect.stringContaining('lies in the workspace')],
  });
});

test('the configuration of a project does not count', async () => {
  place.write('workspace/.cargo/config.toml', CONFIG);
  expect((await cargoRegistries(place.surroundings())).members).toEqual([]);
});
