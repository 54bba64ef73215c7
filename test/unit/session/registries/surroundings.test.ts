import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findTool, isInWorkspace, nothing, toolEnvironment } from '../../../../src/session/registries/surroundings.ts';
import { RegistryPlace } from './place.ts';

let place: RegistryPlace;
beforeEach(() => {
  place = new RegistryPlace();
});
afterEach(() => place.remove());

test('the workspace is what lies in it, and what links from elsewhere lead to it', () => {
  const inside = place.write('workspace/.npmrc', '');
  const link = path.join(place.home, '.npmrc');
  symlinkSync(inside, link);
  symlinkSync(place.workspace, path.join(place.home, 'linked'));
  const surroundings = place.surroundings();
  for (const file of [
    place.workspace,
    inside,
    link,
    path.join(place.home, 'linked/absent/file'),
    `${place.home}/../workspace/x`,
  ]) {
    expect([file, isInWorkspace(file, surroundings)]).toEqual([file, true]);
  }
  for (const file of [place.home, `${place.workspace}-other/x`, path.join(place.home, 'absent')]) {
    expect([file, isInWorkspace(file, surroundings)]).toEqual([file, false]);
  }
});

test('no tool is taken from the workspace, from a relative folder, or through a link', () => {
  const real = place.write('bin/tool', '#!/bin/sh\n', 0o755);
  const planted = place.write('workspace/bin/tool', '#!/bin/sh\n', 0o755);
  mkdirSync(path.join(place.root, 'links'));
  symlinkSync(planted, path.join(place.root, 'links/tool'));
  const find = (...folders: readonly string[]): string | undefined =>
    findTool('tool', place.surroundings({ PATH: folders.join(':') }));
  expect(find(path.dirname(planted), 'bin', '', path.dirname(real))).toBe(real);
  expect(find(path.join(place.root, 'links'))).toBeUndefined();
});

test('a tool gets its own variables, and none that has it run other code', () => {
  const env = {
    PIP_INDEX_URL: 'x',
    NODE_OPTIONS: 'x',
    PYTHONPATH: 'x',
    LD_PRELOAD: 'x',
    GITHUB_TOKEN: 'x',
    HOME: '/other',
  };
  const PATH = `${place.workspace}/bin:bin:/usr/bin`;
  expect(toolEnvironment(place.surroundings({ ...env, PATH }), /^PIP_/)).toEqual({
    PIP_INDEX_URL: 'x',
    HOME: place.home,
    PATH: '/usr/bin',
    LC_ALL: 'C.UTF-8',
  });
});

test('nothing found is nothing permitted', () => {
  expect(nothing('why')).toEqual({ members: [], files: [], notes: ['why'], told: { env: {}, files: {} } });
});
