// A session under review in; what its agent changed, and a person's word on it, out.
import { LeashError } from '../../host/errors.ts';
import type { SessionSummary } from '../../journal/session-list.ts';
import { API_ROOT, type ChangesAccepted, type ChangesDiscarded, type ChangeText } from '../../schema/api.ts';
import {
  acceptChoice,
  changeList,
  changesAccepted,
  changesDiscarded,
  changeText,
  discardChoice,
  isChangeId,
} from './change-schemas.ts';
import type { Listed } from './review-answer.ts';
import { order } from './review-process.ts';
import { type Route, route, sessionOf } from './route.ts';

const CHANGES = `${API_ROOT}/sessions/:session/changes`;

/** The layers of a running sandbox change as they are read. Throws LEASH_REVIEW_NONE. */
function over({ info: { id }, state }: SessionSummary): string {
  if (state !== 'running') return id;
  throw new LeashError('LEASH_REVIEW_NONE', `session ${id} is running: its changes can be seen when it is over`);
}

export const CHANGE_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: CHANGES,
    access: 'session',
    summary: 'What waits for a word: the changes of a session that ran with --review, when it is over',
    reply: changeList,
    answer: async (call) => {
      const { info, state } = sessionOf(call);
      const isOver = state !== 'running';
      const isReviewed = (info.reviewed ?? []).length > 0;
      const listed =
        isOver && isReviewed
          ? await order<Listed>({ act: 'list', session: info.id }, call.hub)
          : { changes: [], total: 0 };
      return { body: { isReviewed, isOver, ...listed } };
    },
  }),
  route({
    method: 'GET',
    path: `${CHANGES}/:change`,
    access: 'session',
    summary: 'The text of one change, as a unified diff; its lines are the agent’s',
    reply: changeText,
    answer: async (call) => {
      const session = over(sessionOf(call));
      const change = call.params['change'] ?? '';
      if (!isChangeId(change)) throw new LeashError('LEASH_API_INPUT', 'that is not the id of a change');
      return { body: await order<ChangeText>({ act: 'text', session, change }, call.hub) };
    },
  }),
  route({
    method: 'POST',
    path: `${CHANGES}/accept`,
    access: 'session',
    summary: 'Take changes over, as `leash accept` does: those named by ids, or all',
    body: acceptChoice,
    reply: changesAccepted,
    answer: async (call) => {
      const session = over(sessionOf(call));
      const { force, ...choice } = call.body;
      return { body: await order<ChangesAccepted>({ act: 'accept', session, choice, force }, call.hub) };
    },
  }),
  route({
    method: 'POST',
    path: `${CHANGES}/discard`,
    access: 'session',
    summary: 'Drop changes for good, as `leash discard` does: those named by ids, or all',
    body: discardChoice,
    reply: changesDiscarded,
    answer: async (call) => {
      const session = over(sessionOf(call));
      return { body: await order<ChangesDiscarded>({ act: 'discard', session, choice: call.body }, call.hub) };
    },
  }),
];
