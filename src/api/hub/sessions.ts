// The folder of all sessions in; which there are, and the end of one that runs, out.
import { LeashError } from '../../host/errors.ts';
import { readPublished } from '../../journal/published.ts';
import { listSessions, type SessionSummary } from '../../journal/session-list.ts';
import { API_ROOT, type SessionView, type TokenScope } from '../../schema/api.ts';
import { askToEnd } from '../../session/stop-session.ts';
import { type Route, route, sessionOf } from './route.ts';
import { nothing, sessionList, sessionView } from './schemas.ts';

function viewOf({ info, state, dir }: SessionSummary): SessionView {
  return { ...info, state, published: state === 'running' ? readPublished(dir) : [] };
}

const isFor = (scope: TokenScope | undefined, id: string): boolean => scope === 'user' || scope === `session:${id}`;

/** A session that runs. Throws LEASH_SESSION_OVER. */
export function running(session: SessionSummary): SessionSummary {
  if (session.state === 'running') return session;
  const how = session.state === 'ended' ? 'has ended' : 'has crashed';
  throw new LeashError('LEASH_SESSION_OVER', `session ${session.info.id} ${how}`);
}

export const SESSION_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: `${API_ROOT}/sessions`,
    access: 'session',
    summary: 'Sessions, newest first: all of the user’s, or the one that the token is for',
    reply: sessionList,
    answer: ({ hub, scope }) => {
      const { sessions, unreadable } = listSessions(hub.sessionsDir);
      return {
        body: {
          sessions: sessions.filter(({ info }) => isFor(scope, info.id)).map(viewOf),
          unreadable: unreadable.filter((id) => isFor(scope, id)),
        },
      };
    },
  }),
  route({
    method: 'GET',
    path: `${API_ROOT}/sessions/:session`,
    access: 'session',
    summary: 'One session',
    reply: sessionView,
    answer: (call) => ({ body: viewOf(sessionOf(call)) }),
  }),
  route({
    method: 'POST',
    path: `${API_ROOT}/sessions/:session/stop`,
    access: 'session',
    summary: 'Ask a running session to end, as `leash stop` does; it does so within some seconds',
    body: nothing,
    answer: (call) => {
      askToEnd(running(sessionOf(call)));
      return { status: 202, body: {} };
    },
  }),
];
