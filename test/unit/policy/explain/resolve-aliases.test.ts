import { expect, test } from 'vitest';
import { resolveAliases } from '../../../../src/policy/explain/resolve-aliases.ts';
import { FACTS } from '../judge.ts';

test.each([
  ['resource in Dir::"@workspace/"', 'resource in Dir::"/w/"'],
  ['resource in Dir :: "@home"', 'resource in Dir :: "/home/u"'],
  ['resource in Dir::"@home"', 'resource in Dir::"/home/u"'],
  ['[Dir::"@tmp/", Dir::"\\u{40}tmp/"] // Dir::"@tmp/"', '[Dir::"/tmp/", Dir::"/tmp/"] // Dir::"@tmp/"'],
  ['File::"@tmp/" && "@tmp/" == Dir::"@tmp/x"', 'File::"@tmp/" && "@tmp/" == Dir::"@tmp/x"'],
])('%s', (before, after) => expect(resolveAliases(before, FACTS)).toBe(after));

test('a workspace that is the root stays one', () => {
  expect(resolveAliases('Dir::"@workspace"', { ...FACTS, workspace: '/' })).toBe('Dir::"/"');
});
