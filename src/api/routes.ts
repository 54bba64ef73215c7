// A request to a session's door in, the reply out: the open questions, and a person's word on one. No I/O.
import { LeashError } from '../host/errors.ts';
import type { Approver } from '../schema/approval.ts';
import type { PolicyDesk, PolicyEdit } from '../schema/policy-desk.ts';
import { readRuling } from './ruling.ts';

/** A word has some fifty bytes. */
export const BODY_MAX = 1_024;
/** A policy has at most 4 MiB, which JSON writes longer. */
export const POLICY_BODY_MAX: number = 12 << 20;
export const QUESTIONS_PATH = '/v1/questions';
export const POLICY_PATH = '/v1/policy';
export const WHOLE_POLICY_PATH = '/v1/policy/whole';

/** What a session lets be read and changed. */
export interface Served {
  readonly approver: Approver;
  readonly desk: PolicyDesk;
}

export interface ApiRequest {
  readonly method: string;
  /** As sent. */
  readonly path: string;
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface ApiReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

function failure(status: number, error: string): ApiReply {
  return { status, body: { error } };
}

function rule(id: string, { headers, body }: ApiRequest, approver: Approver): ApiReply {
  if (headers['content-type'] !== 'application/json') return failure(415, 'the body must be application/json');
  const ruling = readRuling(body);
  if (ruling === undefined) return failure(400, 'the body must be {"effect", "scope"}');
  try {
    return approver.rule(id, ruling) ? { status: 200, body: {} } : failure(404, 'there is no open question of this id');
  } catch (error) {
    if (error instanceof LeashError) return { status: 500, body: { error: error.message, code: error.code } };
    throw error;
  }
}

function editIn(body: string): PolicyEdit | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { text, keep, epoch } = (value ?? {}) as Partial<Record<keyof PolicyEdit, unknown>>;
  const isEdit = typeof text === 'string' && typeof keep === 'boolean' && Number.isSafeInteger(epoch);
  return isEdit ? { text, keep, epoch: epoch as number } : undefined;
}

/** PUT of the whole path asks what would be in force, and changes nothing. */
async function policy({ method, path, headers, body }: ApiRequest, desk: PolicyDesk): Promise<ApiReply> {
  if (method === 'GET' && path === POLICY_PATH) return { status: 200, body: { policy: desk.read() } };
  if (method !== 'PUT') return failure(405, 'only PUT');
  if (headers['content-type'] !== 'application/json') return failure(415, 'the body must be application/json');
  const edit = editIn(body);
  if (edit === undefined) return failure(400, 'the body must be {"text", "keep", "epoch"}');
  try {
    if (path === WHOLE_POLICY_PATH) return { status: 200, body: { whole: desk.whole(edit.text) } };
    return { status: 200, body: { epoch: await desk.replace(edit) } };
  } catch (error) {
    if (!(error instanceof LeashError)) throw error;
    const { code, message, details } = error;
    return { status: 409, body: { error: message, code, details } };
  }
}

export async function answer(request: ApiRequest, { approver, desk }: Served): Promise<ApiReply> {
  const { method, path, headers } = request;
  // What has an origin is a page in a browser, which no page of Leash is.
  if (headers['origin'] !== undefined) return failure(403, 'requests of web pages are refused');
  if (path === POLICY_PATH || path === WHOLE_POLICY_PATH) return await policy(request, desk);
  if (path === QUESTIONS_PATH) {
    return method === 'GET' ? { status: 200, body: { questions: approver.list() } } : failure(405, 'only GET');
  }
  const [, id] = /^\/v1\/questions\/([0-9a-z]{1,32})$/.exec(path) ?? [];
  if (id === undefined) return failure(404, 'there is no such resource');
  return method === 'POST' ? rule(id, request, approver) : failure(405, 'only POST');
}
