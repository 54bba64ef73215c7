// Policies in, the same in the official layout out: printed, written, or only compared.
import { EXIT, LeashError } from '../../../host/errors.ts';
import { formatSource } from '../../../policy/check/format.ts';
import { replaceFile } from '../../../session/replace-file.ts';
import type { Invocation } from '../../command.ts';
import { type NamedSource, readSources } from '../../policy/source.ts';
import { jsonLine, print, printable } from '../../terminal.ts';

interface Formatted {
  readonly source: NamedSource;
  readonly text: string;
}

function isFormatted({ source, text }: Formatted): boolean {
  return source.text === text;
}

function checkUse({ flags }: Invocation, sources: readonly NamedSource[]): void {
  const isWrite = flags.has('write');
  if (isWrite && flags.has('check')) throw new LeashError('LEASH_USAGE', '--check and --write exclude each other');
  const foreign = isWrite ? sources.find(({ file }) => file === undefined) : undefined;
  if (foreign !== undefined)
    throw new LeashError('LEASH_USAGE', `--write needs a file, and ${foreign.name} is none of yours`);
  if (sources.length > 1 && !isWrite && !flags.has('check') && !flags.has('json')) {
    throw new LeashError('LEASH_USAGE', 'several files need --write, --check or --json');
  }
}

/** `leash policy fmt`. Throws LEASH_USAGE, LEASH_POLICY_READ, LEASH_POLICY_INVALID. */
export async function fmt(invocation: Invocation): Promise<number> {
  const { flags, words } = invocation;
  const sources = await readSources(words);
  checkUse(invocation, sources);
  // All are formatted before one is written.
  const results = sources.map((source): Formatted => ({ source, text: formatSource(source) }));
  const changed = results.filter((result) => !isFormatted(result));
  if (flags.has('write')) for (const { source, text } of changed) replaceFile(source.file ?? '', text);
  if (flags.has('json')) {
    const files = results.map((result) => ({
      name: result.source.name,
      formatted: isFormatted(result),
      text: result.text,
    }));
    await print(jsonLine({ files }));
  } else if (flags.has('check')) for (const { source } of changed) await print(printable(source.name));
  else if (!flags.has('write')) process.stdout.write(results[0]?.text ?? '');
  return flags.has('check') && changed.length > 0 ? EXIT.failed : EXIT.ok;
}
