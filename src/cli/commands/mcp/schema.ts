// A session in, a Cedar schema of the MCP tools that it saw on standard output out.
import { EXIT, LeashError } from '../../../host/errors.ts';
import { findSession } from '../../../journal/session-list.ts';
import { readTools } from '../../../journal/tool-files.ts';
import { escapeUnprintable } from '../../../schema/printable.ts';
import type { Invocation } from '../../command.ts';
import { jsonLine, print, printable, say } from '../../terminal.ts';

/** Of one tool, a line: the generator's faults show the place in many. */
const MAX_WHY = 160;

/** `leash mcp schema`. Throws LEASH_SESSION_UNKNOWN, LEASH_TOOLS_NONE, LEASH_JOURNAL_CORRUPT. */
export async function schema({ flags, values, words }: Invocation): Promise<number> {
  const { dir, info } = findSession(words[0] ?? 'latest');
  const servers = values.get('server');
  const seen = readTools(dir).filter(({ server }) => servers?.includes(server) ?? true);
  if (seen.length === 0) throw new LeashError('LEASH_TOOLS_NONE', `session ${info.id} saw no list of such tools`);
  const { toolSchema } = await import('../../mcp/tool-schema.ts');
  const { texts, json, left } = toolSchema(seen);
  for (const { server, tool, why } of left)
    say(`leash: left out: ${printable(`${tool} of ${server}: ${why}`.slice(0, MAX_WHY))}`);
  if (texts.length === 0) throw new LeashError('LEASH_TOOLS_NONE', 'no tool can be part of a Cedar schema');
  await print(flags.has('json') ? jsonLine(json) : escapeUnprintable(texts.join('\n\n')));
  return EXIT.ok;
}
