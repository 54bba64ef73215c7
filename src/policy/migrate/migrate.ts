// A policy written for the reference system in, the Cedar that means what its author meant out, edit by edit.
import { applyEdits, type Edit, rewriteStatement } from '../text/rewrite.ts';
import { splitStatements } from '../text/statements.ts';

export interface Migration {
  readonly text: string;
  /** In the order of the text. */
  readonly edits: readonly (Edit & { readonly meaning: 'same' | 'changed' })[];
}

/**
 * Applies the exact rewrites, which every load makes anyway, and those that change what Cedar would make of the text, which only its
 * author can want. A migrated text needs no edits. The text must be within the limits of check/limits.ts.
 */
export function migrateText(source: string): Migration {
  const edits = splitStatements(source).flatMap((statement) => {
    const { edits: exact, faults } = rewriteStatement(statement);
    return [
      ...exact.map((edit) => ({ ...edit, meaning: 'same' as const })),
      ...faults.flatMap(({ edit }) => (edit === undefined ? [] : [{ ...edit, meaning: 'changed' as const }])),
    ];
  });
  const ordered = edits.toSorted((a, b) => a.start - b.start);
  return { text: applyEdits(source, ordered), edits: ordered };
}
