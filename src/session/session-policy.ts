// A session's options in; what its policies are evaluated against, and the statements of Leash that stand beside them, out.
import { groupNames } from '../host/groups.ts';
import type { SessionFacts } from '../policy/facts.ts';
import type { GuardedSource } from '../policy/load.ts';
import { profilesInForce } from '../policy/profile.ts';
import { agentOf, homeOf, type SessionOptions } from './options.ts';
import type { PolicyText } from './policy-file.ts';
import { userName } from './recorder.ts';
import { secretGuard } from './secret-guard.ts';

/** What a policy is evaluated against does not change while the session lives. */
export function sessionFacts(id: string, options: SessionOptions): SessionFacts {
  return {
    agent: agentOf(options),
    session: id,
    user: userName(),
    groups: groupNames(),
    profiles: profilesInForce(options.profiles ?? [], agentOf(options), options.policyFile !== undefined),
    workspace: options.workspace,
    home: homeOf(options),
    tmp: '/tmp',
  };
}

/** A text with all statements of Leash that stand beside it in a session. */
export function guarded(policy: PolicyText, facts: SessionFacts): GuardedSource & { readonly guard: string } {
  const secrets = secretGuard(facts.workspace, facts.home);
  return { ...policy, guard: policy.guard === undefined ? secrets : `${policy.guard}\n${secrets}` };
}
