// A refusal or a failure enters, the response that Leash itself gives on a stream leaves: HTTP, or gRPC to who speaks that.
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Field } from '../http/head.ts';
import { type OwnReply, replyParts } from '../http/reply.ts';

const GRPC = /^application\/grpc(?:$|[+; -])/i;
/** Status codes of gRPC for what would be a status of HTTP; 13, internal, for all others. */
const GRPC_STATUS: Readonly<Record<number, number>> = { 403: 7, 501: 12, 502: 14 };

/** What was answered. */
export interface Answered {
  readonly status: number;
  readonly grpcStatus?: number;
}

/** Printable ASCII stays, all else becomes percent-encoded UTF-8, as gRPC over HTTP/2 has it for `grpc-message`. */
function grpcMessage(message: string): string {
  return encodeURIComponent(message.slice(0, 512)).replace(
    /%(?:20|22|26|27|2B|2C|2F|3A|3B|3C|3D|3E|3F|40|5B|5D)/g,
    decodeURIComponent,
  );
}

function answerGrpc(stream: ServerHttp2Stream, reply: OwnReply, policy: string | undefined): Answered {
  const grpcStatus = GRPC_STATUS[reply.status] ?? 13;
  const headers: OutgoingHttpHeaders = {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-status': String(grpcStatus),
    'grpc-message': grpcMessage(`leash: ${reply.message}`),
    ...(policy === undefined ? {} : { 'x-leash-policy': policy }),
  };
  stream.respond(headers, { endStream: true });
  return { status: 200, grpcStatus };
}

export interface AnsweredRequest {
  /** As far as they could be read. */
  readonly fields: readonly Field[];
  readonly isHead: boolean;
  /** Nobody reads it. */
  readonly hasBody: boolean;
}

export function answerStream(
  stream: ServerHttp2Stream,
  reply: OwnReply,
  { fields, isHead, hasBody }: AnsweredRequest,
): Answered {
  const { text, contentType, policy } = replyParts(reply, fields);
  const isGrpc = fields.some(({ name, value }) => name === 'content-type' && GRPC.test(value));
  if (hasBody) stream.once('finish', () => setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR)));
  if (isGrpc) return answerGrpc(stream, reply, policy);
  stream.respond(
    {
      ':status': reply.status,
      'content-type': contentType,
      'content-length': String(text.length),
      'cache-control': 'no-store',
      ...(policy === undefined ? {} : { 'x-leash-policy': policy }),
    },
    { endStream: isHead },
  );
  if (!isHead) stream.end(text);
  return { status: reply.status };
}
