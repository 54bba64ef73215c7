// What a route is: data that the router, the OpenAPI document and the reference page all read.
import type { z } from 'zod';
import type { SessionSummary } from '../../journal/session-list.ts';
import type { TokenScope } from '../../schema/api.ts';
import type { UserKey } from '../access.ts';
import type { ListenAddress } from '../listen-address.ts';

export type HubEnv = Readonly<Record<string, string>>;

/** What every route may use. It holds nothing of any session: all is read where it lies. */
export interface Hub {
  readonly address: ListenAddress;
  readonly key: UserKey;
  readonly sessionsDir: string;
  /** Of the programs that it runs. */
  readonly env: HubEnv;
  /** Aborted when the hub ends. */
  readonly closing: AbortSignal;
}

export interface Call<Query, Body> {
  readonly hub: Hub;
  /** Of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Undefined only where anybody may ask. */
  readonly scope: TokenScope | undefined;
  /** The session that the path names, if it names one. */
  readonly session: SessionSummary | undefined;
  header(name: string): string | undefined;
  /** The one who asks is gone, or the hub. */
  readonly signal: AbortSignal;
}

export interface JsonReply {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Text that has no end of its own: server-sent events (WHATWG HTML, section 9.2), unless `type` says otherwise. */
export interface StreamReply {
  readonly stream: AsyncGenerator<string, void, undefined>;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TextReply {
  readonly text: string;
}

export type Reply = JsonReply | StreamReply | TextReply;

/** `session`: a token of that session, or of the user; `user`: of the user; `open`: anybody on this machine, and nothing is told. */
export type RouteAccess = 'open' | 'session' | 'user';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Whole, with `:name` for parts that vary. */
  readonly path: string;
  readonly access: RouteAccess;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** What comes back in JSON; absent: text, or a stream. */
  readonly reply?: z.ZodType;
  /** Server-sent events come back. */
  readonly isStream?: boolean;
  answer(call: Call<unknown, unknown>): Promise<Reply> | Reply;
}

interface Typed<Query extends z.ZodType, Body extends z.ZodType> extends Omit<Route, 'query' | 'body' | 'answer'> {
  readonly query?: Query;
  readonly body?: Body;
  answer(call: Call<z.output<Query>, z.output<Body>>): Promise<Reply> | Reply;
}

/** A route whose answer knows the types of what was asked: they were checked before. */
export function route<Query extends z.ZodType, Body extends z.ZodType>(typed: Typed<Query, Body>): Route {
  return typed as unknown as Route;
}

/** The session of a route whose path names one. */
export function sessionOf({ session }: Call<unknown, unknown>): SessionSummary {
  if (session === undefined) throw new Error('the path of this route names no session');
  return session;
}
