// A session's options in; what its policies are evaluated against, and the statements of Leash that stand beside them, out.
import { groupNames } from '../host/groups.ts';
import { mentionedRoles, type SessionFacts } from '../policy/facts.ts';
import type { GuardedSource } from '../policy/load.ts';
import { profileFiles } from '../policy/profile.ts';
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
    profiles: profileFiles(options.profiles ?? [], agentOf(options), options.policyFile !== undefined),
    workspace: options.workspace,
    home: homeOf(options),
    tmp: '/tmp',
  };
}

/** The facts with the registries behind the roles that a text speaks of. Most speak of none: nothing is loaded or asked for them. */
export async function factsFor(text: string, facts: SessionFacts, options: SessionOptions): Promise<SessionFacts> {
  if (mentionedRoles(text).length === 0) return facts;
  const { registries, notes } = await (await import('./registries/for-session.ts')).registriesOf(text, options);
  for (const note of notes) options.say(note);
  return { ...facts, registries };
}

/** A text with all statements of Leash that stand beside it in a session. */
export function guarded(policy: PolicyText, facts: SessionFacts): GuardedSource & { readonly guard: string } {
  const secrets = secretGuard(facts.workspace, facts.home);
  return { ...policy, guard: policy.guard === undefined ? secrets : `${policy.guard}\n${secrets}` };
}
