// A whole request body, as sent, enters; what it asks a model for leaves, or why that cannot be told for certain.
import type { Buffer } from 'node:buffer';
import { mayBeObject, readStrictJson } from '../../json/strict-json.ts';
import { contentCodings, decodeContent } from '../http/content-coding.ts';
import type { Field } from '../http/head.ts';
import { mediaType } from './answer-look.ts';
import { type ModelRequest, readModelRequest } from './model-request.ts';

/** Of a body when it is decoded: 32 MiB, the longest that any provider takes. */
export const MAX_BODY = 33_554_432;

/** `asked` is undefined when no model is asked for anything. */
export type BodyReading = { readonly asked: ModelRequest | undefined } | { readonly fault: string };

export function saysJson(fields: readonly Field[]): boolean {
  return /[/+]json$/.test(mediaType(fields));
}

export function saysGrpc(fields: readonly Field[]): boolean {
  return mediaType(fields).startsWith('application/grpc');
}

/**
 * A message of gRPC: a flag, a length of four bytes, then the tag of a field, or what gzip begins with, which is not 0. JSON in UTF-16 or
 * UTF-32 looks otherwise.
 */
function isFramed(start: Buffer): boolean {
  const isEmpty = start.length === 5 && start.readUInt32BE(1) === 0;
  return (start[0] ?? 2) <= 1 && (isEmpty || (start.length > 5 && start[1] === 0 && start[5] !== 0));
}

/**
 * Whether a body that begins so may be JSON, an object unless `mayBegin` says otherwise, by its bytes or by what its head says: that of a hostile client is no proof that
 * it is none. A call of gRPC lasts as long as the client likes, so it must be told early.
 */
export function mayBeJson(
  fields: readonly Field[],
  start: Buffer,
  mayBegin: (start: Buffer) => boolean | undefined = mayBeObject,
): boolean {
  if (saysGrpc(fields) && isFramed(start)) return false;
  return saysJson(fields) || contentCodings(fields).length > 0 || mayBegin(start) !== false;
}

export function readBody(host: string, path: string, fields: readonly Field[], bytes: Buffer): BodyReading {
  const decoded = decodeContent(bytes, contentCodings(fields), MAX_BODY);
  if ('fault' in decoded) return decoded;
  const { content } = decoded;
  const isObject = mayBeObject(content);
  // Nothing but white space.
  if (isObject === undefined) return { asked: undefined };
  if (!isObject && !saysJson(fields)) return { asked: undefined };
  const json = readStrictJson(content);
  return 'fault' in json ? json : { asked: readModelRequest(host, path, json.value) };
}
