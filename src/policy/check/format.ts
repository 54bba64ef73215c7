// Policy text in, the same text in the official layout out; refused rather than changed when the formatter would lose anything.
import { LeashError } from '../../host/errors.ts';
import { type Diagnostic, renderDiagnostic, type Source } from '../text/diagnostic.ts';
import { tokenize } from '../text/lexer.ts';
import { splitStatements } from '../text/statements.ts';
import { CedarTrap, findSyntaxErrors, formatPolicyText } from './cedar.ts';
import { countFaults, limitFaults, textFaults } from './limits.ts';

function invalid(source: Source, message: string, faults: readonly Diagnostic[] = []): LeashError {
  const details = faults.flatMap((fault) => renderDiagnostic(source, fault));
  return new LeashError('LEASH_POLICY_INVALID', `policy ${source.name} is not formatted: ${message}`, { details });
}

/** Comments in their order, without the spaces at their ends, which a formatter may drop. */
function commentsOf(text: string): readonly string[] {
  return tokenize(text).flatMap((token) => (token.kind === 'comment' ? [token.text.trimEnd()] : []));
}

/** Everything that means something; a comma before a closing bracket means nothing, and the formatter drops it. */
function meaningOf(text: string): readonly string[] {
  const tokens = tokenize(text).flatMap((token) =>
    token.kind === 'space' || token.kind === 'comment' ? [] : [token.text],
  );
  return tokens.filter((token, at) => token !== ',' || !(tokens[at + 1] === ']' || tokens[at + 1] === '}'));
}

function syntaxFaults(source: Source): readonly Diagnostic[] {
  const statements = splitStatements(source.text);
  const byKey = new Map(statements.map((statement, index) => [`s${index}`, statement]));
  const texts = Object.fromEntries([...byKey].map(([key, { text }]) => [key, text]));
  return findSyntaxErrors(texts).map(({ statement, message, help, start, length }) => ({
    start: (byKey.get(statement)?.start ?? 0) + start,
    length: Math.max(1, length),
    message,
    ...(help === undefined ? {} : { hint: help }),
  }));
}

function beyondLimits({ text }: Source): readonly Diagnostic[] {
  const ofText = textFaults(text);
  if (ofText.length > 0) return ofText;
  const statements = splitStatements(text);
  const ofCount = countFaults(statements);
  return ofCount.length > 0 ? ofCount : statements.flatMap(limitFaults);
}

function format(source: Source): string | undefined {
  try {
    return formatPolicyText(source.text);
  } catch (cause) {
    if (!(cause instanceof CedarTrap)) throw cause;
    throw invalid(source, cause.message);
  }
}

/**
 * Formats a policy text as `cedar format` does (cedar-policy-formatter), with one newline at its end.
 * Throws LEASH_POLICY_INVALID: beyond the limits, syntax errors, or a result with other tokens or comments than the text.
 */
export function formatSource(source: Source): string {
  const limits = beyondLimits(source);
  if (limits.length > 0) throw invalid(source, 'it passes a limit', limits);
  const formatted = format(source);
  if (formatted === undefined) throw invalid(source, 'it has syntax errors', syntaxFaults(source));
  const text = `${formatted.trim()}\n`;
  const isSame = (of: (text: string) => readonly string[]): boolean =>
    of(text).join('\n') === of(source.text).join('\n');
  if (!isSame(meaningOf)) throw invalid(source, 'the formatter would change its meaning');
  if (!isSame(commentsOf)) throw invalid(source, 'the formatter would lose a comment; move it to a line of its own');
  return text.trim() === '' ? '' : text;
}
