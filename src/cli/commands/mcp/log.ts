// A session and filters in, its MCP calls on standard output out.
import { EXIT } from '../../../host/errors.ts';
import type { JournalEntry } from '../../../journal/decoder.ts';
import { openReader } from '../../../journal/reader.ts';
import { findSession } from '../../../journal/session-list.ts';
import type { Event } from '../../../schema/event.ts';
import type { Invocation } from '../../command.ts';
import { isDenied, serverOf, toolOf } from '../../mcp/call.ts';
import { callLine } from '../../mcp/call-line.ts';
import { jsonLine, painter, print, say } from '../../terminal.ts';

function filter({ flags, values }: Invocation): (event: Event) => boolean {
  const [servers, tools] = [values.get('server'), values.get('tool')];
  return (event) =>
    event.action === 'McpCall' &&
    (!flags.has('denied') || isDenied(event)) &&
    (servers === undefined || servers.includes(serverOf(event))) &&
    (tools === undefined || tools.includes(toolOf(event) ?? ''));
}

/** `leash mcp log`. Throws LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT. */
export async function log(invocation: Invocation): Promise<number> {
  const { dir, info } = findSession(invocation.words[0] ?? 'latest');
  const isWanted = filter(invocation);
  const paint = painter(process.stdout);
  const isJson = invocation.flags.has('json');
  const show = async ({ seq, event }: JournalEntry): Promise<void> => {
    if (isWanted(event)) await print(isJson ? jsonLine({ session: info.id, seq, ...event }) : callLine(event, paint));
  };
  const reader = openReader(dir);
  try {
    for await (const entry of reader.available()) await show(entry);
    if (invocation.flags.has('follow') && reader.state === 'running')
      for await (const entry of reader.follow(new AbortController().signal)) await show(entry);
    if (reader.state === 'crashed') say(`leash: session ${info.id} did not end properly: its leash process is gone.`);
  } finally {
    await reader.close();
  }
  return EXIT.ok;
}
