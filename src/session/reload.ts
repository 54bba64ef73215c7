// An edited policy file in, the new set in force in every layer out; a broken edit changes nothing and says where it is broken.
import fs from 'node:fs';
import type { Decision } from '../decision/decision.ts';
import type { Warden } from '../engine/warden.ts';
import { LeashError } from '../host/errors.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import type { Network } from './network.ts';
import { type PolicyText, readPolicy, watchPolicy } from './policy-file.ts';
import type { Recorder } from './recorder.ts';

export interface ReloadContext {
  readonly file: string;
  readonly load: (policy: PolicyText) => Promise<PolicySet>;
  readonly decision: Decision;
  readonly warden: Warden;
  readonly network: Network;
  readonly recorder: Recorder;
  readonly observes: boolean;
  readonly say: (line: string) => void;
}

async function reload(context: ReloadContext, last: string): Promise<string> {
  const { decision, recorder, say } = context;
  const policy = readPolicy(context.file);
  if (policy.text === last) return last;
  const set = await context.load(policy);
  const epoch = decision.replace(set);
  context.warden.load({ epoch, observe: context.observes, hash: set.readsContent }, set.image);
  await context.network.rejudge();
  recorder.note('PolicyLoad', policy.name, epoch);
  say(`policy ${policy.name} reloaded, epoch ${epoch}`);
  return policy.text;
}

/** Follows edits until the returned function is called. One reload at a time; edits meanwhile are taken together. */
export function followPolicy(given: ReloadContext, first: string): () => void {
  // The guard covers the file, not links on the way to it, which the agent could lead elsewhere.
  const context = { ...given, file: fs.realpathSync(given.file) };
  let last = first;
  let work: Promise<void> = Promise.resolve();
  return watchPolicy(context.file, () => {
    work = work
      .then(async () => {
        last = await reload(context, last);
      })
      .catch((error: unknown) => {
        const problem = error instanceof LeashError ? error : new LeashError('LEASH_POLICY_INVALID', String(error));
        context.recorder.note('PolicyLoad', context.file, context.decision.epoch, problem.message);
        context.say(`${problem.code}: ${problem.message}; the policy in force stays (epoch ${context.decision.epoch})`);
        for (const line of problem.details) context.say(line);
      });
  });
}
