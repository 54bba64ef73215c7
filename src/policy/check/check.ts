// From policy text to checked policies: every fault at once, with its place; what is left is exact Cedar.
import { type PolicyRecord, readPolicy } from '../evaluate/policy.ts';
import type { Checked } from '../policy-set.ts';
import { type Diagnostic, placeName, placeOf, renderDiagnostic, type Source } from '../text/diagnostic.ts';
import { type Piece, splitPieces } from '../text/statements.ts';
import { countFaults, textFaults } from './limits.ts';
import { passthroughFaults } from './passthrough.ts';
import { type StatementCheck, type StatementChecker, whole } from './statement-check.ts';

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

interface Entry {
  readonly statement: Piece;
  readonly check: StatementCheck;
  readonly id: string;
  readonly isExpired: boolean;
}

/** From the start of the statement to the start of the source. */
function placed({ statement }: Entry, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => ({ ...diagnostic, start: statement.start + diagnostic.start }));
}

function duplicates(entries: readonly Entry[], source: Source): readonly Diagnostic[] {
  const first = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const earlier = first.get(entry.id);
    if (earlier === undefined) {
      first.set(entry.id, entry);
      return [];
    }
    const { name, line } = placeOf(source, earlier.statement.start);
    const where = source.sections === undefined ? '' : ` of ${name}`;
    const message = `the id ${JSON.stringify(entry.id)} is taken by the policy in line ${line}${where}`;
    return [{ ...whole(entry.statement), message }];
  });
}

/** Annotations that end one text would else belong to the first statement of the next, which `@mode("shadow")` could disarm. */
function unfinished(entries: readonly Entry[], source: Source): readonly Diagnostic[] {
  return entries.flatMap(({ statement }) => {
    const end = statement.start + statement.text.length;
    if (source.sections?.some(({ start }) => statement.start < start && start < end) !== true) return [];
    const { name } = placeOf(source, statement.start);
    const message = `the policy is not finished at the end of ${name}`;
    return [{ ...whole(statement), message, hint: 'end it with `;`' }];
  });
}

/** One line per note: position and text. */
function noteLine(source: Source, note: Diagnostic): string {
  return renderDiagnostic(source, note)[0] ?? '';
}

function notesOf(entry: Entry): readonly Diagnostic[] {
  const { statement, check, isExpired } = entry;
  const message = `expired after ${check.annotations.expires}, so it is left out`;
  return [...placed(entry, check.notes), ...(isExpired ? [{ ...whole(statement), message }] : [])];
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** Faults that are shown in full. */
export const MOST_SHOWN = 100;

function failure(source: Source, faults: readonly Diagnostic[], notes: readonly Diagnostic[] = []): CheckResult {
  const diagnostics = faults.toSorted((a, b) => a.start - b.start);
  const shown = diagnostics.slice(0, MOST_SHOWN).flatMap((fault) => renderDiagnostic(source, fault));
  const more = diagnostics.length - MOST_SHOWN;
  const lines = more > 0 ? [...shown, `… and ${more} more`] : shown;
  return { ok: false, faults: diagnostics.length, lines, diagnostics, notes };
}

function entryOf(source: Source, statement: Piece, check: StatementCheck, today: string): Entry {
  const { id, expires } = check.annotations;
  return {
    statement,
    check,
    // Without `@id`, a policy is called by its place.
    id: id ?? placeName(source, statement.start),
    isExpired: expires !== undefined && expires < today,
  };
}

function recordOf({ id, check: { annotations, json } }: Entry): PolicyRecord {
  const { shadow, reason, ask, passthrough } = annotations;
  return {
    id,
    shadow,
    ...(reason === undefined ? {} : { reason }),
    ...(ask === undefined ? {} : { ask }),
    ...(passthrough && { passthrough }),
    json,
  };
}

/** Of the policies in force: what a rule has to see must not be hidden by another. */
function hidden(entries: readonly Entry[]): readonly Diagnostic[] {
  if (!entries.some(({ check }) => check.annotations.passthrough)) return [];
  const byId = new Map(entries.map((entry) => [entry.id, entry.statement]));
  return passthroughFaults(entries.map((entry) => readPolicy(recordOf(entry)))).flatMap(({ policy, message, hint }) => {
    const statement = byId.get(policy.id);
    return statement === undefined ? [] : [{ ...whole(statement), message, hint }];
  });
}

function success(source: Source, entries: readonly Entry[], notes: readonly Diagnostic[]): CheckResult {
  const current = entries.filter(({ isExpired }) => !isExpired);
  const faults = hidden(current);
  if (faults.length > 0) return failure(source, faults, notes);
  const [firstExpiry] = current.flatMap(({ check }) => check.annotations.expires ?? []).sort();
  return {
    ok: true,
    notes,
    checked: {
      policies: current.map(recordOf),
      notes: notes.map((note) => noteLine(source, note)),
      ...(firstExpiry === undefined ? {} : { staleFrom: dayAfter(firstExpiry) }),
    },
  };
}

/**
 * Checks a policy text. `today` is a day in UTC, `YYYY-MM-DD`; policies past their `@expires` are checked, then left out. A `checker`
 * that has seen most of the statements makes it quick. Throws CedarTrap.
 */
export function checkPolicies(source: Source, checker: StatementChecker, today: string): CheckResult {
  const unreadable = textFaults(source.text);
  if (unreadable.length > 0) return failure(source, unreadable);
  const statements = splitPieces(source.text);
  const surplus = countFaults(statements);
  if (surplus.length > 0) return failure(source, surplus);
  const checks = checker.check(statements);
  const entries = statements.map((statement, index) => entryOf(source, statement, checks[index]!, today));
  const faults = [
    ...entries.flatMap((entry) => placed(entry, entry.check.faults)),
    ...unfinished(entries, source),
    ...duplicates(entries, source),
  ];
  const notes = [...entries.flatMap(notesOf), ...entries.flatMap((entry) => placed(entry, entry.check.warnings))];
  return faults.length > 0 ? failure(source, faults, notes) : success(source, entries, notes);
}
