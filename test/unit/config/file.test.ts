import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ConfigSurroundings, configFile, readConfig, readConfigFile } from '../../../src/config/file.ts';

let root: string;
let surroundings: ConfigSurroundings;
let file: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-config-')));
  const [home, workspace] = [path.join(root, 'home'), path.join(root, 'ws')];
  surroundings = { env: { HOME: home }, home, workspace, agents: ['claude'] };
  for (const folder of [workspace, path.join(home, '.config/leash')]) mkdirSync(folder, { recursive: true });
  file = path.join(home, '.config/leash/config.toml');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (text: string | Uint8Array, mode = 0o600): void => writeFileSync(file, text, { mode });

test('where it is', () => {
  expect(configFile({ HOME: '/h' })).toBe('/h/.config/leash/config.toml');
  expect(configFile({ HOME: '/h', XDG_CONFIG_HOME: '/x' })).toBe('/x/leash/config.toml');
  expect(configFile({ HOME: '/h', XDG_CONFIG_HOME: '/x', LEASH_HOME: '/l/' })).toBe('/l/config.toml');
  expect(() => configFile({ HOME: '/h', LEASH_HOME: 'l' })).toThrow('LEASH_HOME is "l", which does not begin with /');
});

test('a file that is there is read, and one that is not says nothing', async () => {
  expect(await readConfig(surroundings)).toBeUndefined();
  write('[leash]\nmode = "shadow"\n');
  expect((await readConfig(surroundings))?.global.options.get('mode')).toEqual({ value: 'shadow', line: 2 });
});

test.each([
  ['others may write to', () => chmodSync(file, 0o620), 'others than you may write to'],
  ['lies in a folder of everybody', () => chmodSync(path.dirname(file), 0o777), 'others than you may write to'],
  ['is too long', () => write('#'.repeat((1 << 20) + 1)), 'it is longer than'],
  ['is not UTF-8', () => write(Buffer.from([0x23, 0xff])), 'is not UTF-8'],
  [
    'is a folder',
    () => {
      rmSync(file);
      mkdirSync(file);
    },
    'it is no file',
  ],
  [
    'is a link to nothing',
    () => {
      rmSync(file);
      symlinkSync('nowhere', file);
    },
    'cannot be read (ENOENT)',
  ],
])('one that %s is not used', (_what, prepare, message) => {
  write('');
  prepare();
  expect(() => readConfigFile(surroundings)).toThrow(message);
});

test('one that the agent could change, or a link to which it could lead elsewhere, is not used', () => {
  const { workspace, home } = surroundings;
  const inside = path.join(workspace, 'leash');
  mkdirSync(inside);
  writeFileSync(path.join(inside, 'config.toml'), '', { mode: 0o600 });
  const env = { HOME: home, LEASH_HOME: inside };
  expect(() => readConfigFile({ ...surroundings, env })).toThrow('it lies in the workspace');
  // Outside → a link in the workspace → outside again: both ends are safe, and the middle is the agent's.
  write('');
  symlinkSync(path.dirname(file), path.join(workspace, 'link'));
  symlinkSync(path.join(workspace, 'link'), path.join(root, 'own'));
  expect(() => readConfigFile({ ...surroundings, env: { HOME: home, LEASH_HOME: path.join(root, 'own') } })).toThrow(
    'it lies in the workspace',
  );
});

test('in a home that is the workspace it is used: the sandbox hides it', () => {
  write('# mine\n');
  expect(readConfigFile({ ...surroundings, workspace: surroundings.home })).toBe('# mine\n');
});
