// Statements in; for each what its text alone tells out: faults, notes, annotations, Cedar's JSON. Known ones are not looked at again.
import { UnsupportedExpression } from '../evaluate/expression.ts';
import { readPolicy } from '../evaluate/policy.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import { type Rewritten, rewriteStatement, sourceOffset } from '../text/rewrite.ts';
import { type Piece, readStatement, type Statement } from '../text/statements.ts';
import { type Annotations, annotationsOf } from './annotations.ts';
import { type Finding, findSyntaxErrors, statementToJson, validateStatements } from './cedar.ts';
import { literalFaults, namesOnly } from './enforceable.ts';
import { limitFaults } from './limits.ts';
import { suffixNotes } from './public-suffix.ts';
import { rewriteFaults } from './rewritten-headers.ts';

/** Offsets count from the statement's first token. */
export interface StatementCheck {
  readonly annotations: Annotations;
  readonly faults: readonly Diagnostic[];
  /** Rewrites made, suspicious spellings, wildcards that are wider than anybody means. */
  readonly notes: readonly Diagnostic[];
  /** What Cedar finds strange and accepts. */
  readonly warnings: readonly Diagnostic[];
  /** The statement in Cedar's JSON policy format, one object for as long as it is remembered; undefined when there are faults. */
  readonly json: unknown;
}

interface Draft {
  readonly statement: Statement;
  readonly annotations: Annotations;
  readonly rewritten: Rewritten;
  readonly faults: Diagnostic[];
  readonly warnings: Diagnostic[];
  readonly isSafe: boolean;
}

/** Its first line. */
export function whole({ start, text }: Piece): { start: number; length: number } {
  return { start, length: text.split('\n', 1)[0]!.length };
}

function draftOf(statement: Statement): Draft {
  const annotations = annotationsOf(statement);
  const rewritten = rewriteStatement(statement);
  const limits = limitFaults(statement);
  // What passes a limit has faults enough, and looking for more may take long.
  const faults =
    limits.length > 0 ? [...limits] : [...annotations.faults, ...rewritten.faults, ...literalFaults(statement)];
  return { statement, annotations, rewritten, faults, warnings: [], isSafe: limits.length === 0 };
}

function toDiagnostic({ statement, rewritten }: Draft, { message, help, start, length }: Finding): Diagnostic {
  const from = sourceOffset(statement, rewritten.edits, start);
  const to = sourceOffset(statement, rewritten.edits, start + length);
  return { start: from, length: Math.max(1, to - from), message, ...(help === undefined ? {} : { hint: help }) };
}

/** Cedar checks a statement once per kind of resource and may say the same of each: one fault a place is enough. */
function addFault(draft: Draft, fault: Diagnostic): void {
  if (!draft.faults.some(({ start, length }) => start === fault.start && length === fault.length))
    draft.faults.push(fault);
}

/** Adds what Cedar says. Statements beyond the limits never reach it. Throws CedarTrap. */
function consultCedar(drafts: readonly Draft[], schema: string): void {
  const byKey = new Map(drafts.filter(({ isSafe }) => isSafe).map((draft, index) => [`s${index}`, draft]));
  const texts = Object.fromEntries([...byKey].map(([key, { rewritten }]) => [key, rewritten.text]));
  for (const finding of findSyntaxErrors(texts)) {
    delete texts[finding.statement];
    const draft = byKey.get(finding.statement);
    if (draft !== undefined) addFault(draft, toDiagnostic(draft, finding));
  }
  for (const finding of validateStatements(texts, schema)) {
    const draft = byKey.get(finding.statement);
    if (draft === undefined) continue;
    const diagnostic = toDiagnostic(draft, finding);
    if (!finding.warning) addFault(draft, diagnostic);
    else if (!finding.impossible) draft.warnings.push(diagnostic);
    // One error already explains why nothing can match.
    else if (draft.faults.length === 0) draft.faults.push({ ...diagnostic, ...whole(draft.statement) });
  }
}

/** Converts a statement that Cedar accepts; what this version cannot evaluate becomes a fault of the draft. */
function convert(draft: Draft): unknown {
  const json = statementToJson(draft.rewritten.text);
  try {
    const policy = readPolicy({ id: '', shadow: false, json });
    const { conditions } = policy;
    draft.faults.push(...rewriteFaults(draft.statement, policy));
    if (draft.faults.length > 0) return undefined;
    if (conditions.every(({ body }) => namesOnly({ op: 'not', operand: body }))) return json;
    const message = 'an entity literal may only be compared, or stand on the right of `in`';
    const hint = 'ask about `resource`, `principal` or `context` instead';
    draft.faults.push({ ...whole(draft.statement), message, hint });
  } catch (error) {
    if (!(error instanceof UnsupportedExpression)) throw error;
    draft.faults.push({ ...whole(draft.statement), message: `${error.message} is not supported` });
  }
  return undefined;
}

function finish(draft: Draft): StatementCheck {
  const { statement, annotations, rewritten, faults, warnings } = draft;
  const json = faults.length === 0 ? convert(draft) : undefined;
  const rewrites = rewritten.edits.map(({ start, length, why }) => ({ start, length, message: why }));
  const wide = json === undefined ? [] : suffixNotes(statement);
  return { annotations, faults, notes: [...annotations.notes, ...rewrites, ...wide], warnings, json };
}

/** Statements of earlier texts that are remembered besides those of the last one. */
const SPARE = 2_000;

export class StatementChecker {
  readonly #schema: string;
  #known = new Map<string, StatementCheck>();

  constructor(schema: string) {
    this.#schema = schema;
  }

  /** Throws CedarTrap. */
  check(statements: readonly Piece[]): readonly StatementCheck[] {
    const fresh = new Set(statements.map(({ text }) => text).filter((text) => !this.#known.has(text)));
    const drafts = [...fresh].map((text) => draftOf(readStatement({ start: 0, text })));
    if (drafts.length > 0) consultCedar(drafts, this.#schema);
    for (const draft of drafts) this.#known.set(draft.statement.text, finish(draft));
    const checks = statements.map(({ text }) => this.#known.get(text)!);
    if (this.#known.size > statements.length + SPARE) {
      this.#known = new Map(statements.map(({ text }, index) => [text, checks[index]!]));
    }
    return checks;
  }
}
