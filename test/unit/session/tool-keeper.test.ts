// Definitions pass many times: each is kept once and without credentials, and a disk that fails stops nothing.
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { toolKeeper } from '../../../src/session/tool-keeper.ts';
import { temporaryFolder } from '../journal/sample-session.ts';

const CREDENTIALS = [['MY_TOKEN', 'abcdefgh12345678']] as const;

test('each definition of each server is kept once, and one that changed again', () => {
  const dir = temporaryFolder();
  const keep = toolKeeper({ dir, credentials: CREDENTIALS });
  for (let turn = 0; turn < 3; turn++) {
    keep('a', '{"name":"x"}');
    keep('b', '{"name":"x"}');
    keep('a', '{"name":"x","description":"abcdefgh12345678"}');
  }
  const lines = readFileSync(path.join(dir, 'mcp-tools.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { server: 'a', tool: { name: 'x' } },
    { server: 'b', tool: { name: 'x' } },
    { server: 'a', tool: { name: 'x', description: '[MY_TOKEN]' } },
  ]);
});

test('what could not be written is written when it passes again', () => {
  const dir = temporaryFolder();
  const place = path.join(dir, 'mcp-tools.jsonl');
  mkdirSync(place);
  const keep = toolKeeper({ dir, credentials: [] });
  expect(() => keep('a', '{"name":"x"}')).not.toThrow();
  rmdirSync(place);
  keep('a', '{"name":"x"}');
  expect(readFileSync(place, 'utf8')).toContain('"name":"x"');
});
