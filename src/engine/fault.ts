// What the warden says went wrong in, the error that a person reads out.
import { errorName } from '../host/error-name.ts';
import { LeashError } from '../host/errors.ts';
import { usernsRefusal } from '../host/userns.ts';
import { FAULT } from './wire-layout.ts';

export interface Fault {
  readonly code: number;
  readonly error: number;
  readonly text: string;
}

const ENOENT = 2;

export function failureOf(fault: Fault, agent: string): LeashError {
  if (fault.code === FAULT.memory) return new LeashError('LEASH_LIMIT_MEMORY', fault.text);
  if (fault.code !== FAULT.exec) return new LeashError('LEASH_SANDBOX_START', fault.text);
  if (fault.error === ENOENT) return new LeashError('LEASH_COMMAND_NOT_FOUND', `there is no command ${agent}`);
  const why = errorName(fault.error);
  return new LeashError('LEASH_COMMAND_NOT_EXECUTABLE', `${agent} cannot be executed (${why})`);
}

/** The backend ended before there was an agent: its own message is on stderr, and its status is not the agent's. */
export function neverStood(status: number): LeashError {
  const refusal = usernsRefusal();
  const why = refusal === undefined ? '' : `; user namespaces are restricted here: ${refusal.why}`;
  return new LeashError('LEASH_SANDBOX_START', `the sandbox could not be built (status ${status})${why}`);
}
