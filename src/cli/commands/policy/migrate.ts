// A policy for the reference system in; the policy in plain Cedar, its edits and what to look at, out.

import { EXIT, LeashError } from '../../../host/errors.ts';
import { cedarSchema } from '../../../policy/cedar-schema.ts';
import { checkSource } from '../../../policy/check/check-source.ts';
import { readPolicy } from '../../../policy/evaluate/policy.ts';
import { outline, type StatementOutline } from '../../../policy/explain/outline.ts';
import { statementName } from '../../../policy/explain/sentences.ts';
import { today } from '../../../policy/load.ts';
import { type Migration, migrateText } from '../../../policy/migrate/migrate.ts';
import { type MigrationWarning, migrationWarnings } from '../../../policy/migrate/warnings.ts';
import { placeName, positionOf } from '../../../policy/text/diagnostic.ts';
import { replaceFile } from '../../../session/replace-file.ts';
import type { Invocation } from '../../command.ts';
import { type NamedSource, readSource } from '../../policy/source.ts';
import { jsonLine, print, printable, say } from '../../terminal.ts';

interface Migrated {
  readonly source: NamedSource;
  readonly migration: Migration;
  readonly warnings: readonly MigrationWarning[];
  /** Of the new text, by id. */
  readonly statements: ReadonlyMap<string, StatementOutline>;
}

function tell({ source, migration, warnings, statements }: Migrated): void {
  for (const { start, why, meaning } of migration.edits) {
    const mark = meaning === 'changed' ? 'meaning changed: ' : '';
    say(`${placeName(source, start)}: ${mark}${printable(why)}`);
  }
  for (const { id, message, hint } of warnings) {
    const statement = statements.get(id);
    say(`warning: ${printable(statement === undefined ? id : statementName(statement))}: ${printable(message)}`);
    say(`    hint: ${printable(hint)}`);
  }
  if (migration.edits.length === 0) say(`${source.name}: nothing to migrate`);
}

function json({ source, migration, warnings, statements }: Migrated): unknown {
  return {
    name: source.name,
    text: migration.text,
    edits: migration.edits.map(({ start, length, replacement, meaning, why }) => {
      const { line, column } = positionOf(source.text, start);
      return { line, column, length, replacement, meaning, why };
    }),
    warnings: warnings.map(({ id, message, hint }) => {
      const { line = 0, column = 0 } = statements.get(id) ?? {};
      return { id, line, column, message, hint };
    }),
  };
}

/** `leash policy migrate`. Throws LEASH_USAGE, LEASH_POLICY_READ, LEASH_POLICY_INVALID. */
export async function migrate({ words, flags }: Invocation): Promise<number> {
  const [word] = words;
  if (word === undefined) throw new LeashError('LEASH_USAGE', 'say which policy to migrate');
  const source = await readSource(word);
  if (flags.has('write') && source.file === undefined) {
    throw new LeashError('LEASH_USAGE', `--write needs a file, and ${source.name} is none of yours`);
  }
  const migration = migrateText(source.text);
  const result = { name: source.name, text: migration.text };
  const day = today();
  // What migration does not mend is a fault; places are those of the new text, which differs in no line.
  const { policies } = checkSource(result, cedarSchema(), day);
  const statements = new Map(outline(result, day).map((statement) => [statement.id, statement]));
  const migrated = { source, migration, warnings: migrationWarnings(policies.map(readPolicy)), statements };
  if (flags.has('write') && migration.edits.length > 0) replaceFile(source.file ?? '', migration.text);
  if (flags.has('json')) await print(jsonLine(json(migrated)));
  else {
    tell(migrated);
    if (!flags.has('write')) process.stdout.write(migration.text);
  }
  return EXIT.ok;
}
