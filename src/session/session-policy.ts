// A session's options in; what its policies are evaluated against, and the statements of Leash that stand beside them, out.
import { groupNames } from '../host/groups.ts';
import type { PolicyInForce } from '../journal/policy-record.ts';
import { mentionedRoles, type SessionFacts } from '../policy/facts.ts';
import type { GuardedSource } from '../policy/load.ts';
import { profileFiles } from '../policy/profile.ts';
import { cedarString } from '../policy/text/literal.ts';
import { DENIALS, OWN_FOLDER } from '../sandbox/own-folder.ts';
import { agentOf, homeOf, type SessionOptions } from './options.ts';
import { ownFoldersGuard } from './own-folders.ts';
import type { PolicyText } from './policy-file.ts';
import { userName } from './recorder.ts';
import { secretGuard } from './secret-guard.ts';

export interface Beside {
  /** Statements, as text. */
  readonly guard: string;
  /** Files of the session's own that the agent finds where the host has a secret. */
  readonly copies: readonly string[];
}

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

/**
 * The permit is one like any other: a forbid of the user's outweighs it. The forbid that never applies (nothing executes that file) can only
 * be decided by the manager, which has then written down all denials before the call.
 */
const OWN_FILES = `@id("leash:denials") @reason("The agent may read what was denied to it.")
permit(principal, action == Action::"FileOpenReadOnly", resource == File::${cedarString(DENIALS)});
@id("leash:denials-written") @reason("Never.")
forbid(principal, action == Action::"FileOpenReadOnly", resource == File::${cedarString(DENIALS)})
when { context.proc.ancestors.contains(File::${cedarString(DENIALS)}) };
@id("leash:own-files") @reason("What Leash put into the sandbox stays as it is.")
forbid(principal, action in Action::"FileOpenReadWrite", resource in Dir::${cedarString(`${OWN_FOLDER}/`)});`;

/**
 * A text with all statements of Leash that stand beside it in a session.
 * @param beside those that the user's configuration makes
 */
export function guarded(
  { own: _, ...policy }: PolicyText,
  facts: SessionFacts,
  beside: Beside = { guard: '', copies: [] },
): GuardedSource & { readonly guard: string } {
  const own = [
    secretGuard(facts.workspace, facts.home, beside.copies),
    OWN_FILES,
    ownFoldersGuard(facts.workspace),
    beside.guard,
  ]
    .filter((text) => text !== '')
    .join('\n');
  return { ...policy, guard: policy.guard === undefined ? own : `${policy.guard}\n${own}` };
}

/** What the journal keeps of a text that is put in force. */
export function recorded(epoch: number, text: PolicyText, facts: SessionFacts, beside: Beside): PolicyInForce {
  const own = text.own === undefined ? {} : { own: text.own };
  return { v: 1, epoch, ...guarded(text, facts, beside), ...own, facts };
}
