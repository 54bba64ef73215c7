// A session in, its verified events as another program reads them out: on standard output, or in a new file.
import { once } from 'node:events';
import fs from 'node:fs';
import { EXIT, LeashError } from '../../../host/errors.ts';
import type { JournalEntry } from '../../../journal/decoder.ts';
import { otlpTarget } from '../../../journal/otlp/target.ts';
import { openReader } from '../../../journal/reader.ts';
import { createPrivateFile } from '../../../journal/segment.ts';
import { findSession, type SessionSummary } from '../../../journal/session-list.ts';
import { otlpSession } from '../../../session/telemetry.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { eventFormat } from '../../event-format.ts';
import { print, say } from '../../terminal.ts';

type Format = ReturnType<typeof eventFormat>;

async function eachEntry(session: SessionSummary, take: (entry: JournalEntry) => Promise<void>): Promise<number> {
  const reader = openReader(session.dir);
  let count = 0;
  try {
    for await (const entry of reader.available()) {
      await take(entry);
      count += 1;
    }
  } finally {
    await reader.close();
  }
  return count;
}

/** Written beside and given its name at the end: a file that is there is whole. An existing file is left alone. */
async function toFile(file: string, session: SessionSummary, format: Format): Promise<number> {
  const temporary = `${file}.${process.pid}.part`;
  try {
    const stream = fs.createWriteStream('', { fd: createPrivateFile(temporary) });
    const failed = once(stream, 'error').then(([error]) => Promise.reject(error));
    failed.catch(() => undefined);
    const write = async (entry: JournalEntry): Promise<void> => {
      if (!stream.write(`${format(entry)}\n`)) await Promise.race([once(stream, 'drain'), failed]);
    };
    const count = await eachEntry(session, write);
    stream.end();
    await Promise.race([once(stream, 'close'), failed]);
    // A link, not a rename: what has the name already is not replaced.
    fs.linkSync(temporary, file);
    return count;
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new LeashError('LEASH_EXPORT', `${file} cannot be written (${code})`, { cause });
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** Events between two waits for the endpoint: nothing is dropped, and little is kept. */
const AT_A_TIME = 512;

/** To a collector; all of them, or LEASH_EXPORT. */
async function toCollector(session: SessionSummary, endpoint: string | undefined): Promise<number> {
  const chosen = otlpTarget(endpoint === undefined ? process.env : {}, endpoint);
  if (chosen?.target === undefined)
    throw new LeashError('LEASH_USAGE', chosen?.problem ?? 'name a collector with --endpoint');
  const { OtlpSink } = await import('../../../journal/otlp/sink.ts');
  const sink = new OtlpSink(otlpSession(session.info), chosen.target);
  let [read, dropped] = [0, 0];
  try {
    read = await eachEntry(session, async (entry) => {
      sink.add(entry);
      if (entry.seq % AT_A_TIME === 0) await sink.flush();
    });
    await sink.flush();
  } finally {
    dropped = (await sink.close(session.info.ended ?? Date.now())).dropped;
  }
  if (dropped > 0) throw new LeashError('LEASH_EXPORT', `the collector did not take ${dropped} of ${read} events`);
  return read;
}

/** `leash events export`. Throws LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT, LEASH_EXPORT. */
export async function exportEvents(invocation: Invocation): Promise<number> {
  const session = findSession(lastValue(invocation, 'session') ?? 'latest');
  const endpoint = lastValue(invocation, 'endpoint');
  const isOtlp = lastValue(invocation, 'format') === 'otlp';
  if (endpoint !== undefined && !isOtlp) throw new LeashError('LEASH_USAGE', '--endpoint is for --format otlp');
  if (isOtlp && invocation.values.has('output')) throw new LeashError('LEASH_USAGE', '--output is for --format jsonl');
  if (isOtlp) {
    say(`leash: ${await toCollector(session, endpoint)} events of session ${session.info.id} were sent`);
    return EXIT.ok;
  }
  const format = eventFormat(true, session.info.id);
  const file = lastValue(invocation, 'output');
  if (file === undefined) {
    await eachEntry(session, (entry) => print(format(entry)));
    return EXIT.ok;
  }
  const count = await toFile(file, session, format);
  say(`leash: ${count} events of session ${session.info.id} are in ${file}`);
  return EXIT.ok;
}
