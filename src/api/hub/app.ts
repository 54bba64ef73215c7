// Routes in, the application that serves them out: who asks is known, what is asked is checked, before a route sees it.
import path from 'node:path';
import { Hono } from 'hono';
import type { z } from 'zod';
import { LeashError } from '../../host/errors.ts';
import { isSessionId } from '../../journal/session-id.ts';
import { findSession, type SessionSummary } from '../../journal/session-list.ts';
import type { TokenScope } from '../../schema/api.ts';
import { bearerIn, scopeOf } from '../access.ts';
import { safetyHeaders } from '../guard.ts';
import { asLeashError, failureOf, statusOf } from './failure.ts';
import type { Hub, Reply, Route, StreamReply } from './route.ts';

/** Bytes; a policy has at most 4 MiB, which JSON may write a little longer. */
export const BODY_MAX: number = 6 << 20;
/** Milliseconds for a body: who sends it slower is not at the same machine. */
const BODY_PATIENCE = 10_000;

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { 'Content-Type': 'application/json', ...safetyHeaders(), ...headers },
  });
}

export function failed(error: unknown): Response {
  const known = asLeashError(error);
  const extra = known.code === 'LEASH_API_TOKEN' ? { 'WWW-Authenticate': 'Bearer' } : {};
  return json(statusOf(known), { error: failureOf(known) }, extra);
}

function streamed({ stream, type = 'text/event-stream', headers }: StreamReply): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      // Asked for when the reader can take more: a slow one holds back the reading of the journal, and fills no memory.
      pull: async (controller) => {
        const { value, done } = await stream.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: async () => {
        await stream.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'Content-Type': type, ...safetyHeaders(), ...headers } });
}

function respond(reply: Reply): Response {
  if ('stream' in reply) return streamed(reply);
  if ('text' in reply)
    return new Response(reply.text, { headers: { 'Content-Type': 'text/plain; charset=utf-8', ...safetyHeaders() } });
  return json(reply.status ?? 200, reply.body, reply.headers);
}

/** Who asks, by a request's `Authorization`; undefined: nobody known. */
export type Admit = (authorization: string | undefined) => TokenScope | undefined;

/** By a token of the user's. */
export const byToken =
  ({ key }: Hub): Admit =>
  (authorization) =>
    scopeOf(bearerIn(authorization), key);

/** Throws LEASH_API_TOKEN, LEASH_API_SCOPE. */
function admitted(route: Route, request: Request, id: string | undefined, admit: Admit): TokenScope | undefined {
  if (route.access === 'open') return undefined;
  const scope = admit(request.headers.get('authorization') ?? undefined);
  if (scope === undefined)
    throw new LeashError('LEASH_API_TOKEN', 'the request needs `Authorization: Bearer` with a token of this user');
  const isEnough = scope === 'user' || (route.access === 'session' && (id === undefined || scope === `session:${id}`));
  if (isEnough) return scope;
  throw new LeashError('LEASH_API_SCOPE', `this token is for ${scope.replace(':', ' ')} only`);
}

function sessionNamed(id: string, { sessionsDir }: Hub): SessionSummary {
  if (isSessionId(id)) return findSession(id, sessionsDir);
  throw new LeashError('LEASH_SESSION_UNKNOWN', `${JSON.stringify(id)} is not the id of a session`);
}

/** Throws LEASH_API_INPUT with each fault and its place. */
function checked(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const details = result.error.issues.map(({ path: at, message }) => `${[what, ...at].join('.')}: ${message}`);
  throw new LeashError('LEASH_API_INPUT', `the ${what} is not understood: ${details[0] ?? ''}`, { details });
}

function queryOf(route: Route, url: URL): unknown {
  const entries = [...url.searchParams];
  const twice = entries.find(([name], at) => entries.findIndex(([other]) => other === name) !== at);
  if (twice !== undefined) throw new LeashError('LEASH_API_INPUT', `the query has ${JSON.stringify(twice[0])} twice`);
  if (route.query === undefined && entries.length > 0)
    throw new LeashError('LEASH_API_INPUT', 'this route takes no query');
  return checked(route.query, Object.fromEntries(entries), 'query');
}

/** UTF-8, up to BODY_MAX bytes, within BODY_PATIENCE. */
async function bodyText(request: Request): Promise<string> {
  const reader = request.body?.getReader();
  if (reader === undefined) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  const late = setTimeout(() => void reader.cancel(), BODY_PATIENCE);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > BODY_MAX) throw new LeashError('LEASH_API_INPUT', `the body has more than ${BODY_MAX} bytes`);
      chunks.push(value);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    throw new LeashError('LEASH_API_INPUT', 'the body did not come whole, or is not UTF-8', { cause });
  } finally {
    clearTimeout(late);
    reader.releaseLock();
  }
}

async function bodyOf(route: Route, request: Request): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const text = await bodyText(request);
  let value: unknown;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new LeashError('LEASH_API_INPUT', 'the body is not JSON', { cause });
  }
  return checked(route.body, value, 'body');
}

/** @param page what is served where no route is: the files of the user interface. */
export function createApp(
  routes: readonly Route[],
  hub: Hub,
  page: (path: string) => Promise<Response | undefined>,
  admit: Admit,
): Hono {
  const app = new Hono();
  for (const route of routes) {
    app.on(route.method, route.path, async ({ req }) => {
      const request = req.raw;
      const params = req.param() as Readonly<Record<string, string>>;
      const { session: id } = params;
      const scope = admitted(route, request, id, admit);
      const call = {
        hub,
        params,
        scope,
        session: id === undefined ? undefined : sessionNamed(id, hub),
        query: queryOf(route, new URL(request.url)),
        body: await bodyOf(route, request),
        header: (name: string) => request.headers.get(name) ?? undefined,
        signal: AbortSignal.any([request.signal, hub.closing]),
      };
      return respond(await route.answer(call));
    });
  }
  app.notFound(async ({ req }) => {
    const served = req.method === 'GET' ? await page(path.posix.normalize(req.path)) : undefined;
    if (served !== undefined) return served;
    const known = routes.some((route) => new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(req.path));
    return failed(
      known
        ? new LeashError('LEASH_API_INPUT', `${req.method} is not a method of ${req.path}`)
        : new LeashError('LEASH_API_UNKNOWN', `there is nothing at ${req.path}`),
    );
  });
  app.onError(failed);
  return app;
}
