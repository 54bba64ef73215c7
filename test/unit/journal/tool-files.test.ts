// Definitions of tools are kept and read back: the last of each, bounded, and nothing that is not of Leash.
import { appendFileSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readTools, ToolFile } from '../../../src/journal/tool-files.ts';
import { temporaryFolder } from './sample-session.ts';

const NAME = 'mcp-tools.jsonl';

test('of each tool of each server the last definition is read, by their names', () => {
  const dir = temporaryFolder();
  expect(readTools(dir)).toEqual([]);
  const file = new ToolFile(dir);
  file.add('b', '{"name":"x"}');
  file.add('a', '{"name":"y","description":"old"}');
  file.add('a', '{\r\n "name":"y",\n "description":"new"}');
  expect(readTools(dir)).toEqual([
    { server: 'a', tool: { name: 'y', description: 'new' } },
    { server: 'b', tool: { name: 'x' } },
  ]);
  expect(statSync(path.join(dir, NAME)).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(dir, NAME), 'utf8').split('\n')).toHaveLength(4);
});

test('a name of a server cannot end its line', () => {
  const dir = temporaryFolder();
  new ToolFile(dir).add('a"}\n{"server":"evil","tool":{"name":"z"}}', '{"name":"x"}');
  expect(readTools(dir).map(({ tool }) => tool.name)).toEqual(['x']);
});

test('what is too long, or more than all may be, is not kept', () => {
  const dir = temporaryFolder();
  const file = new ToolFile(dir);
  const tool = (name: string, length: number): string => JSON.stringify({ name, description: 'd'.repeat(length) });
  file.add('a', tool('long', 262_144));
  for (let n = 0; n < 100; n++) file.add('a', tool(`t${n}`, 200_000));
  expect(readTools(dir)).toHaveLength(83);
  expect(statSync(path.join(dir, NAME)).size).toBeLessThanOrEqual(16 << 20);
});

test('half a line, and lines that are none, are passed over', () => {
  const dir = temporaryFolder();
  const file = path.join(dir, NAME);
  new ToolFile(dir).add('a', '{"name":"x"}');
  appendFileSync(file, '{"server":"a","tool":{"name":7}}\n{"server":"a"}\nnull\n[]\n{"server":"a","tool":{"na');
  expect(readTools(dir)).toEqual([{ server: 'a', tool: { name: 'x' } }]);
});

test('a link in its place is neither read nor written, and no longer file than Leash writes', () => {
  const dir = temporaryFolder();
  const target = path.join(dir, 'target');
  writeFileSync(target, '');
  symlinkSync(target, path.join(dir, NAME));
  expect(() => new ToolFile(dir).add('a', '{"name":"x"}')).toThrow('ELOOP');
  expect(() => readTools(dir)).toThrow(expect.objectContaining({ code: 'LEASH_JOURNAL_CORRUPT' }));
  expect(readFileSync(target, 'utf8')).toBe('');
  const other = temporaryFolder();
  writeFileSync(path.join(other, NAME), '');
  truncateSync(path.join(other, NAME), (16 << 20) + 1);
  expect(() => readTools(other)).toThrow(expect.objectContaining({ code: 'LEASH_JOURNAL_CORRUPT' }));
});
