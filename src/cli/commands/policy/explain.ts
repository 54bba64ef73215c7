// A request or an event in; what the policy decides about it, and why, out.

import { isApproval } from '../../../decision/lift.ts';
import { EXIT, LeashError } from '../../../host/errors.ts';
import { readPolicyRecord } from '../../../journal/policy-record.ts';
import { type Explanation, explainRequest } from '../../../policy/explain/explain.ts';
import type { StatementOutline } from '../../../policy/explain/outline.ts';
import { explanationParagraphs } from '../../../policy/explain/sentences.ts';
import { canonicalFacts } from '../../../policy/facts.ts';
import { today } from '../../../policy/load.ts';
import type { Approval } from '../../../schema/approval.ts';
import type { Paragraph } from '../../../schema/paragraph.ts';
import { recordedRequest } from '../../../session/learning/event-request.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { eventLine } from '../../event-line.ts';
import { explanationJson } from '../../policy/explanation-json.ts';
import { outsideFacts } from '../../policy/facts.ts';
import { loadForPerson, sessionSource } from '../../policy/loaded.ts';
import { requestArgs } from '../../policy/request-args.ts';
import { readSource } from '../../policy/source.ts';
import { findEvent, type SessionEvent } from '../../session-event.ts';
import { jsonLine, painter, print, printable } from '../../terminal.ts';

type Outlines = ReadonlyMap<string, StatementOutline>;

function byId(outlines: readonly StatementOutline[]): Outlines {
  return new Map(outlines.map((entry) => [entry.id, entry]));
}

/** The verdict stands out; what explains it is indented below. */
async function printParagraphs(paragraphs: readonly Paragraph[], isAllowed: boolean): Promise<void> {
  const paint = painter(process.stdout);
  for (const [index, { heading, lines }] of paragraphs.entries()) {
    const text = printable(heading);
    await print(index === 0 ? paint(isAllowed ? 'green' : 'red', text) : `  ${text}`);
    for (const line of lines) await print(`      ${printable(line)}`);
  }
}

function isAllowed({ verdict }: Explanation): boolean {
  return verdict.effect === 'allow';
}

async function explainGiven(invocation: Invocation): Promise<void> {
  const source = await readSource(lastValue(invocation, 'policy'));
  const facts = canonicalFacts(await outsideFacts(invocation, source.text));
  const request = requestArgs(invocation, facts);
  const { set, records, outlines } = await loadForPerson(sessionSource(source, facts), facts, today());
  const explanation = explainRequest(set, records, facts, request);
  const statements = byId(outlines);
  if (invocation.flags.has('json')) await print(jsonLine(explanationJson(explanation, statements)));
  else await printParagraphs(explanationParagraphs(explanation, statements), isAllowed(explanation));
}

function approvalText({ by, waited }: Approval): string {
  const word = isApproval({ by, waited }) ? 'a person approved it' : 'it was refused';
  return `the policy asks a person: ${word} (${by}) after ${(waited / 1000).toFixed(1)} s`;
}

/** What the record says and the explanation cannot, or says otherwise. */
function caveats({ event }: SessionEvent, { verdict }: Explanation, missing: readonly string[]): readonly Paragraph[] {
  const lines: string[] = [];
  if (missing.length > 0)
    lines.push(`the journal does not keep ${missing.join(' and ')}, which a policy may have seen`);
  if (event.approval !== undefined) lines.push(approvalText(event.approval));
  else if (event.effect !== verdict.effect) {
    const recorded = event.effect === 'allow' ? 'allowed' : 'denied';
    const reason = event.reason === undefined ? '' : `: ${event.reason}`;
    lines.push(
      `the event was ${recorded}${reason}; the policy alone does not say so, so Leash itself decided, or time did`,
    );
  }
  if (event.target !== undefined) lines.push('the operation has a second name, which was judged as well');
  return lines.length === 0 ? [] : [{ heading: 'note:', lines }];
}

function eventJson({ session, seq, event }: SessionEvent): Readonly<Record<string, unknown>> {
  const { effect, policies, epoch } = event;
  return { session: session.info.id, seq, effect, policies, epoch };
}

/** Events that no policy decided are explained by what the journal says. */
async function explainUndecided(found: SessionEvent, isJson: boolean): Promise<void> {
  const { event } = found;
  if (isJson) {
    const { action, resource, effect, reason } = event;
    await print(
      jsonLine({ request: { action, resource }, effect, ...(reason && { reason }), event: eventJson(found) }),
    );
    return;
  }
  await print(eventLine(event, painter(process.stdout)));
  await print('  no policy decides this: it is refused by the base filter, or it happened to the session itself');
}

async function explainEvent(invocation: Invocation, name: string): Promise<void> {
  if (invocation.words.length > 0 || invocation.values.has('policy')) {
    throw new LeashError('LEASH_USAGE', '--event brings its own request and policy');
  }
  const isJson = invocation.flags.has('json');
  const found = await findEvent(name);
  const recorded = recordedRequest(found.event);
  if (recorded === undefined) return explainUndecided(found, isJson);
  const { facts, ...source } = readPolicyRecord(found.session.dir, found.event.epoch);
  const day = new Date(found.event.time).toISOString().slice(0, 10);
  const { set, records, outlines } = await loadForPerson(source, facts, day);
  const explanation = explainRequest(set, records, facts, recorded.request);
  const statements = byId(outlines);
  if (isJson) await print(jsonLine({ ...explanationJson(explanation, statements), event: eventJson(found) }));
  else {
    await print(eventLine(found.event, painter(process.stdout)));
    const paragraphs = [
      ...explanationParagraphs(explanation, statements),
      ...caveats(found, explanation, recorded.missing),
    ];
    await printParagraphs(paragraphs, isAllowed(explanation));
  }
}

/**
 * `leash policy explain`. Throws LEASH_USAGE, LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_WORKSPACE, LEASH_SESSION_UNKNOWN,
 * LEASH_JOURNAL_CORRUPT.
 */
export async function explain(invocation: Invocation): Promise<number> {
  const event = lastValue(invocation, 'event');
  await (event === undefined ? explainGiven(invocation) : explainEvent(invocation, event));
  return EXIT.ok;
}
