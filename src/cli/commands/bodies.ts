// The number of an event in, the recorded bodies of its request and response on standard output out.
import { once } from 'node:events';
import { EXIT, LeashError } from '../../host/errors.ts';
import { type Direction, readBodyFile } from '../../journal/body-files.ts';
import type { Event } from '../../schema/event.ts';
import { escapeUnprintable } from '../../schema/printable.ts';
import type { Invocation } from '../command.ts';
import { findEvent } from '../session-event.ts';
import { printable, say } from '../terminal.ts';

interface Recorded {
  readonly direction: Direction;
  readonly content: Buffer;
  readonly heading: string;
}

function recorded(dir: string, { detail = {} }: Event, direction: Direction): Recorded | undefined {
  const lost = detail[`${direction}_body_lost`];
  if (typeof lost === 'string') say(`leash: the body of the ${direction} was not kept: ${printable(lost)}`);
  const [name, sha256] = [detail[`${direction}_body`], detail[`${direction}_body_sha256`]];
  if (typeof name !== 'string' || typeof sha256 !== 'string') return undefined;
  const content = readBodyFile(dir, { name, sha256 });
  const type = printable(String(detail[`${direction}_body_type`] ?? ''));
  const cut = detail[`${direction}_body_cut`] === true ? ', cut' : '';
  return { direction, content, heading: `leash: ${direction}: ${type}, ${content.length} bytes${cut}` };
}

async function printBody({ content, heading }: Recorded): Promise<void> {
  say(heading);
  const { stdout } = process;
  const shown = stdout.isTTY ? `${escapeUnprintable(content.toString('utf8'))}\n` : content;
  if (!stdout.write(shown)) await once(stdout, 'drain');
}

/** `leash bodies`. Throws LEASH_USAGE, LEASH_SESSION_UNKNOWN, LEASH_BODY_NONE, LEASH_JOURNAL_CORRUPT. */
export async function bodies({ words, flags }: Invocation): Promise<number> {
  const [name = ''] = words;
  const { session, seq, event } = await findEvent(name);
  const isBoth = flags.has('request') === flags.has('response');
  const wanted = (['request', 'response'] as const).filter((direction) => isBoth || flags.has(direction));
  const found = wanted.flatMap((direction) => recorded(session.dir, event, direction) ?? []);
  if (found.length === 0)
    throw new LeashError('LEASH_BODY_NONE', `event ${seq} of session ${session.info.id} has no recorded body`);
  for (const body of found) await printBody(body);
  return EXIT.ok;
}
