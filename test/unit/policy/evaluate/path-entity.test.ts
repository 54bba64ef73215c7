import { expect, test } from 'vitest';
import {
  directoryOf,
  extensionOf,
  nameOf,
  pathAncestors,
  pathEntity,
} from '../../../../src/policy/evaluate/path-entity.ts';
import { FACTS } from '../judge.ts';

test.each([
  ['/', 'Dir', '', '', '/'],
  ['/a', 'File', 'a', '', '/'],
  ['/a/', 'Dir', 'a', '', '/'],
  ['/a/b.tar.gz', 'File', 'b.tar.gz', 'gz', '/a/'],
  ['/a/.env', 'File', '.env', '', '/a/'],
  ['/a/.env.local', 'File', '.env.local', 'local', '/a/'],
  ['/a/x.d/', 'Dir', 'x.d', 'd', '/a/'],
  ['/a/x.', 'File', 'x.', '', '/a/'],
])('%s', (path, type, name, extension, directory) => {
  expect(pathEntity(path)).toEqual({ kind: 'entity', type, id: path });
  expect([nameOf(path), extensionOf(path), directoryOf(path)]).toEqual([name, extension, directory]);
});

function ancestors(path: string): string[] {
  return [...pathAncestors(path, FACTS)].map((key) => key.replace('Dir\0', '')).sort();
}

test('ancestors are the directories above, in both spellings, and the names of session directories', () => {
  expect(ancestors('/w/a/b')).toEqual(['/', '/w', '/w/', '/w/a', '/w/a/', '@workspace', '@workspace/']);
  expect(ancestors('/w/')).toEqual(['/', '/w', '@workspace', '@workspace/']);
  expect(ancestors('/wx/a')).toEqual(['/', '/wx', '/wx/']);
  expect(ancestors('/home/u/f')).toContain('@home/');
  expect(ancestors('/')).toEqual([]);
});

test('an unknown executable is in no directory', () => {
  expect(ancestors('')).toEqual([]);
});
