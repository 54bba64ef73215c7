// What to run in, the agent's exit status out.
import { LeashError } from '../../host/errors.ts';
import type { RunArgs } from '../run-args.ts';

/** Throws LEASH_NATIVE_MISSING: this build has no session yet. */
export async function run(args: RunArgs): Promise<number> {
  throw new LeashError('LEASH_NATIVE_MISSING', `this build cannot run ${JSON.stringify(args.command[0])} yet`);
}
