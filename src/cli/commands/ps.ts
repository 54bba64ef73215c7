// The running sessions of this user in, a table on standard output out; or what killed ones left, removed.
import { EXIT } from '../../host/errors.ts';
import { readPublished } from '../../journal/published.ts';
import { listSessions, type SessionSummary } from '../../journal/session-list.ts';
import { removeLeftovers } from '../../session/leftovers.ts';
import type { Invocation } from '../command.ts';
import { openQuestions } from '../open-questions.ts';
import { printTable } from '../table.ts';
import { jsonLine, print, printable, say } from '../terminal.ts';

const HEADINGS = ['SESSION', 'PID', 'SINCE', 'MODE', 'ASKS', 'PORTS', 'WORKSPACE', 'COMMAND'] as const;
const COMMAND_WIDTH = 60;

interface Running {
  readonly session: SessionSummary;
  readonly questions: number;
  readonly published: readonly string[];
}

/** `12 s`, `3 min`, `5 h`, `2 d`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

async function running(): Promise<readonly Running[]> {
  const asked = await openQuestions(say);
  return listSessions()
    .sessions.filter(({ state }) => state === 'running')
    .map((session) => ({
      session,
      questions: asked.filter((question) => question.session.info.id === session.info.id).length,
      published: readPublished(session.dir),
    }));
}

function row({ session: { info }, questions, published }: Running): readonly string[] {
  const command = printable(info.command.join(' '));
  return [
    info.id,
    String(info.pid),
    ageText(Date.now() - info.started),
    info.mode,
    questions === 0 ? '-' : String(questions),
    published.length === 0 ? '-' : published.join(','),
    printable(info.workspace),
    command.length > COMMAND_WIDTH ? `${command.slice(0, COMMAND_WIDTH - 1)}…` : command,
  ];
}

/** `leash ps`. */
export async function ps({ flags }: Invocation): Promise<number> {
  if (flags.has('clean')) {
    const removed = removeLeftovers(process.env);
    for (const file of removed) await print(printable(file));
    if (removed.length === 0) say('leash: killed sessions left nothing behind.');
    return EXIT.ok;
  }
  const list = await running();
  if (flags.has('json')) {
    for (const { session, questions, published } of list)
      await print(jsonLine({ ...session.info, questions, published }));
  } else if (list.length > 0) {
    await printTable(HEADINGS, list.map(row));
  } else {
    say('leash: no session runs; `leash sessions` lists those that have ended.');
  }
  return EXIT.ok;
}
