// The name of an MCP call in, all that is known of it and the events that it caused on standard output out.
import { EXIT, LeashError } from '../../../host/errors.ts';
import type { JournalEntry } from '../../../journal/decoder.ts';
import { findEvents } from '../../../journal/search/find.ts';
import { findSession, type SessionSummary } from '../../../journal/session-list.ts';
import type { Invocation } from '../../command.ts';
import { eventFormat } from '../../event-format.ts';
import { callPolicy } from '../../mcp/call-policy.ts';
import { callText } from '../../mcp/call-text.ts';
import { grouped } from '../../mcp/effects.ts';
import { findEvent } from '../../session-event.ts';
import { jsonLine, painter, print, say } from '../../terminal.ts';

/** Of what one call caused, the last so many are shown. */
const MAX_EVENTS = 10_000;

interface Named {
  readonly session: SessionSummary;
  readonly call: string;
}

/** By its own name, or by an event that belongs to it. */
async function named([word = '', session]: readonly string[]): Promise<Named> {
  if (!word.includes(':')) {
    if (!/^c\d{1,15}$/.test(word))
      throw new LeashError('LEASH_USAGE', `a call is c3, or an event as latest:42; got ${JSON.stringify(word)}`);
    return { session: findSession(session ?? 'latest'), call: word };
  }
  if (session !== undefined) throw new LeashError('LEASH_USAGE', `${JSON.stringify(word)} names its session already`);
  const found = await findEvent(word);
  const [call, ...others] = found.event.call?.split(',') ?? [];
  if (call === undefined) throw new LeashError('LEASH_CALL_UNKNOWN', `event ${found.seq} belongs to no MCP call`);
  if (others.length > 0)
    throw new LeashError('LEASH_CALL_UNKNOWN', `event ${found.seq} happened during ${[call, ...others].join(' and ')}`);
  return { session: found.session, call };
}

async function printWhole({ event }: JournalEntry, effects: readonly JournalEntry[], session: string): Promise<void> {
  const paint = painter(process.stdout);
  for (const line of callText(event, paint)) await print(line);
  const format = eventFormat(false, session);
  for (const { title, entries } of grouped(effects)) {
    await print(`\n${paint('bold', title)}`);
    for (const entry of entries) await print(format(entry));
  }
}

/** `leash mcp inspect`. Throws LEASH_USAGE, LEASH_SESSION_UNKNOWN, LEASH_CALL_UNKNOWN, LEASH_JOURNAL_CORRUPT, LEASH_INDEX. */
export async function inspect({ flags, words }: Invocation): Promise<number> {
  const { session, call } = await named(words);
  const { dir, info } = session;
  const all = [...(await findEvents(dir, { call }, MAX_EVENTS))];
  const own = all.find(({ event }) => event.action === 'McpCall' && event.call === call);
  if (own === undefined)
    throw new LeashError('LEASH_CALL_UNKNOWN', `session ${info.id} has no MCP call ${call} that has ended`);
  if (flags.has('policy')) {
    await print(callPolicy(own.event));
    return EXIT.ok;
  }
  const effects = all.filter((entry) => entry !== own);
  if (flags.has('json')) {
    const caused = effects.map(({ seq, event }) => ({ seq, ...event }));
    await print(jsonLine({ session: info.id, seq: own.seq, ...own.event, caused }));
  } else await printWhole(own, effects, info.id);
  if (all.length === MAX_EVENTS)
    say(`leash: these are the last ${MAX_EVENTS} events; \`leash events query --call ${call}\` has more`);
  return EXIT.ok;
}
