// How the commands about policies end: the options and exit statuses they share.
import { EXIT } from '../../host/errors.ts';
import type { Command, ExitCode, FlagOption } from '../command.ts';

export const JSON_OPTION: FlagOption = {
  kind: 'flag',
  name: 'json',
  summary: 'One JSON document on standard output',
};

/** A policy that cannot be used ends these commands with a status of its own, and not with that of a session that cannot start. */
export const POLICY_EXITS: Pick<Command, 'usageExit' | 'errorExits'> = {
  usageExit: EXIT.usage,
  errorExits: { LEASH_POLICY_READ: EXIT.policy, LEASH_POLICY_INVALID: EXIT.policy, LEASH_WORKSPACE: EXIT.usage },
};

/** The exit statuses of one command: what 0 and 1 mean, then those that all share. */
export function policyExitCodes(ok: string, finding: string | undefined, policy: string): readonly ExitCode[] {
  return [
    { status: String(EXIT.ok), meaning: ok },
    ...(finding === undefined ? [] : [{ status: String(EXIT.failed), meaning: finding }]),
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.policy), meaning: policy },
  ];
}
