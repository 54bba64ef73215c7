// Policy text in; everything `leash policy check` says about it out: faults, notes, and who will decide each policy.

import { TooComplex } from '../compile/atoms.ts';
import { compileTable } from '../compile/table.ts';
import { type Policy, readPolicy } from '../evaluate/policy.ts';
import { outline, type StatementOutline } from '../explain/outline.ts';
import { canonicalFacts, type SessionFacts } from '../facts.ts';
import { type Diagnostic, placeOf, type Source } from '../text/diagnostic.ts';
import { type Statement, splitStatements } from '../text/statements.ts';
import { CedarTrap } from './cedar.ts';
import { type CheckResult, checkPolicies } from './check.ts';
import { type Deciders, decidersOf } from './deciders.ts';
import { StatementChecker } from './statement-check.ts';

export interface PolicyReport {
  readonly statement: StatementOutline;
  /** Undefined for a policy that has expired: it is in no set. */
  readonly deciders?: Deciders;
}

export interface CheckReport {
  readonly source: Source;
  /** In the order of the text. Without any, a session starts under this policy. */
  readonly faults: readonly Diagnostic[];
  readonly notes: readonly Diagnostic[];
  /** Empty when there are faults. */
  readonly policies: readonly PolicyReport[];
}

function firstLine(statement: Statement): { start: number; length: number } {
  return { start: statement.start, length: statement.text.split('\n', 1)[0]?.length ?? 1 };
}

function tooComplex(statement: Statement | undefined, cause: TooComplex): Diagnostic {
  const place = statement === undefined ? { start: 0, length: 1 } : firstLine(statement);
  const hint =
    'join conditions: `in Dir::` and `==` cost nothing, `like` with an inner `*`, `name` and `ext` each cost one';
  return { ...place, message: `the policy is too complex for a table: ${cause.message}`, hint };
}

interface Compiled {
  readonly deciders: readonly Deciders[];
  readonly faults: readonly Diagnostic[];
}

/** Tries what a session would do. `at` finds the statement of a policy. */
function compile(
  policies: readonly Policy[],
  facts: SessionFacts,
  at: (id: string) => Statement | undefined,
): Compiled {
  let current: string | undefined;
  try {
    const deciders = decidersOf(policies, facts, ({ id }) => {
      current = id;
    });
    current = undefined;
    compileTable(policies, facts);
    return { deciders, faults: [] };
  } catch (cause) {
    if (!(cause instanceof TooComplex)) throw cause;
    return { deciders: [], faults: [tooComplex(current === undefined ? undefined : at(current), cause)] };
  }
}

function checked(source: Source, schema: string, today: string): CheckResult {
  try {
    return checkPolicies(source, new StatementChecker(schema), today);
  } catch (cause) {
    if (!(cause instanceof CedarTrap)) throw cause;
    const fault = { start: 0, length: 1, message: cause.message };
    return { ok: false, lines: [], faults: 1, diagnostics: [fault], notes: [] };
  }
}

/** `today` is a day in UTC, `YYYY-MM-DD`. Throws LEASH_WORKSPACE for facts that are no directories. */
export function checkReport(source: Source, schema: string, facts: SessionFacts, today: string): CheckReport {
  const canonical = canonicalFacts(facts);
  const result = checked(source, schema, today);
  if (!result.ok) return { source, faults: result.diagnostics, notes: result.notes, policies: [] };
  const statements = splitStatements(source.text);
  const outlines = outline(source, today);
  const at = (id: string): Statement | undefined => statements[outlines.findIndex((entry) => entry.id === id)];
  const { deciders, faults } = compile(result.checked.policies.map(readPolicy), canonical, at);
  const byId = new Map(deciders.map((entry) => [entry.id, entry]));
  const notes = result.notes.toSorted((a, b) => a.start - b.start);
  const policies = outlines.map((statement): PolicyReport => {
    const decider = byId.get(statement.id);
    return { statement, ...(decider === undefined ? {} : { deciders: decider }) };
  });
  return { source, faults, notes, policies: faults.length > 0 ? [] : policies };
}

/** A finding as data: its place, from 1, and its words. */
export function findingOf(
  source: Source,
  { start, length, message, hint }: Diagnostic,
): Readonly<Record<string, unknown>> {
  const { line, column } = placeOf(source, start);
  return { line, column, length, message, ...(hint === undefined ? {} : { hint }) };
}
