// Two policies in; every difference between what they decide out.

import { EXIT, LeashError } from '../../../host/errors.ts';
import { cedarSchema } from '../../../policy/cedar-schema.ts';
import { GuardedChecker } from '../../../policy/check/check-guarded.ts';
import { comparePolicies, type Difference } from '../../../policy/compare/compare.ts';
import { differenceJson, differenceParagraphs, isWider, type Outlines } from '../../../policy/compare/describe.ts';
import { type Policy, readPolicy } from '../../../policy/evaluate/policy.ts';
import { outline, type StatementOutline } from '../../../policy/explain/outline.ts';
import { canonicalFacts, type SessionFacts } from '../../../policy/facts.ts';
import { today } from '../../../policy/load.ts';
import { guarded } from '../../../session/session-policy.ts';
import type { Invocation } from '../../command.ts';
import { outsideFacts } from '../../policy/facts.ts';
import { type NamedSource, readSources } from '../../policy/source.ts';
import { jsonLine, painter, print, printable } from '../../terminal.ts';

interface ReadPolicies {
  readonly policies: readonly Policy[];
  readonly outlines: ReadonlyMap<string, StatementOutline>;
}

/** Without the guard of the policy file: two files are never the same one. */
function read({ file: _, ...source }: NamedSource, facts: SessionFacts, checker: GuardedChecker): ReadPolicies {
  const day = today();
  const whole = guarded(source, facts);
  const statements = [source, ...(whole.guard === undefined ? [] : [{ name: 'leash', text: whole.guard }])];
  return {
    policies: checker.check(whole, day).policies.map(readPolicy),
    outlines: new Map(statements.flatMap((part) => outline(part, day)).map((entry) => [entry.id, entry])),
  };
}

async function printDifferences(differences: readonly Difference[], outlines: Outlines): Promise<void> {
  const paint = painter(process.stdout);
  for (const { heading, lines } of differenceParagraphs(differences, outlines)) {
    await print(paint('bold', printable(heading)));
    for (const line of lines) await print(`  ${printable(line)}`);
  }
}

/** `leash policy diff`. Throws LEASH_USAGE, LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_WORKSPACE. */
export async function diff(invocation: Invocation): Promise<number> {
  const [before, after] = await readSources(invocation.words);
  if (before === undefined || after === undefined || invocation.words.length !== 2)
    throw new LeashError('LEASH_USAGE', 'say which two policies to compare: the old one and the new one');
  const facts = canonicalFacts(await outsideFacts(invocation, before.text + after.text));
  const checker = new GuardedChecker(cedarSchema());
  const [old, later] = [read(before, facts, checker), read(after, facts, checker)];
  const differences = comparePolicies(old.policies, later.policies, facts);
  if (invocation.flags.has('json')) await print(jsonLine({ differences: differences.map(differenceJson) }));
  else await printDifferences(differences, { old: old.outlines, new: later.outlines });
  return isWider(differences) ? EXIT.failed : EXIT.ok;
}
