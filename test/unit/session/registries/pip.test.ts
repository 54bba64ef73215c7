// Asks the real pip of this machine.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pipRegistries } from '../../../../src/session/registries/pip.ts';
import { RegistryPlace } from './place.ts';

let place: RegistryPlace;
beforeEach(() => {
  place = new RegistryPlace();
});
afterEach(() => place.remove());

/** No file of this machine counts. Source: pip documentation, "Configuration", PIP_CONFIG_FILE. */
const ALONE = { PIP_CONFIG_FILE: '/dev/null' };

test('user configuration: index, further indexes and link pages, without credentials', async () => {
  const file = place.write(
    'home/.config/pip/pip.conf',
    `[global]
index-url = https://user:s3cret@registry.example/simple
extra-index-url =
    https://extra.registry.example:8443/simple
    file:///srv/wheels
find-links = http://links.registry.example/
`,
  );
  const finding = await pipRegistries(place.surroundings());
  const expected = ['extra.registry.example:8443', 'links.registry.example:80', 'registry.example:443'];
  expect(finding.members).toEqual(expect.arrayContaining(expected));
  expect(finding.files).toContain(file);
  expect(finding.told.env).toMatchObject({ PIP_INDEX_URL: 'https://registry.example/simple' });
  expect(JSON.stringify(finding)).not.toContain('s3cret');
});

test('the environment', async () => {
  const env = {
    ...ALONE,
    PIP_INDEX_URL: 'http://a.example/simple',
    PIP_EXTRA_INDEX_URL: 'https://b.example https://c.example',
  };
  const { members } = await pipRegistries(place.surroundings(env));
  expect([...members].sort()).toEqual(['a.example:80', 'b.example:443', 'c.example:443']);
});

test('without configuration the default index of pip itself, and the host of its files', async () => {
  const { members, told } = await pipRegistries(place.surroundings(ALONE));
  expect(members).toEqual([expect.stringMatching(/:443$/), expect.stringMatching(/:443$/)]);
  expect(told.env['PIP_INDEX_URL']).toContain(members[0]?.replace(':443', ''));
});

test.each([
  ['named by a variable', () => place.surroundings({ PIP_CONFIG_FILE: place.write('workspace/pip.conf', '') })],
  ['of a home that is the workspace', () => place.surroundings({}, { home: place.workspace })],
  ['of a configuration folder', () => place.surroundings({ XDG_CONFIG_HOME: path.join(place.workspace, 'x') })],
])('configuration in the workspace is refused: %s', async (_, prepare) => {
  place.write('workspace/.config/pip/pip.conf', '[global]\nindex-url = https://attacker.example/\n');
  expect(await pipRegistries(prepare())).toMatchObject({
    members: [],
    notes: [expect.stringContaining('lies in the workspace')],
  });
});

test('no planted code runs', async () => {
  const mark = path.join(place.root, 'mark');
  const code = `open(${JSON.stringify(mark)}, "w").close()\n`;
  for (const name of ['json.py', 'sitecustomize.py', 'usercustomize.py', 'pip/__init__.py']) {
    place.write(`workspace/src/${name}`, code);
  }
  place.write('workspace/.venv/bin/python3', `#!/bin/sh\ntouch ${mark}\n`, 0o755);
  const env = {
    ...ALONE,
    PIP_INDEX_URL: 'https://registry.example/simple',
    PATH: `${place.workspace}/.venv/bin:${process.env['PATH']}`,
    PYTHONPATH: path.join(place.workspace, 'src'),
    PYTHONSTARTUP: path.join(place.workspace, 'src/json.py'),
    VIRTUAL_ENV: path.join(place.workspace, '.venv'),
  };
  expect((await pipRegistries(place.surroundings(env))).members).toEqual(['registry.example:443']);
  expect(existsSync(mark)).toBe(false);
});

test('no code planted in a home that is the workspace runs', async () => {
  const mark = path.join(place.root, 'mark');
  // Source: Python documentation, "site": imported from the user's site directory at every start.
  for (let minor = 8; minor <= 20; minor++) {
    place.write(
      `workspace/.local/lib/python3.${minor}/site-packages/usercustomize.py`,
      `open(${JSON.stringify(mark)}, "w").close()\n`,
    );
  }
  expect((await pipRegistries(place.surroundings({}, { home: place.workspace }))).members).toEqual([]);
  expect(existsSync(mark)).toBe(false);
});

test('without Python there is a note', async () => {
  expect(await pipRegistries(place.surroundings({ PATH: place.workspace }))).toMatchObject({
    members: [],
    notes: ['python3 was not found outside the workspace'],
  });
});
