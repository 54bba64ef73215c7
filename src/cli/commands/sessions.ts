// The sessions of this user in, a table on standard output out.
import { EXIT } from '../../host/errors.ts';
import { listSessions, type SessionSummary } from '../../journal/session-list.ts';
import type { Invocation } from '../command.ts';
import { waitingChanges, waitingLine } from '../review/waiting.ts';
import { inColumns, rowLine } from '../table.ts';
import { jsonLine, painter, print, printable, type Style, say } from '../terminal.ts';

const STYLES: Readonly<Record<SessionSummary['state'], Style>> = { running: 'green', ended: 'dim', crashed: 'red' };
const HEADINGS = ['SESSION', 'STATE', 'STARTED', 'EXIT', 'ALLOWED', 'DENIED', 'MODE', 'COMMAND'] as const;
const STATE_COLUMN = 1;

/** Local date and time to the minute: `2026-11-25 14:22`. */
function localMinute(time: number): string {
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function row({ info, state }: SessionSummary): readonly string[] {
  const number = (value: number | undefined): string => (value === undefined ? '-' : String(value));
  const command = printable(info.command.join(' '));
  return [
    info.id,
    state,
    localMinute(info.started),
    number(info.exitCode),
    number(info.allowed),
    number(info.denied),
    info.mode,
    command.length > 60 ? `${command.slice(0, 59)}…` : command,
  ];
}

async function printTable(sessions: readonly SessionSummary[]): Promise<void> {
  const [headings = [], ...rows] = inColumns([HEADINGS, ...sessions.map(row)]);
  const paint = painter(process.stdout);
  await print(paint('bold', rowLine(headings)));
  for (const [index, cells] of rows.entries()) {
    const state = sessions[index]?.state ?? 'ended';
    await print(rowLine(cells.map((cell, column) => (column === STATE_COLUMN ? paint(STYLES[state], cell) : cell))));
  }
}

/** `leash sessions`. */
export async function sessions(invocation: Invocation): Promise<number> {
  const list = listSessions();
  const waiting = waitingChanges(list.sessions);
  if (invocation.flags.has('json')) {
    for (const { info, state } of list.sessions) {
      const changes = waiting.get(info.id);
      await print(jsonLine({ ...info, state, ...(changes !== undefined && { waiting: changes }) }));
    }
  } else if (list.sessions.length > 0) {
    await printTable(list.sessions);
  } else {
    say('leash: there are no sessions yet; start one with `leash -- <command>`.');
  }
  if (!invocation.flags.has('json')) for (const [id, changes] of waiting) say(`leash: ${waitingLine(id, changes)}`);
  for (const id of list.unreadable) say(`leash: the record of session ${id} cannot be read; it is not listed.`);
  return EXIT.ok;
}
