// Recorded sessions in; a policy suggested from them, and what a text would have decided otherwise in them, out.
import { LeashError } from '../../host/errors.ts';
import { lastPolicyRecord } from '../../journal/policy-record.ts';
import { findSession, listSessions, type SessionSummary } from '../../journal/session-list.ts';
import { API_ROOT } from '../../schema/api.ts';
import type { LearnFrom } from '../../schema/learning.ts';
import { LearnDesk } from '../../session/learning/learn-desk.ts';
import type { TriedOn } from '../../session/learning/try-policy.ts';
import { backtestAnswer, backtestOrder, suggestionAnswer, suggestOrder } from './learn-schemas.ts';
import { type Call, type Route, route, sessionOf } from './route.ts';

/** What reads other sessions than the one of the path is the user's to ask. Throws LEASH_API_SCOPE. */
function requireUser({ scope }: Call<unknown, unknown>): void {
  if (scope === 'user') return;
  throw new LeashError('LEASH_API_SCOPE', 'this token is for one session, and its journal alone may be read with it');
}

/** Oldest first, each once. Throws LEASH_API_SCOPE, LEASH_SESSION_UNKNOWN. */
function chosen(call: Call<unknown, LearnFrom>): TriedOn {
  const own = sessionOf(call);
  const { sessions: ids, since = 0 } = call.body;
  const inOrder = (sessions: readonly SessionSummary[]): readonly SessionSummary[] =>
    sessions.toSorted((a, b) => (a.info.id < b.info.id ? -1 : 1));
  if (ids !== undefined) {
    const others = [...new Set(ids)].filter((id) => id !== own.info.id);
    if (others.length > 0) requireUser(call);
    const mine = ids.includes(own.info.id) ? [own] : [];
    const named = others.map((id) => findSession(id, call.hub.sessionsDir));
    return { sessions: inOrder([...mine, ...named]), unreadable: [], since };
  }
  if (since === 0) return { sessions: [own], unreadable: [], since };
  requireUser(call);
  const { sessions, unreadable } = listSessions(call.hub.sessionsDir);
  const alive = sessions.filter(({ info }) => (info.ended ?? Number.POSITIVE_INFINITY) >= since);
  if (alive.length === 0) throw new LeashError('LEASH_SESSION_UNKNOWN', 'no session was alive since then');
  return { sessions: inOrder(alive), unreadable, since };
}

function baseOf({ dir }: SessionSummary, base: 'nothing' | 'policy'): { readonly name: string; readonly text: string } {
  if (base === 'nothing') return { name: 'nothing', text: '' };
  const { name, text } = lastPolicyRecord(dir);
  return { name, text };
}

export function learnRoutes(): readonly Route[] {
  const desk = new LearnDesk();
  return [
    route({
      method: 'POST',
      path: `${API_ROOT}/sessions/:session/policy/suggest`,
      access: 'session',
      summary:
        'A policy that permits what was done, proven, with what speaks for each statement; of several sessions with a token of the user',
      body: suggestOrder,
      reply: suggestionAnswer,
      answer: async (call) => {
        const { base = 'nothing', exact = false, denied = false } = call.body;
        const wishes = { base: baseOf(sessionOf(call), base), isExact: exact, withDenied: denied };
        return { body: await desk.answer({ kind: 'suggest', ...chosen(call), ...wishes }, call.signal) };
      },
    }),
    route({
      method: 'POST',
      path: `${API_ROOT}/sessions/:session/policy/backtest`,
      access: 'session',
      summary: 'What a text would have denied, asked about or allowed otherwise in recorded sessions, in groups',
      body: backtestOrder,
      reply: backtestAnswer,
      answer: async (call) => {
        const { text, base = 'nothing' } = call.body;
        const before = baseOf(sessionOf(call), base).text;
        const whole = before === '' ? text : `${before}\n${text}`;
        return { body: await desk.answer({ kind: 'backtest', text: whole, ...chosen(call) }, call.signal) };
      },
    }),
  ];
}
