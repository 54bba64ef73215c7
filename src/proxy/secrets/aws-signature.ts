// A request to AWS enters, its signature of version 4 leaves: read, or made. Source: IAM User Guide, "Signing AWS API requests".
import { createHash, createHmac } from 'node:crypto';
import type { Field } from '../http/head.ts';

export interface SignableRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  /** Value of the Host field, as the server gets it. */
  readonly host: string;
  readonly fields: readonly Field[];
}

/** What a request says of its signature. */
export interface Signature {
  /** In the Authorization field, or in the query of a presigned URL. */
  readonly kind: 'header' | 'query';
  readonly keyId: string;
  /** `20150830/us-east-1/iam/aws4_request`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** `20150830T123600Z`. */
  readonly time: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/([^,\s]+) *, *SignedHeaders=([^,\s]+) *, *Signature=([0-9a-f]{64})$/;
const SCOPE = /^\d{8}\/[\w-]+\/[\w-]+\/aws4_request$/;
const TIME = /^\d{8}T\d{6}Z$/;
const UNSIGNED = 'UNSIGNED-PAYLOAD';

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Percent-encodes everything but unreserved characters (RFC 3986, section 2.3). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Undefined for what is no UTF-8. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function fieldOf(fields: readonly Field[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

/** Names and values as sent. */
function pairsOf(path: string): readonly (readonly [string, string])[] {
  const at = path.indexOf('?');
  if (at < 0 || at === path.length - 1) return [];
  return path
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    });
}

/** @returns undefined when there is no signature of AWS; `unsupported` when it is of a kind that cannot be made anew */
export function readSignature(path: string, fields: readonly Field[]): Signature | 'unsupported' | undefined {
  const authorization = fields.filter(({ name }) => name === 'authorization');
  const isHeader = authorization.some(({ value }) => value.startsWith('AWS4-'));
  const pairs = pairsOf(path);
  const query = new Map(pairs.map(([name, value]) => [name, decode(value) ?? '']));
  if (!isHeader && !query.has('X-Amz-Algorithm')) return undefined;
  if (isHeader && (query.has('X-Amz-Algorithm') || authorization.length !== 1)) return 'unsupported';
  const found = isHeader ? readHeader(authorization[0]?.value ?? '', fields) : readQuery(query);
  const isDouble =
    pairs.filter(([name]) => /^X-Amz-/i.test(name)).length !==
    new Set(pairs.map(([name]) => name.toLowerCase()).filter((name) => name.startsWith('x-amz-'))).size;
  if (found === undefined || isDouble || !SCOPE.test(found.scope) || !TIME.test(found.time)) return 'unsupported';
  return found.signedHeaders.includes('host') ? found : 'unsupported';
}

function readHeader(value: string, fields: readonly Field[]): Signature | undefined {
  const [, keyId, scope, signed, signature] = AUTHORIZATION.exec(value) ?? [];
  if (keyId === undefined || scope === undefined || signed === undefined || signature === undefined) return undefined;
  const time = fieldOf(fields, 'x-amz-date') ?? '';
  return { kind: 'header', keyId, scope, signedHeaders: signed.split(';'), signature, time };
}

function readQuery(query: ReadonlyMap<string, string>): Signature | undefined {
  const [, keyId, scope] = /^([^/]+)\/(.+)$/.exec(query.get('X-Amz-Credential') ?? '') ?? [];
  const signature = query.get('X-Amz-Signature');
  const signedHeaders = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  if (query.get('X-Amz-Algorithm') !== ALGORITHM || keyId === undefined || scope === undefined) return undefined;
  if (signature === undefined || !/^[0-9a-f]{64}$/.test(signature)) return undefined;
  return { kind: 'query', keyId, scope, signedHeaders, signature, time: query.get('X-Amz-Date') ?? '' };
}

/** S3 takes the path as it is, every other service encodes it once more. */
function canonicalPath(path: string, service: string): string {
  const before = path.split('?', 1)[0] ?? '/';
  if (service === 's3') return before;
  return before.split('/').map(encode).join('/');
}

function canonicalQuery(path: string): string {
  return pairsOf(path)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(decode(name) ?? name), encode(decode(value) ?? value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : x > y ? 1 : 0) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalHeaders({ host, fields }: SignableRequest, names: readonly string[]): string {
  return names
    .map((name) => {
      const values = name === 'host' ? [host] : fields.filter((field) => field.name === name).map(({ value }) => value);
      return `${name}:${values.map((value) => value.trim().replace(/ +/g, ' ')).join(',')}\n`;
    })
    .join('');
}

/**
 * What the request says its body's SHA-256 is, or that it is not signed; undefined when it does not say.
 * `STREAMING-AWS4-…` is the one kind of body that is signed piece by piece.
 */
export function statedHash(signature: Signature, fields: readonly Field[]): string | undefined {
  const stated = fieldOf(fields, 'x-amz-content-sha256');
  if (stated !== undefined) return stated;
  const isS3 = signature.scope.split('/')[2] === 's3';
  return signature.kind === 'query' && isS3 ? UNSIGNED : undefined;
}

/** @param hash SHA-256 of the body, or what stands for it. @returns 64 hexadecimal digits */
export function signRequest(
  request: SignableRequest,
  { scope, signedHeaders, time }: Pick<Signature, 'scope' | 'signedHeaders' | 'time'>,
  hash: string,
  secretKey: string,
): string {
  const [date = '', region = '', service = ''] = scope.split('/');
  const canonical = [
    request.method,
    canonicalPath(request.path, service),
    canonicalQuery(request.path),
    canonicalHeaders(request, signedHeaders),
    signedHeaders.join(';'),
    hash,
  ].join('\n');
  const text = [ALGORITHM, time, scope, sha256(canonical)].join('\n');
  const key = [region, service, 'aws4_request'].reduce(
    (left: Uint8Array, part) => hmac(left, part),
    hmac(`AWS4${secretKey}`, date),
  );
  return hmac(key, text).toString('hex');
}
