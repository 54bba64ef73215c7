import { expect, test } from 'vitest';
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { prepareAuthorizer } from '../../../../src/policy/check/cedar.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import { readCases } from '../../../../src/policy/suite/cases.ts';
import { readCedarTests } from '../../../../src/policy/suite/cedar-tests.ts';
import { enforcedTexts } from '../../../../src/policy/suite/enforced-texts.ts';
import { runCase, runCedarTest, TEST_FACTS, type TestedPolicy } from '../../../../src/policy/suite/run-test.ts';

const TEXT = `@id("own") permit(principal, action == Action::"FileOpen", resource in Dir::"@workspace/");
@id("later") @mode("shadow") forbid(principal, action, resource);
@id("gone") @expires("2020-01-01") forbid(principal, action, resource);
@id("bad") permit(principal, action == Action::"ProcessExec", resource) when { context.argc + 9007199254740991 * 9007199254740991 > 0 };`;

async function policy(text: string = TEXT): Promise<TestedPolicy> {
  const source = { name: 'p.cedar', text };
  const set = await loadPolicies(source, TEST_FACTS);
  return { set, official: prepareAuthorizer(enforcedTexts(source, '2026-11-25'), cedarSchema()) };
}

const proc = { exe: { type: 'File', id: '/bin/sh' }, uid: 0, ancestors: [] };
const write = {
  request: {
    principal: 'Agent::"claude"',
    action: 'Action::"FileWrite"',
    resource: 'File::"/workspace/a"',
    context: { proc },
  },
  decision: 'allow',
  reason: ['own'],
  num_errors: 0,
};

async function run(test: object): Promise<readonly string[]> {
  const [read] = readCedarTests(JSON.stringify([test]), () => []);
  if (read === undefined) throw new Error('no test');
  return runCedarTest(read, await policy());
}

test('shadow and expired policies are in no enforced set, and group equality is rewritten', () => {
  expect(enforcedTexts({ name: 'p', text: TEXT }, '2026-11-25')).toEqual({
    own: '@id("own") permit(principal, action in Action::"FileOpen", resource in Dir::"@workspace/");',
    bad: expect.stringContaining('@id("bad")'),
  });
});

test('a test passes when decision, reasons and number of errors are as expected', async () => {
  expect(await run(write)).toEqual([]);
  expect(await run({ ...write, reason: [] })).toEqual([]);
  expect(await run({ ...write, decision: 'deny' })).toEqual(['expected deny, got allow by own']);
  expect(await run({ ...write, reason: ['own', 'x'] })).toEqual(['expected x to determine it, got allow by own']);
  expect(await run({ ...write, num_errors: 1 })).toEqual(['expected 1 errors, got allow by own']);
});

test('errors are counted', async () => {
  const context = { proc, args: 'x', argv: ['x'], argc: 1 };
  const request = { ...write.request, action: 'Action::"ProcessExec"', resource: 'File::"/bin/x"', context };
  expect(await run({ ...write, request, decision: 'deny', reason: [], num_errors: 1 })).toEqual([]);
});

test('entities that are not those of a session are told from it', async () => {
  expect(await run({ ...write, entities: [], decision: 'deny', reason: [] })).toEqual([
    'Cedar says deny by no policy, a session decides allow by own, which makes the entities itself; leave "entities" out to test that',
  ]);
  const workspace = { type: 'Dir', id: '@workspace/' };
  const dir = { type: 'Dir', id: '/workspace/' };
  const file = {
    uid: { type: 'File', id: '/workspace/a' },
    attrs: { path: '/workspace/a', name: 'a', ext: '', dir },
    parents: [workspace],
  };
  expect(await run({ ...write, entities: [file] })).toEqual([]);
});

test('what no session asks needs entities, and is then put to Cedar alone', async () => {
  const request = { ...write.request, principal: 'Agent::"other"' };
  expect(await run({ ...write, request })).toEqual([
    'no session asks this, so Leash cannot make its "entities": give them',
  ]);
  expect(await run({ ...write, request, entities: [], decision: 'deny', reason: [] })).toEqual([]);
});

test('a request outside the schema fails with what Cedar says', async () => {
  const request = { ...write.request, context: { x: 1 } };
  expect(await run({ ...write, request, entities: [] })).toEqual([expect.stringContaining('while parsing context')]);
});

test('a case names all determining policies', async () => {
  const tested = await policy();
  const results = readCases(
    'allow FileWrite @workspace/a own\nallow FileWrite @workspace/a -\ndeny FileWrite /x -',
    TEST_FACTS,
  );
  expect(results.map((each) => runCase(each, tested))).toEqual([
    [],
    ['expected allow by no policy, got allow by own'],
    [],
  ]);
});

test('an evaluator that differs from Cedar is found', async () => {
  const tested = await policy();
  const other = await policy('@id("own") permit(principal, action, resource);');
  const [expected] = readCases('deny FileWrite /x -', TEST_FACTS);
  if (expected === undefined) throw new Error('no case');
  expect(runCase(expected, { set: tested.set, official: other.official })).toEqual([
    'Cedar says allow by own, a session decides deny by no policy',
  ]);
});
