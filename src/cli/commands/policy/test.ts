// Files of tests in; which of them fail, and why, out.
import { EXIT, LeashError } from '../../../host/errors.ts';
import { cacheDir } from '../../../host/paths.ts';
import { cedarSchema } from '../../../policy/cedar-schema.ts';
import { prepareAuthorizer } from '../../../policy/check/cedar.ts';
import { loadPolicies, today } from '../../../policy/load.ts';
import { enforcedTexts } from '../../../policy/suite/enforced-texts.ts';
import { TEST_FACTS, type TestedPolicy } from '../../../policy/suite/run-test.ts';
import type { Source } from '../../../policy/text/diagnostic.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { readSource } from '../../policy/source.ts';
import { readSuite, type Suite } from '../../policy/suite-files.ts';
import { jsonLine, type Paint, painter, print, printable } from '../../terminal.ts';

interface Result {
  readonly name: string;
  readonly problems: readonly string[];
}

interface SuiteResult {
  readonly suite: Suite;
  readonly policy: string;
  readonly results: readonly Result[];
}

async function testedPolicy(source: Source): Promise<TestedPolicy> {
  const set = await loadPolicies(source, TEST_FACTS, { cacheDir: cacheDir() });
  return { set, official: prepareAuthorizer(enforcedTexts(source, today()), cedarSchema()) };
}

async function runSuite(suite: Suite, given: Source | undefined): Promise<SuiteResult> {
  const source = given ?? (await readSource(suite.policy));
  const policy = await testedPolicy(source);
  const results = suite.tests.map(({ name, run }) => ({ name, problems: run(policy) }));
  return { suite, policy: source.name, results };
}

function failed({ results }: SuiteResult): number {
  return results.filter(({ problems }) => problems.length > 0).length;
}

async function printSuite(result: SuiteResult, isVerbose: boolean, paint: Paint): Promise<void> {
  const { suite, policy, results } = result;
  await print(`${printable(suite.name)}: ${results.length} tests of ${printable(policy)}`);
  for (const { name, problems } of results) {
    if (problems.length === 0 && isVerbose) await print(`  ${paint('green', 'ok')}    ${printable(name)}`);
    if (problems.length > 0) await print(`  ${paint('red', 'failed')} ${printable(name)}`);
    for (const problem of problems) await print(`         ${printable(problem)}`);
  }
  await print(`  ${results.length - failed(result)} passed, ${failed(result)} failed`);
}

function suiteJson(result: SuiteResult): unknown {
  const { suite, policy, results } = result;
  const tests = results.map(({ name, problems }) => ({ name, ok: problems.length === 0, problems }));
  return { name: suite.name, policy, passed: results.length - failed(result), failed: failed(result), tests };
}

/** `leash policy test`. Throws LEASH_USAGE, LEASH_POLICY_READ, LEASH_POLICY_INVALID. */
export async function test(invocation: Invocation): Promise<number> {
  const { words, flags } = invocation;
  if (words.length === 0)
    throw new LeashError('LEASH_USAGE', 'say which tests to run: team.cases, tests.json or coder');
  const suites = words.map(readSuite);
  const named = lastValue(invocation, 'policy');
  const given = named === undefined ? undefined : await readSource(named);
  const results: SuiteResult[] = [];
  for (const suite of suites) results.push(await runSuite(suite, given));
  if (flags.has('json')) await print(jsonLine({ files: results.map(suiteJson) }));
  else {
    const paint = painter(process.stdout);
    for (const result of results) await printSuite(result, flags.has('verbose'), paint);
  }
  return results.some((result) => failed(result) > 0) ? EXIT.failed : EXIT.ok;
}
