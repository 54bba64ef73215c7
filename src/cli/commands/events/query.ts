// A session and what is looked for in, the events or rows on standard output out.
import { EXIT, LeashError } from '../../../host/errors.ts';
import { countEvents, findEvents, type Wanted } from '../../../journal/search/find.ts';
import { selectRows } from '../../../journal/search/sql.ts';
import { findSession, type SessionSummary } from '../../../journal/session-list.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { eventFormat } from '../../event-format.ts';
import { printTable } from '../../table.ts';
import { jsonLine, print, printable, say } from '../../terminal.ts';

const FILTERS = [
  'denied',
  'action',
  'resource',
  'exe',
  'via',
  'policy',
  'error',
  'call',
  'since',
  'until',
  'count',
] as const;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MOST_SECONDS = 3_600;

function wholeNumber(invocation: Invocation, name: string, fallback: number, most: number): number {
  const text = lastValue(invocation, name);
  if (text === undefined) return fallback;
  if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
  throw new LeashError('LEASH_USAGE', `--${name} needs a number of at most ${most}, got ${JSON.stringify(text)}`);
}

/** Milliseconds since the Unix epoch; a date without a zone is local. */
function timeOf(invocation: Invocation, name: string, now: number): number | undefined {
  const text = lastValue(invocation, name);
  if (text === undefined) return undefined;
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (unit !== '') return now - Number(count) * (UNITS[unit] ?? 0);
  const isDate = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const time = isDate ? new Date(/^[\d-]*$/.test(text) ? `${text}T00:00` : text).getTime() : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new LeashError(
    'LEASH_USAGE',
    `--${name} needs a time such as 2026-11-25T14:00 or an age such as 10m, got ${JSON.stringify(text)}`,
  );
}

function wantedOf(invocation: Invocation): Wanted {
  const now = Date.now();
  const actions = invocation.values.get('action');
  const [since, until] = [timeOf(invocation, 'since', now), timeOf(invocation, 'until', now)];
  const texts = (['resource', 'exe', 'via', 'policy', 'error', 'call'] as const).flatMap((name) => {
    const text = lastValue(invocation, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return {
    ...(actions && { actions }),
    isDenied: invocation.flags.has('denied'),
    ...Object.fromEntries(texts),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

async function bySql(invocation: Invocation, { dir }: SessionSummary, sql: string, limit: number): Promise<void> {
  const other = FILTERS.find((name) => invocation.flags.has(name) || invocation.values.has(name));
  if (other !== undefined) throw new LeashError('LEASH_USAGE', `--sql and --${other} exclude each other`);
  const time = wholeNumber(invocation, 'timeout', 10, MOST_SECONDS) * 1000;
  const { names, rows, isCut } = await selectRows(dir, sql, { rows: limit, time });
  if (invocation.flags.has('json')) {
    for (const row of rows) await print(jsonLine(Object.fromEntries(names.map((name, at) => [name, row[at]]))));
  } else if (rows.length > 0) {
    const text = (value: unknown): string => (value === null ? '' : printable(String(value)));
    await printTable(
      names.map(text),
      rows.map((row) => row.map(text)),
    );
  }
  if (isCut) say(`leash: these are the first ${rows.length} rows; there are more (--limit).`);
}

/** `leash events query`. Throws LEASH_USAGE, LEASH_QUERY, LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT, LEASH_INDEX. */
export async function query(invocation: Invocation): Promise<number> {
  const limit = wholeNumber(invocation, 'limit', 1_000, 999_999_999);
  const sql = lastValue(invocation, 'sql');
  const wanted = wantedOf(invocation);
  if (sql === undefined && invocation.values.has('timeout'))
    throw new LeashError('LEASH_USAGE', '--timeout is for --sql');
  const session = findSession(lastValue(invocation, 'session') ?? 'latest');
  if (sql !== undefined) {
    await bySql(invocation, session, sql, limit);
  } else if (invocation.flags.has('count')) {
    await print(String(await countEvents(session.dir, wanted)));
  } else {
    const format = eventFormat(invocation.flags.has('json'), session.info.id);
    for (const entry of await findEvents(session.dir, wanted, limit)) await print(format(entry));
  }
  return EXIT.ok;
}
