// A session in, its MCP servers and their tools, with how often each was called, on standard output out.
import { EXIT } from '../../../host/errors.ts';
import { findSession } from '../../../journal/session-list.ts';
import { readTools } from '../../../journal/tool-files.ts';
import type { Invocation } from '../../command.ts';
import { clockTime } from '../../event-line.ts';
import { callsOf } from '../../mcp/call.ts';
import { type Server, serversOf, type Use } from '../../mcp/servers.ts';
import { printTable } from '../../table.ts';
import { jsonLine, print, printable, say } from '../../terminal.ts';

const HEADINGS = ['SERVER', 'BY', 'TOOL', 'ALLOWED', 'DENIED', 'WOULD DENY', 'ASKED', 'LAST'];

function uses(map: ReadonlyMap<string, Use>): readonly object[] {
  return [...map].map(([name, use]) => ({ name, ...use }));
}

function serverJson({ transports, vias, tools, methods, ...server }: Server): object {
  return { ...server, transports: [...transports], vias: [...vias], tools: uses(tools), methods: uses(methods) };
}

function rowsOf({ server, transports, vias, tools, methods }: Server): readonly (readonly string[])[] {
  const by = [...transports, ...vias].join(' ') || '-';
  const row = (name: string, { allowed, denied, would_deny, asked, last }: Use): readonly string[] => [
    printable(server),
    printable(by),
    printable(name),
    ...[allowed, denied, would_deny, asked].map(String),
    last === undefined ? '-' : clockTime(last),
  ];
  return [
    ...[...tools].map(([name, use]) => row(name, use)),
    ...[...methods].map(([name, use]) => row(`(${name})`, use)),
  ];
}

/** `leash mcp list`. Throws LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT, LEASH_INDEX. */
export async function list({ flags, words }: Invocation): Promise<number> {
  const { dir, info } = findSession(words[0] ?? 'latest');
  const calls = [...(await callsOf(dir))].map(({ event }) => event);
  const servers = serversOf(calls, readTools(dir));
  if (flags.has('json'))
    for (const server of servers) await print(jsonLine({ session: info.id, ...serverJson(server) }));
  else if (servers.length === 0) say(`leash: session ${info.id} has no MCP call`);
  else await printTable(HEADINGS, servers.flatMap(rowsOf));
  return EXIT.ok;
}
