// The name of a file of tests in, its tests ready to run out.

import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../../host/errors.ts';
import { PACKAGE_ROOT } from '../../host/paths.ts';
import { isProfile } from '../../policy/profile.ts';
import { CaseError, readCases } from '../../policy/suite/cases.ts';
import { readCedarTests, TestFormatError } from '../../policy/suite/cedar-tests.ts';
import { runCase, runCedarTest, TEST_FACTS, type TestedPolicy } from '../../policy/suite/run-test.ts';
import { readText } from '../../policy/text/read-text.ts';
import { asProxied } from './as-proxied.ts';

/** Bytes of a file of tests, or of its entities. */
const MAX_TESTS = 16 << 20;

export interface RunnableTest {
  readonly name: string;
  /** What is wrong, in words; nothing when the test passes. */
  readonly run: (policy: TestedPolicy) => readonly string[];
}

export interface Suite {
  readonly name: string;
  /** The policy file with the name of the tests, or the profile. */
  readonly policy: string;
  readonly tests: readonly RunnableTest[];
}

/** The tests of a profile lie beside it. */
function fileOf(word: string): string {
  return isProfile(word) ? path.join(PACKAGE_ROOT, 'policies', `${word}.cases`) : word;
}

/** As `cedar run-tests` does: entities lie in or below the folder of the tests. */
function readBeside(tests: string, name: string): unknown {
  const folder = realpathSync(path.dirname(tests));
  const file = path.resolve(folder, name);
  if (!existsSync(file)) throw new TestFormatError(`there is no file of entities ${name} beside it`);
  if (!realpathSync(file).startsWith(`${folder}/`)) {
    throw new TestFormatError(`the file of entities ${name} lies outside the folder of the tests`);
  }
  try {
    return JSON.parse(readText(file, MAX_TESTS));
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    throw new TestFormatError(`the file of entities ${name} is not JSON`);
  }
}

function readTests(file: string, text: string): readonly RunnableTest[] {
  if (file.endsWith('.cases')) {
    return readCases(text, TEST_FACTS, asProxied).map((expected) => ({
      name: `${expected.number}: ${expected.line.trim().replace(/\s+/g, ' ')}`,
      run: (policy) => runCase(expected, policy),
    }));
  }
  return readCedarTests(text, (name) => readBeside(file, name)).map((test) => ({
    name: test.name,
    run: (policy) => runCedarTest(test, policy),
  }));
}

/** Throws LEASH_USAGE for a file that holds no tests, LEASH_POLICY_READ for one that cannot be read. */
export function readSuite(word: string): Suite {
  const file = fileOf(word);
  if (!/\.(json|cases)$/.test(file)) {
    throw new LeashError('LEASH_USAGE', `${JSON.stringify(word)} is no file of tests: they end in .json or .cases`);
  }
  const text = readText(file, MAX_TESTS);
  try {
    return {
      name: path.basename(file),
      policy: isProfile(word) ? word : file.replace(/\.(json|cases)$/, '.cedar'),
      tests: readTests(file, text),
    };
  } catch (cause) {
    if (cause instanceof CaseError)
      throw new LeashError('LEASH_USAGE', `${file}:${cause.number}: ${cause.message}`, { cause });
    if (cause instanceof TestFormatError) throw new LeashError('LEASH_USAGE', `${file}: ${cause.message}`, { cause });
    throw cause;
  }
}
