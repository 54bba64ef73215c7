// An error in; the status and the body that say it out: a code of the registry, and never a stack or a secret.
import { ERRORS, type ErrorCode, LeashError } from '../../host/errors.ts';
import type { ApiFailure } from '../../schema/api.ts';

/** Where it is not a fault of who asked, and not of this list: 500. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  LEASH_API_INPUT: 400,
  LEASH_API_TOKEN: 401,
  LEASH_API_SCOPE: 403,
  LEASH_API_ORIGIN: 403,
  LEASH_API_UNKNOWN: 404,
  LEASH_SESSION_UNKNOWN: 404,
  LEASH_QUESTION_UNKNOWN: 404,
  LEASH_NOT_KEPT: 409,
  LEASH_SESSION_OVER: 409,
  LEASH_SESSION_UNREACHABLE: 409,
  LEASH_JOURNAL_CORRUPT: 409,
  LEASH_REVIEW: 409,
  LEASH_REVIEW_NONE: 409,
  LEASH_API_CONFLICT: 412,
  LEASH_REPORT_SIZE: 413,
  LEASH_POLICY_INVALID: 422,
  LEASH_POLICY_READ: 422,
  LEASH_API_LIMIT: 422,
  LEASH_API_BUSY: 503,
  LEASH_JOURNAL_WRITE: 507,
};

export function failureOf(error: LeashError): ApiFailure {
  const { code, message, details } = error;
  return { code, message, hint: ERRORS[code].hint, details };
}

/** An error that names no code is a bug; what it says may quote anything, so it is not passed on. */
export function asLeashError(error: unknown): LeashError {
  if (error instanceof LeashError) return error;
  return new LeashError('LEASH_API_BROKEN', 'the request could not be answered', { cause: error });
}

export function statusOf({ code }: LeashError): number {
  return STATUS[code] ?? 500;
}
