// From policy text to checked policies: every fault at once, with its place; what is left is exact Cedar.
import { UnsupportedExpression } from '../evaluate/expression.ts';
import { type PolicyRecord, readPolicy } from '../evaluate/policy.ts';
import type { Checked } from '../policy-set.ts';
import { type Diagnostic, placeName, placeOf, renderDiagnostic, type Source } from '../text/diagnostic.ts';
import { type Rewritten, rewriteStatement, sourceOffset } from '../text/rewrite.ts';
import { type Statement, splitStatements } from '../text/statements.ts';
import { type Annotations, annotationsOf } from './annotations.ts';
import { type Finding, findSyntaxErrors, statementToJson, validateStatements } from './cedar.ts';
import { literalFaults, namesOnly, unenforcedIn } from './enforceable.ts';
import { limitFaults, MAX_STATEMENTS, textFaults } from './limits.ts';

/** Both kinds carry their notes: rewrites, expired policies, suspicious spellings. */
export type CheckResult =
  | { readonly ok: true; readonly checked: Checked; readonly notes: readonly Diagnostic[] }
  | {
      readonly ok: false;
      readonly lines: readonly string[];
      readonly faults: number;
      /** In the order of the text. */
      readonly diagnostics: readonly Diagnostic[];
      readonly notes: readonly Diagnostic[];
    };

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

/** `language`: all that requests can name. `session`: only what some layer asks about, so that no policy promises more than it keeps. */
export type Scope = 'language' | 'session';

function draftOf(source: Source, statement: Statement, index: number, scope: Scope): Draft {
  const annotations = annotationsOf(statement);
  const rewritten = rewriteStatement(statement);
  const faults = [
    ...limitFaults(statement),
    ...annotations.faults,
    ...rewritten.faults,
    ...literalFaults(statement),
    ...(scope === 'session' ? unenforcedIn(statement) : []),
  ];
  return {
    key: `s${index}`,
    // Without `@id`, a policy is called by its place.
    id: annotations.id ?? placeName(source, statement.start),
    statement,
    annotations,
    rewritten,
    faults,
  };
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
  const { reason, ask } = annotations;
  return {
    id,
    shadow: annotations.shadow,
    ...(reason === undefined ? {} : { reason }),
    ...(ask === undefined ? {} : { ask }),
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

function draftNotes(draft: Draft, isExpired: boolean): readonly Diagnostic[] {
  const rewrites = draft.rewritten.edits.map(({ start, length, why }) => ({ start, length, message: why }));
  const expiry = {
    ...whole(draft.statement),
    message: `expired after ${draft.annotations.expires}, so it is left out`,
  };
  return [...draft.annotations.notes, ...rewrites, ...(isExpired ? [expiry] : [])];
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function failure(source: Source, faults: readonly Diagnostic[], notes: readonly Diagnostic[] = []): CheckResult {
  const diagnostics = faults.toSorted((a, b) => a.start - b.start);
  const lines = diagnostics.flatMap((fault) => renderDiagnostic(source, fault));
  return { ok: false, faults: diagnostics.length, lines, diagnostics, notes };
}

/**
 * Checks a policy text. `today` is a day in UTC, `YYYY-MM-DD`; policies past their `@expires` are checked, then left out.
 * Throws CedarTrap.
 */
export function checkPolicies(source: Source, schema: string, today: string, scope: Scope = 'language'): CheckResult {
  const unreadable = textFaults(source.text);
  if (unreadable.length > 0) return failure(source, unreadable);
  const drafts = splitStatements(source.text).map((statement, index) => draftOf(source, statement, index, scope));
  if (drafts.length > MAX_STATEMENTS) {
    return failure(source, [
      { start: 0, length: 1, message: `a policy text holds at most ${MAX_STATEMENTS} policies` },
    ]);
  }
  reportDuplicates(drafts, source);
  const warnings = consultCedar(drafts, schema);
  const isExpired = ({ annotations }: Draft): boolean =>
    annotations.expires !== undefined && annotations.expires < today;
  const converted = drafts
    .filter((draft) => draft.faults.length === 0)
    .map((draft) => ({ draft, stored: convert(draft) }));
  const faults = drafts.flatMap((draft) => draft.faults);
  const notes = [...drafts.flatMap((draft) => draftNotes(draft, isExpired(draft))), ...warnings];
  if (faults.length > 0) return failure(source, faults, notes);
  const current = converted.filter(({ draft }) => !isExpired(draft));
  const [firstExpiry] = current.flatMap(({ draft }) => draft.annotations.expires ?? []).sort();
  return {
    ok: true,
    notes,
    checked: {
      policies: current.flatMap(({ stored }) => stored ?? []),
      notes: notes.map((note) => noteLine(source, note)),
      ...(firstExpiry === undefined ? {} : { staleFrom: dayAfter(firstExpiry) }),
    },
  };
}
