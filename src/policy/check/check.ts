// From policy text to checked policies: every fault at once, with its place; what is left is exact Cedar that some layer enforces.
import { UnsupportedExpression } from '../evaluate/expression.ts';
import { type PolicyRecord, readPolicy } from '../evaluate/policy.ts';
import type { Checked } from '../policy-set.ts';
import { type Diagnostic, placeOf, renderDiagnostic, type Source } from '../text/diagnostic.ts';
import { type Rewritten, rewriteStatement, sourceOffset } from '../text/rewrite.ts';
import { type Statement, splitStatements } from '../text/statements.ts';
import { type Annotations, annotationsOf } from './annotations.ts';
import { type Finding, findSyntaxErrors, statementToJson, validateStatements } from './cedar.ts';
import { literalFaults, namesOnly } from './enforceable.ts';
import { limitFaults, MAX_STATEMENTS, textFaults } from './limits.ts';

export type CheckResult =
  | { readonly ok: true; readonly checked: Checked }
  | { readonly ok: false; readonly lines: readonly string[]; readonly faults: number };

interface Draft {
  readonly key: string;
  readonly id: string;
  readonly statement: Statement;
  readonly annotations: Annotations;
  readonly rewritten: Rewritten;
  readonly faults: Diagnostic[];
}

function whole(statement: Statement): { start: number; length: number } {
  return { start: statement.start, length: statement.text.split('\n', 1)[0]!.length };
}

/** Without `@id`, a policy is called by its place. */
function placeName(source: Source, statement: Statement): string {
  const { name, line, column } = placeOf(source, statement.start);
  return `${name}:${line}${column === 1 ? '' : `:${column}`}`;
}

function draftOf(source: Source, statement: Statement, index: number): Draft {
  const annotations = annotationsOf(statement);
  const rewritten = rewriteStatement(statement);
  const faults = [...limitFaults(statement), ...annotations.faults, ...rewritten.faults, ...literalFaults(statement)];
  return {
    key: `s${index}`,
    id: annotations.id ?? placeName(source, statement),
    statement,
    annotations,
    rewritten,
    faults,
  };
}

/** Annotations that end one text would else belong to the first statement of the next, which `@mode("shadow")` could disarm. */
function reportUnfinished(drafts: readonly Draft[], source: Source): void {
  for (const { statement, faults } of drafts) {
    const end = statement.start + statement.text.length;
    if (source.sections?.some(({ start }) => statement.start < start && start < end) !== true) continue;
    const { name } = placeOf(source, statement.start);
    faults.push({
      ...whole(statement),
      message: `the policy is not finished at the end of ${name}`,
      hint: 'end it with `;`',
    });
  }
}

function reportDuplicates(drafts: readonly Draft[], source: Source): void {
  const first = new Map<string, Draft>();
  for (const draft of drafts) {
    const earlier = first.get(draft.id);
    if (earlier === undefined) first.set(draft.id, draft);
    else {
      const { name, line } = placeOf(source, earlier.statement.start);
      const where = source.sections === undefined ? '' : ` of ${name}`;
      draft.faults.push({
        ...whole(draft.statement),
        message: `the id ${JSON.stringify(draft.id)} is taken by the policy in line ${line}${where}`,
      });
    }
  }
}

function textsOf(drafts: readonly Draft[]): Record<string, string> {
  return Object.fromEntries(drafts.map(({ key, rewritten }) => [key, rewritten.text]));
}

function toDiagnostic(draft: Draft, { message, help, start, length }: Finding): Diagnostic {
  const from = sourceOffset(draft.statement, draft.rewritten.edits, start);
  const to = sourceOffset(draft.statement, draft.rewritten.edits, start + length);
  return { start: from, length: Math.max(1, to - from), message, ...(help === undefined ? {} : { hint: help }) };
}

/** Cedar checks a statement once per kind of resource and may say the same of each: one fault a place is enough. */
function addFault(draft: Draft, fault: Diagnostic): void {
  if (!draft.faults.some(({ start, length }) => start === fault.start && length === fault.length))
    draft.faults.push(fault);
}

/** Adds Cedar's errors to the drafts; returns its plain warnings. Statements beyond the limits never reach Cedar. */
function consultCedar(drafts: readonly Draft[], schema: string): readonly Diagnostic[] {
  const byKey = new Map(drafts.map((draft) => [draft.key, draft]));
  const safe = drafts.filter(({ statement }) => limitFaults(statement).length === 0);
  const broken = new Set<string>();
  for (const finding of findSyntaxErrors(textsOf(safe))) {
    broken.add(finding.statement);
    const draft = byKey.get(finding.statement);
    if (draft !== undefined) addFault(draft, toDiagnostic(draft, finding));
  }
  const notes: Diagnostic[] = [];
  for (const finding of validateStatements(textsOf(safe.filter(({ key }) => !broken.has(key))), schema)) {
    const draft = byKey.get(finding.statement);
    if (draft === undefined) continue;
    const diagnostic = toDiagnostic(draft, finding);
    if (!finding.warning) addFault(draft, diagnostic);
    else if (!finding.impossible) notes.push(diagnostic);
    // One error already explains why nothing can match.
    else if (draft.faults.length === 0) draft.faults.push({ ...diagnostic, ...whole(draft.statement) });
  }
  return notes;
}

function toRecord(draft: Draft): PolicyRecord {
  const { id, annotations, rewritten } = draft;
  const { reason } = annotations;
  return {
    id,
    shadow: annotations.shadow,
    ...(reason === undefined ? {} : { reason }),
    json: statementToJson(rewritten.text),
  };
}

/** Converts a statement that Cedar accepts; what this version cannot evaluate becomes a fault of the draft. */
function convert(draft: Draft): PolicyRecord | undefined {
  const converted = toRecord(draft);
  try {
    const { conditions } = readPolicy(converted);
    if (conditions.every(({ body }) => namesOnly({ op: 'not', operand: body }))) return converted;
    const message = 'an entity literal may only be compared, or stand on the right of `in`';
    draft.faults.push({
      ...whole(draft.statement),
      message,
      hint: 'ask about `resource`, `principal` or `context` instead',
    });
  } catch (error) {
    if (!(error instanceof UnsupportedExpression)) throw error;
    draft.faults.push({ ...whole(draft.statement), message: `${error.message} is not supported` });
  }
  return undefined;
}

/** One line per note: position and text. */
function noteLine(source: Source, note: Diagnostic): string {
  return renderDiagnostic(source, note)[0] ?? '';
}

function draftNotes(source: Source, draft: Draft, isExpired: boolean): readonly string[] {
  const rewrites = draft.rewritten.edits.map(({ start, length, why }) => ({ start, length, message: why }));
  const expiry = {
    ...whole(draft.statement),
    message: `expired after ${draft.annotations.expires}, so it is left out`,
  };
  return [...draft.annotations.notes, ...rewrites, ...(isExpired ? [expiry] : [])].map((note) =>
    noteLine(source, note),
  );
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function failure(source: Source, faults: readonly Diagnostic[]): CheckResult {
  const ordered = faults.toSorted((a, b) => a.start - b.start);
  return { ok: false, faults: ordered.length, lines: ordered.flatMap((fault) => renderDiagnostic(source, fault)) };
}

/**
 * Checks a policy text. `today` is a day in UTC, `YYYY-MM-DD`; policies past their `@expires` are checked, then left out.
 * Throws CedarTrap.
 */
export function checkPolicies(source: Source, schema: string, today: string): CheckResult {
  const unreadable = textFaults(source.text);
  if (unreadable.length > 0) return failure(source, unreadable);
  const drafts = splitStatements(source.text).map((statement, index) => draftOf(source, statement, index));
  if (drafts.length > MAX_STATEMENTS) {
    return failure(source, [
      { start: 0, length: 1, message: `a policy text holds at most ${MAX_STATEMENTS} policies` },
    ]);
  }
  reportUnfinished(drafts, source);
  reportDuplicates(drafts, source);
  const warnings = consultCedar(drafts, schema);
  const isExpired = ({ annotations }: Draft): boolean =>
    annotations.expires !== undefined && annotations.expires < today;
  const converted = drafts
    .filter((draft) => draft.faults.length === 0)
    .map((draft) => ({ draft, stored: convert(draft) }));
  const faults = drafts.flatMap((draft) => draft.faults);
  if (faults.length > 0) return failure(source, faults);
  const current = converted.filter(({ draft }) => !isExpired(draft));
  const [firstExpiry] = current.flatMap(({ draft }) => draft.annotations.expires ?? []).sort();
  return {
    ok: true,
    checked: {
      policies: current.flatMap(({ stored }) => stored ?? []),
      notes: [
        ...drafts.flatMap((draft) => draftNotes(source, draft, isExpired(draft))),
        ...warnings.map((note) => noteLine(source, note)),
      ],
      ...(firstExpiry === undefined ? {} : { staleFrom: dayAfter(firstExpiry) }),
    },
  };
}
