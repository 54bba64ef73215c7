// The running sessions in, their open questions out, and the one that an id names.
import { questionsOf } from '../api/client.ts';
import { LeashError } from '../host/errors.ts';
import { listSessions, type SessionSummary } from '../journal/session-list.ts';
import type { Question } from '../schema/approval.ts';

export interface SessionQuestion {
  readonly session: SessionSummary;
  readonly question: Question;
}

/** Oldest session first. A session that cannot be asked is told to `say`, and stops nothing. */
export async function openQuestions(say: (line: string) => void): Promise<readonly SessionQuestion[]> {
  const running = listSessions().sessions.filter(({ state }) => state === 'running');
  const asked = running.toReversed().map(async (session) => {
    try {
      return (await questionsOf(session.dir)).map((question) => ({ session, question }));
    } catch (error) {
      if (!(error instanceof LeashError)) throw error;
      say(`leash: ${error.message}`);
      return [];
    }
  });
  return (await Promise.all(asked)).flat();
}

/** @throws {LeashError} LEASH_QUESTION_UNKNOWN when none or several have the id */
export function questionNamed(id: string, open: readonly SessionQuestion[]): SessionQuestion {
  const matches = open.filter(({ question }) => question.id === id);
  const [match, second] = matches;
  if (match === undefined) {
    throw new LeashError('LEASH_QUESTION_UNKNOWN', `there is no open question ${JSON.stringify(id)}`);
  }
  if (second !== undefined) {
    const details = matches.map(({ session }) => session.info.id);
    throw new LeashError('LEASH_QUESTION_UNKNOWN', `several sessions have a question ${id}`, { details });
  }
  return match;
}
