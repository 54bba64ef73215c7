import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findProgram, isExecutable, outsideEnv } from '../../../../src/host/doctor/find-program.ts';
import { sampleHost } from './sample-host.ts';

test('the first executable file on PATH is taken; folders and plain files are passed over', () => {
  const { root, bin } = sampleHost({ programs: { tool: 'true' } });
  const [folders, plain] = ['folders', 'plain'].map((name) => path.join(root, name)) as [string, string];
  mkdirSync(path.join(folders, 'tool'), { recursive: true });
  mkdirSync(plain);
  writeFileSync(path.join(plain, 'tool'), '');
  expect(findProgram('tool', { PATH: [folders, plain, bin].join(':') })).toBe(path.join(bin, 'tool'));
});

test('a relative PATH entry could be the workspace’s and is ignored', () => {
  const { bin } = sampleHost({ programs: { tool: 'true' } });
  const relative = path.relative(process.cwd(), bin);
  expect(findProgram('tool', { PATH: `${relative}::.` })).toBeUndefined();
  expect(findProgram('tool', {})).toBeUndefined();
});

test('a program in the workspace is not taken, nor one that a link leads to there', () => {
  const { root, bin } = sampleHost({ programs: { tool: 'true' } });
  const links = path.join(root, 'links');
  mkdirSync(links);
  symlinkSync(path.join(bin, 'tool'), path.join(links, 'tool'));
  symlinkSync(bin, path.join(root, 'folder'));
  const PATH = [bin, links, path.join(root, 'folder'), '/usr/bin', 'bin', ''].join(':');
  expect(findProgram('tool', { PATH }, bin)).toBeUndefined();
  expect(findProgram('tool', { PATH }, path.join(root, 'other'))).toBe(path.join(bin, 'tool'));
  expect(outsideEnv({ PATH, OTHER: 'x' }, bin)).toEqual({
    PATH: [links, '/usr/bin'].join(':'),
    OTHER: 'x',
    LEASH_WORKSPACE: bin,
  });
  expect(outsideEnv({ OTHER: 'x' }, bin)).toEqual({ OTHER: 'x' });
});

test('a link counts as what it leads to', () => {
  const { root, bin } = sampleHost({ programs: { tool: 'true' } });
  symlinkSync(path.join(bin, 'tool'), path.join(root, 'good'));
  symlinkSync(path.join(bin, 'none'), path.join(root, 'broken'));
  expect(isExecutable(path.join(root, 'good'))).toBe(true);
  expect(isExecutable(path.join(root, 'broken'))).toBe(false);
  chmodSync(path.join(bin, 'tool'), 0o644);
  expect(isExecutable(path.join(root, 'good'))).toBe(false);
});
