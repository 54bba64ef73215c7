import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  lastPolicyRecord,
  type PolicyInForce,
  readPolicyRecord,
  writePolicyRecord,
} from '../../../src/journal/policy-record.ts';
import { temporaryFolder } from './sample-session.ts';

const record = (epoch: number): PolicyInForce => ({
  v: 1,
  epoch,
  name: 'p.cedar',
  text: `// ${epoch} "\u0000"`,
  guard: '',
  facts: { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' },
});
const corrupt = (message: RegExp): unknown =>
  expect.objectContaining({ code: 'LEASH_JOURNAL_CORRUPT', message: expect.stringMatching(message) });

test('each epoch keeps its policy, readable by the owner alone; the last is found by number', () => {
  const dir = temporaryFolder();
  for (const epoch of [1, 2, 10]) writePolicyRecord(dir, record(epoch));
  expect(readPolicyRecord(dir, 2)).toEqual(record(2));
  expect(lastPolicyRecord(dir)).toEqual(record(10));
  expect(readdirSync(dir).map((name) => statSync(path.join(dir, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
});

test('an epoch is written once', () => {
  const dir = temporaryFolder();
  writePolicyRecord(dir, record(1));
  expect(() => writePolicyRecord(dir, record(1))).toThrow(/EEXIST/);
});

test.each([
  ['absent', () => undefined],
  ['no JSON', (file: string) => writeFileSync(file, '{')],
  ['a folder', (file: string) => mkdirSync(file)],
  ['a link', (file: string) => symlinkSync('/dev/null', file)],
])('what is %s is no record', (_, make) => {
  const dir = temporaryFolder();
  make(path.join(dir, 'policy-3.json'));
  expect(() => readPolicyRecord(dir, 3)).toThrow(corrupt(/the policy of epoch 3 cannot be read/));
});

test.each([{ ...record(3), v: 2 }, record(4), { ...record(3), facts: {} }, { ...record(3), text: 5 }, [], null])(
  '%j is not that of epoch 3',
  (value) => {
    const dir = temporaryFolder();
    writeFileSync(path.join(dir, 'policy-3.json'), JSON.stringify(value));
    expect(() => readPolicyRecord(dir, 3)).toThrow(corrupt(/is not the policy of epoch 3/));
  },
);

test('a session of an older version has none', () => {
  expect(() => lastPolicyRecord(temporaryFolder())).toThrow(corrupt(/there is no record of a policy/));
});
