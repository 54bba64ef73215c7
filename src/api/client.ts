// A running session's folder in, its open questions out; and a person's word to one of them.
import { ERRORS, type ErrorCode, LeashError } from '../host/errors.ts';
import type { Question, Ruling } from '../schema/approval.ts';
import type { PolicyEdit, PolicyView, WholePolicy } from '../schema/policy-desk.ts';
import { type Asking, exchange, type Reply } from './exchange.ts';
import { askThrough } from './manager/door-line.ts';
import { managerOf } from './manager/manager-of.ts';
import { POLICY_PATH, QUESTIONS_PATH, WHOLE_POLICY_PATH } from './routes.ts';
import { socketPath } from './socket-path.ts';

/** Milliseconds for a policy to be compiled and put in force. */
const EDIT_PATIENCE = 70_000;

/** Undefined: the session has no door, because nothing was asked in it yet, or it has ended. */
async function call(dir: string, asking: Asking): Promise<Reply | undefined> {
  let socket: ReturnType<typeof socketPath> | undefined;
  try {
    const manager = managerOf(dir);
    if (manager !== undefined) return await askThrough(manager, asking);
    socket = socketPath(dir);
    return await exchange(socket.path, asking);
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    const why = code ?? (cause instanceof Error ? cause.message : String(cause));
    throw new LeashError('LEASH_SESSION_UNREACHABLE', `the session in ${dir} cannot be asked (${why})`, { cause });
  } finally {
    socket?.close();
  }
}

/** @throws {LeashError} LEASH_SESSION_UNREACHABLE */
export async function questionsOf(dir: string): Promise<readonly Question[]> {
  const reply = await call(dir, { method: 'GET', path: QUESTIONS_PATH });
  if (reply === undefined) return [];
  const { questions } = reply.body;
  if (reply.status === 200 && Array.isArray(questions)) return questions as Question[];
  throw new LeashError('LEASH_SESSION_UNREACHABLE', `the session in ${dir} answered ${reply.status}`);
}

/** False: the question is not open any more. @throws {LeashError} LEASH_SESSION_UNREACHABLE, LEASH_APPROVALS, LEASH_NOT_KEPT */
export async function rule(dir: string, id: string, ruling: Ruling): Promise<boolean> {
  const body = JSON.stringify(ruling);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const reply = await call(dir, { method: 'POST', path: `${QUESTIONS_PATH}/${id}`, headers, body });
  if (reply === undefined || reply.status === 404) return false;
  said(reply, dir);
  return true;
}

function said(reply: Reply | undefined, dir: string): Reply['body'] {
  if (reply?.status === 200) return reply.body;
  const { code, error = reply?.status ?? 'nothing', details = [] } = reply?.body ?? {};
  if (typeof code === 'string' && Object.hasOwn(ERRORS, code))
    throw new LeashError(code as ErrorCode, String(error), { details: details as string[] });
  throw new LeashError('LEASH_SESSION_UNREACHABLE', `the session in ${dir} answered: ${String(error)}`);
}

/** @throws {LeashError} LEASH_SESSION_UNREACHABLE */
export async function policyOf(dir: string): Promise<PolicyView> {
  const { policy } = said(await call(dir, { method: 'GET', path: POLICY_PATH }), dir);
  return policy as PolicyView;
}

async function put(dir: string, path: string, edit: PolicyEdit): Promise<Reply['body']> {
  const body = JSON.stringify(edit);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  return said(await call(dir, { method: 'PUT', path, headers, body, timeout: EDIT_PATIENCE }), dir);
}

/** The new epoch. @throws {LeashError} as `PolicyDesk.replace`; LEASH_SESSION_UNREACHABLE */
export async function editPolicy(dir: string, edit: PolicyEdit): Promise<number> {
  return Number((await put(dir, POLICY_PATH, edit))['epoch']);
}

/** @throws {LeashError} LEASH_SESSION_UNREACHABLE, LEASH_POLICY_READ */
export async function wholePolicyOf(dir: string, text: string): Promise<WholePolicy> {
  return (await put(dir, WHOLE_POLICY_PATH, { text, keep: false, epoch: 0 }))['whole'] as WholePolicy;
}
