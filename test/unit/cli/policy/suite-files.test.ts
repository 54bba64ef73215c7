import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSuite } from '../../../../src/cli/policy/suite-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leash-suite-'));
  mkdirSync(path.join(folder, 'tests'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const suite = (entities: string): string =>
  JSON.stringify([
    {
      request: { principal: 'Agent::"a"', action: 'Action::"b"', resource: 'File::"/c"', context: {} },
      entities,
      decision: 'deny',
      reason: [],
      num_errors: 0,
    },
  ]);
const refused = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test('the policy of a suite has its name; a profile has its cases beside it', () => {
  const cases = file('own.cases', 'deny FileWrite /a -');
  expect(readSuite(cases)).toMatchObject({
    name: 'own.cases',
    policy: path.join(folder, 'own.cedar'),
    tests: [{ name: '1: deny FileWrite /a -' }],
  });
  expect(readSuite('coder').tests.length).toBeGreaterThan(50);
});

test('entities lie in or below the folder of the tests', () => {
  file('tests/e.json', '[]');
  file('outside.json', '[]');
  symlinkSync('../outside.json', path.join(folder, 'tests/link.json'));
  expect(readSuite(file('tests/a.json', suite('e.json'))).tests).toHaveLength(1);
  for (const name of ['../outside.json', 'link.json', path.join(folder, 'outside.json')]) {
    expect(() => readSuite(file('tests/b.json', suite(name)))).toThrow(
      refused('LEASH_USAGE', /lies outside the folder of the tests/),
    );
  }
  expect(() => readSuite(file('tests/c.json', suite('absent.json')))).toThrow(
    refused('LEASH_USAGE', /there is no file of entities absent\.json/),
  );
});

test.each([
  ['p.cedar', 'permit', 'LEASH_USAGE', /is no file of tests: they end in \.json or \.cases/],
  ['a.cases', '\nmaybe X /y -', 'LEASH_USAGE', /a\.cases:2: "maybe" is not allow or deny/],
  ['a.json', '[', 'LEASH_USAGE', /a\.json: it is not JSON/],
  ['a.json', '\xff', 'LEASH_USAGE', /a\.json: it is not JSON/],
])('%s with %j is refused', (name, text, code, message) => {
  expect(() => readSuite(file(name, text))).toThrow(refused(code, message));
});

test('tests that are not there', () => {
  expect(() => readSuite(path.join(folder, 'absent.json'))).toThrow(
    refused('LEASH_POLICY_READ', /there is no such file/),
  );
});
