// Paths that tools know from the reference system in, the same done here, with a token, out. One session is meant: `?session=`, or the only one.
import { LeashError } from '../../host/errors.ts';
import { findSession, listSessions, type SessionSummary } from '../../journal/session-list.ts';
import type { PolicyView } from '../../schema/policy-desk.ts';
import { editPolicy, policyOf } from '../client.ts';
import { completionsAt } from './completions.ts';
import { findings } from './findings.ts';
import { type Call, type Route, route } from './route.ts';
import { cedarText, chosenSession, cursorQuestion } from './schemas.ts';
import { running } from './sessions.ts';

type Chosen = Call<{ readonly session?: string }, unknown>;

/** Throws LEASH_API_INPUT when it is not plain which one is meant; LEASH_API_SCOPE. */
function chosen({ hub, query, scope }: Chosen): SessionSummary {
  const own = scope === 'user' || scope === undefined ? undefined : scope.slice('session:'.length);
  const named = query.session ?? own;
  if (own !== undefined && named !== own)
    throw new LeashError('LEASH_API_SCOPE', `this token is for session ${own} only`);
  if (named !== undefined) return running(findSession(named, hub.sessionsDir));
  const all = listSessions(hub.sessionsDir).sessions.filter(({ state }) => state === 'running');
  const [only, second] = all;
  if (only !== undefined && second === undefined) return only;
  const details = all.map(({ info }) => info.id);
  throw new LeashError('LEASH_API_INPUT', `${all.length} sessions run; name one with ?session=`, { details });
}

/** The reference has one text in force and one in the file. */
function policies({ text, isKept, file }: PolicyView, { info }: SessionSummary): Readonly<Record<string, unknown>> {
  return {
    cedarRuntime: text,
    cedarFile: file !== undefined && isKept ? text : '',
    cedarBaseline: text,
    enforcementMode: info.mode === 'enforce' ? 'enforce' : 'permit-all',
  };
}

/** The reference knows no versions: the last word wins, but never over an edit that is being put in force. */
async function edit(session: SessionSummary, text: string | undefined, keep: boolean): Promise<PolicyView> {
  const { epoch, text: inForce } = await policyOf(session.dir);
  await editPolicy(session.dir, { text: text ?? inForce, keep, epoch });
  return policyOf(session.dir);
}

/** Line and column from 1, in UTF-16 units. */
function offsetOf(text: string, { line, column }: { readonly line: number; readonly column: number }): number {
  const lines = text.split('\n').slice(0, line);
  return (
    lines.slice(0, -1).reduce((sum, each) => sum + each.length + 1, 0) + Math.min(column - 1, lines.at(-1)?.length ?? 0)
  );
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

export const COMPATIBLE_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/policies',
    access: 'session',
    summary: 'Compatible: the texts in force and in the file',
    query: chosenSession,
    answer: async (call) => {
      const session = chosen(call);
      return { body: policies(await policyOf(session.dir), session) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/policies',
    access: 'session',
    summary: 'Compatible: put a text in force until the session ends',
    query: chosenSession,
    body: cedarText,
    answer: async (call) => {
      const session = chosen(call);
      return { body: policies(await edit(session, call.body.cedar, false), session) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/policies/persist',
    access: 'session',
    summary: 'Compatible: put a text in force and write it to the policy file; without one, what is in force',
    query: chosenSession,
    body: cedarText,
    answer: async (call) => {
      const session = chosen(call);
      return { body: policies(await edit(session, call.body.cedar, true), session) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/policies/validate',
    access: 'session',
    summary: 'Compatible: `issues` of a text, null when there is none',
    query: chosenSession,
    body: cedarText,
    answer: async (call) => {
      const { faults, notes } = await findings(chosen(call), call.body.cedar ?? '');
      const issues = [
        ...faults.map((fault) => ({ severity: 'error', code: 'LEASH_POLICY_INVALID', ...fault })),
        ...notes.map((note) => ({ severity: 'warning', code: 'NOTE', ...note })),
      ];
      return { body: { issues: issues.length === 0 ? null : issues } };
    },
  }),
  route({
    method: 'POST',
    path: '/api/policies/complete',
    access: 'session',
    summary: 'Compatible: what could be written at a line and column',
    body: cursorQuestion,
    answer: async ({ body: { cedar, cursor, maxItems } }) => {
      const items = await completionsAt(cedar, offsetOf(cedar, cursor), maxItems);
      return {
        body: {
          items: items.map(({ label, kind, insertText, doc, start, end }) => ({
            label,
            kind,
            insertText,
            detail: kind,
            documentation: doc,
            sortText: label,
            commitCharacters: [],
            range: { start: placeOf(cedar, start), end: placeOf(cedar, end) },
          })),
        },
      };
    },
  }),
];
