// The body of a token request enters; whether it renews one held login, and nothing else, leaves. Source: RFC 6749, section 6.
import { Buffer } from 'node:buffer';
import { isObject, readStrictJson } from '../../json/strict-json.ts';
import type { BodyFilter } from '../exchange/passage.ts';
import type { Field } from '../http/head.ts';

/** What an answer of a token endpoint says of a login that was renewed. */
export interface Renewed {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  /** Seconds. */
  readonly expires_in?: number;
}

const NOTHING = Buffer.alloc(0);
const MOST_BODY = 65_536;
/** Those of the clients that Leash knows. Whoever sends more could mean another grant: of an account that is not the user's. */
const PARAMETERS: ReadonlySet<string> = new Set([
  'grant_type',
  'refresh_token',
  'client_id',
  'client_secret',
  'scope',
  'expires_in',
  // Codex says why it asks.
  'refresh_reason',
]);

function parametersOf(fields: readonly Field[], body: Buffer): ReadonlyMap<string, unknown> | undefined {
  const types = fields.filter(({ name }) => name === 'content-type').map(({ value }) => value.toLowerCase());
  if (types.length !== 1 || fields.some(({ name }) => name === 'content-encoding')) return undefined;
  if (/^application\/json\s*(;|$)/.test(types[0] ?? '')) {
    const reading = readStrictJson(body);
    const value = 'value' in reading ? reading.value : undefined;
    return isObject(value) ? new Map(Object.entries(value)) : undefined;
  }
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/.test(types[0] ?? '')) return undefined;
  const pairs = [...new URLSearchParams(body.toString('latin1'))];
  const parameters = new Map<string, unknown>(pairs);
  return parameters.size === pairs.length ? parameters : undefined;
}

/** @param placeholder what the agent holds in place of the refresh token in force */
function renews(fields: readonly Field[], body: Buffer, placeholder: string): boolean {
  const parameters = parametersOf(fields, body);
  if (parameters === undefined || [...parameters.keys()].some((name) => !PARAMETERS.has(name))) return false;
  return parameters.get('grant_type') === 'refresh_token' && parameters.get('refresh_token') === placeholder;
}

/** Sees the body of a token request pass, and changes nothing. @param found called at its end when it renews the login */
export function renewalWatch(fields: readonly Field[], placeholder: string, found: () => void): BodyFilter {
  const parts: Buffer[] = [];
  let size = 0;
  return {
    changes: false,
    push: (content) => {
      size += content.length;
      if (size <= MOST_BODY) parts.push(Buffer.from(content));
      return content;
    },
    end: () => {
      if (size <= MOST_BODY && renews(fields, Buffer.concat(parts), placeholder)) found();
      return NOTHING;
    },
  };
}

/** The tokens of an answer; undefined when it does not issue any. */
export function renewedBy(answer: unknown): Renewed | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const member = (name: string): unknown =>
    Object.hasOwn(answer, name) ? (answer as Record<string, unknown>)[name] : undefined;
  const text = (name: string): string | undefined => {
    const value = member(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const access = text('access_token');
  if (access === undefined) return undefined;
  const [refresh, id, seconds] = [text('refresh_token'), text('id_token'), member('expires_in')];
  return {
    access_token: access,
    ...(refresh !== undefined && { refresh_token: refresh }),
    ...(id !== undefined && { id_token: id }),
    ...(typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds) && { expires_in: seconds }),
  };
}
