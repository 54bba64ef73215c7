// Running sessions in; what `@ask` policies ask in them out, as a list and as it changes, and a person's word back to the session that asked.
import { setTimeout as sleep } from 'node:timers/promises';
import { LeashError } from '../../host/errors.ts';
import { listSessions, type SessionSummary } from '../../journal/session-list.ts';
import { API_ROOT, type QuestionList, type TokenScope } from '../../schema/api.ts';
import { questionsOf, rule } from '../client.ts';
import { type Hub, type Route, route, sessionOf } from './route.ts';
import { nothing, questionList, ruling } from './schemas.ts';
import { running } from './sessions.ts';
import { sseComment, sseEvent } from './sse.ts';
import type { StreamLimit } from './stream-limit.ts';

/** Milliseconds between two looks; a question waits for seconds at least. */
const INTERVAL = 500;
const HEARTBEAT = 15_000;

async function openIn(sessions: readonly SessionSummary[]): Promise<QuestionList> {
  const silent: string[] = [];
  const asked = sessions.map(async ({ info, dir }) => {
    try {
      return (await questionsOf(dir)).map((question) => ({ session: info.id, question }));
    } catch (error) {
      if (!(error instanceof LeashError)) throw error;
      silent.push(info.id);
      return [];
    }
  });
  const questions = (await Promise.all(asked)).flat();
  return { questions: questions.toSorted((a, b) => a.question.opened - b.question.opened), silent };
}

function openFor(scope: TokenScope | undefined, { sessionsDir }: Hub): Promise<QuestionList> {
  const { sessions } = listSessions(sessionsDir);
  return openIn(
    sessions.filter(({ info, state }) => state === 'running' && (scope === 'user' || scope === `session:${info.id}`)),
  );
}

/** The whole list, at first and whenever it changes. */
async function* questionStream(
  look: () => Promise<QuestionList>,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  let [told, spoke] = ['', performance.now()];
  while (!signal.aborted) {
    const list = await look();
    const text = JSON.stringify(list);
    if (text !== told || performance.now() - spoke > HEARTBEAT) {
      yield text === told ? sseComment() : sseEvent('questions', list);
      [told, spoke] = [text, performance.now()];
    }
    await sleep(INTERVAL, undefined, { signal }).catch(() => undefined);
  }
}

export function questionRoutes(limit: StreamLimit): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: `${API_ROOT}/questions`,
      access: 'session',
      summary: 'Open questions of `@ask` policies, oldest first',
      reply: questionList,
      answer: async ({ scope, hub }) => ({ body: await openFor(scope, hub) }),
    }),
    route({
      method: 'GET',
      path: `${API_ROOT}/questions/stream`,
      access: 'session',
      summary: 'The same list as server-sent events: `questions`, at first and whenever it changes',
      isStream: true,
      answer: ({ scope, hub, signal }) => ({
        stream: limit.counted(questionStream(() => openFor(scope, hub), signal)),
      }),
    }),
    route({
      method: 'POST',
      path: `${API_ROOT}/sessions/:session/questions/:question`,
      access: 'session',
      summary: 'A person’s word to a question: `allow` once, for the session or always; `deny` once or for the session',
      body: ruling,
      reply: nothing,
      answer: async (call) => {
        const { dir, info } = running(sessionOf(call));
        const { question = '' } = call.params;
        if (/^[0-9a-z]{1,32}$/.test(question) && (await rule(dir, question, call.body))) return { body: {} };
        throw new LeashError(
          'LEASH_QUESTION_UNKNOWN',
          `session ${info.id} has no open question ${JSON.stringify(question)}`,
        );
      },
    }),
  ];
}
