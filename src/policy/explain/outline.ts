// Policy text in; each of its statements as a person refers to it out: id, effect, place, annotations, the text itself.
import { annotationsOf, annotationValues } from '../check/annotations.ts';
import { placeName, placeOf, type Source } from '../text/diagnostic.ts';
import { splitStatements } from '../text/statements.ts';

export interface StatementOutline {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** Name of the text the statement is from. */
  readonly source: string;
  /** Both from 1; of the first token, which may be an annotation. */
  readonly line: number;
  readonly column: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly mode: 'enforce' | 'shadow';
  /** The last day of the statement has passed, so it is in no policy set. */
  readonly expired: boolean;
  readonly text: string;
}

/** The statements of a text that has passed every check. `today` is a day in UTC, `YYYY-MM-DD`. */
export function outline(source: Source, today: string): readonly StatementOutline[] {
  return splitStatements(source.text).map((statement) => {
    const { id, shadow, expires } = annotationsOf(statement);
    const { name, line, column } = placeOf(source, statement.start);
    const effect = statement.tokens.find(({ text }) => text === 'permit' || text === 'forbid')?.text;
    return {
      id: id ?? placeName(source, statement.start),
      effect: effect === 'forbid' ? 'forbid' : 'permit',
      source: name,
      line,
      column,
      annotations: Object.fromEntries([...annotationValues(statement)].map(([name, value]) => [name, value ?? ''])),
      mode: shadow ? 'shadow' : 'enforce',
      expired: expires !== undefined && expires < today,
      text: statement.text,
    };
  });
}
