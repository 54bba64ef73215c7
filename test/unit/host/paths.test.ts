import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  cacheDir,
  configDir,
  dataDir,
  nativePath,
  PACKAGE_ROOT,
  sessionsDir,
  stateDir,
} from '../../../src/host/paths.ts';

test('folders are below the home directory unless a variable says otherwise', () => {
  const env = { HOME: '/home/u' };
  expect(stateDir(env)).toBe('/home/u/.local/state/leash');
  expect(sessionsDir(env)).toBe('/home/u/.local/state/leash/sessions');
  expect(cacheDir(env)).toBe('/home/u/.cache/leash');
  expect(dataDir(env)).toBe('/home/u/.local/share/leash');
  expect(configDir(env)).toBe('/home/u/.config/leash');
  expect(stateDir({ ...env, XDG_STATE_HOME: '/var/state' })).toBe('/var/state/leash');
});

test('a relative or empty variable is ignored, as the specification demands', () => {
  for (const XDG_STATE_HOME of ['state', './state', ''])
    expect(stateDir({ HOME: '/home/u', XDG_STATE_HOME })).toBe('/home/u/.local/state/leash');
});

test('without HOME the account says where home is', () => {
  expect(stateDir({})).toBe(path.join(os.homedir(), '.local/state/leash'));
});

test('native programs are in the package unless a variable says otherwise', () => {
  expect(existsSync(path.join(PACKAGE_ROOT, 'package.json'))).toBe(true);
  expect(nativePath('leash-warden', {})).toBe(path.join(PACKAGE_ROOT, 'native/build/leash-warden'));
  expect(nativePath('leash-warden', { LEASH_NATIVE_DIR: '/opt/native' })).toBe('/opt/native/leash-warden');
});
