// The name of a policy or of a session in, the statements in force out.

import { EXIT, LeashError } from '../../../host/errors.ts';
import { lastPolicyRecord } from '../../../journal/policy-record.ts';
import { findSession } from '../../../journal/session-list.ts';
import type { StatementOutline } from '../../../policy/explain/outline.ts';
import { resolveAliases } from '../../../policy/explain/resolve-aliases.ts';
import { statementName } from '../../../policy/explain/sentences.ts';
import { canonicalFacts, type SessionFacts } from '../../../policy/facts.ts';
import type { GuardedSource } from '../../../policy/load.ts';
import { today } from '../../../policy/load.ts';
import { DEFAULT_PROFILE, listProfiles } from '../../../policy/profile.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { outsideFacts } from '../../policy/facts.ts';
import { loadForPerson, sessionSource } from '../../policy/loaded.ts';
import { readSource } from '../../policy/source.ts';
import { jsonLine, painter, print, printable } from '../../terminal.ts';

interface InForce {
  readonly source: GuardedSource;
  readonly facts: SessionFacts;
  readonly epoch?: number;
}

async function showProfiles(isJson: boolean): Promise<void> {
  const profiles = listProfiles();
  if (isJson) {
    await print(
      jsonLine({ profiles: profiles.map((profile) => ({ ...profile, default: profile.name === DEFAULT_PROFILE })) }),
    );
    return;
  }
  const width = Math.max(...profiles.map(({ name }) => name.length));
  const paint = painter(process.stdout);
  for (const { name, summary } of profiles) {
    const mark = name === DEFAULT_PROFILE ? ' (default)' : '';
    await print(`${paint('bold', name.padEnd(width))}  ${printable(summary)}${mark}`);
  }
}

async function inForce(invocation: Invocation): Promise<InForce> {
  const session = lastValue(invocation, 'session');
  const [word] = invocation.words;
  if (session === undefined) {
    const source = await readSource(word);
    const facts = canonicalFacts(await outsideFacts(invocation, source.text));
    return { source: sessionSource(source, facts), facts };
  }
  if (word !== undefined || invocation.values.has('workspace') || invocation.values.has('agent')) {
    throw new LeashError('LEASH_USAGE', '--session brings its own policy, workspace and agent');
  }
  const { facts, epoch, ...source } = lastPolicyRecord(findSession(session).dir);
  return { source, facts: canonicalFacts(facts), epoch };
}

function headerLines({ source, facts, epoch }: InForce): readonly string[] {
  const inEpoch = epoch === undefined ? '' : `, epoch ${epoch}`;
  return [
    `policy ${source.name}${inEpoch}; agent ${facts.agent}, user ${facts.user}`,
    `@workspace/ is ${facts.workspace}, @home/ is ${facts.home}, @tmp/ is ${facts.tmp}`,
  ].map((line) => `// ${printable(line)}`);
}

/** Printable, with the tabs that lay a statement out. */
function tabbed(line: string): string {
  return line.split('\t').map(printable).join('\t');
}

async function printStatements(policy: InForce, statements: readonly StatementOutline[]): Promise<void> {
  const paint = painter(process.stdout);
  for (const line of headerLines(policy)) await print(paint('dim', line));
  for (const statement of statements) {
    const state = statement.expired ? ', expired: not in force' : statement.mode === 'shadow' ? ', shadow' : '';
    await print('');
    await print(paint('dim', `// ${printable(statementName(statement))}${state}`));
    const lines = resolveAliases(statement.text, policy.facts).split('\n');
    for (const line of lines) await print(tabbed(statement.expired ? `// ${line}` : line));
  }
}

/** `leash policy show`. Throws LEASH_USAGE, LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT. */
export async function show(invocation: Invocation): Promise<number> {
  const isJson = invocation.flags.has('json');
  if (invocation.flags.has('list')) {
    await showProfiles(isJson);
    return EXIT.ok;
  }
  const policy = await inForce(invocation);
  const { outlines } = await loadForPerson(policy.source, policy.facts, today());
  if (isJson) {
    const { session: _, ...facts } = policy.facts;
    const { name } = policy.source;
    await print(
      jsonLine({ name, ...(policy.epoch !== undefined && { epoch: policy.epoch }), facts, statements: outlines }),
    );
  } else await printStatements(policy, outlines);
  return EXIT.ok;
}
