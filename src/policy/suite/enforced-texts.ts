// Policy text in; the Cedar text of each policy that is enforced, as the official authorizer takes them, out.
import { outline } from '../explain/outline.ts';
import type { Source } from '../text/diagnostic.ts';
import { rewriteStatement } from '../text/rewrite.ts';
import { splitStatements } from '../text/statements.ts';

/** By id; without shadow policies and those past their last day. The text has passed every check. `today` is a day in UTC. */
export function enforcedTexts(source: Source, today: string): Readonly<Record<string, string>> {
  const outlines = outline(source, today);
  const texts = splitStatements(source.text).flatMap((statement, index) => {
    const { id, expired, mode } = outlines[index] ?? {};
    const isEnforced = id !== undefined && expired === false && mode === 'enforce';
    return isEnforced ? [[id, rewriteStatement(statement).text] as const] : [];
  });
  return Object.fromEntries(texts);
}
