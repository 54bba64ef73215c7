// A test and the policy it is about in; what is wrong, in words, out: nothing when it passes and every evaluator agrees.
import type { Request } from '../../schema/request.ts';
import type { AuthorizerAnswer, AuthorizerQuestion } from '../check/cedar.ts';
import { worldOf } from '../evaluate/world.ts';
import type { SessionFacts } from '../facts.ts';
import type { PolicySet } from '../policy-set.ts';
import type { PolicyCase } from './cases.ts';
import { questionOf } from './cedar-json.ts';
import type { CedarTest } from './cedar-tests.ts';
import { embeddedRequest } from './embedded-request.ts';

/** The facts of every test, so that its outcome is the same on every machine. Directories as in `canonicalFacts`. */
export const TEST_FACTS: SessionFacts = {
  agent: 'claude',
  session: 'test',
  user: 'user',
  workspace: '/workspace/',
  home: '/home/user/',
  tmp: '/tmp/',
  registries: {
    npm: ['npm.registry.example:443', 'npm.registry.example:4873'],
    pip: ['pip.registry.example:443', 'pip.registry.example:4873'],
    cargo: ['cargo.registry.example:443'],
  },
};

export interface TestedPolicy {
  readonly set: PolicySet;
  /** The official authorizer, for the enforced policies of the same set. */
  readonly official: (question: AuthorizerQuestion) => AuthorizerAnswer;
}

interface Answer {
  readonly effect: 'allow' | 'deny';
  readonly policies: readonly string[];
  readonly errors: readonly string[];
}

function answerText({ effect, policies, errors }: Answer): string {
  const by = policies.length === 0 ? 'by no policy' : `by ${policies.toSorted().join(', ')}`;
  return `${effect} ${by}${errors.length === 0 ? '' : ` with errors in ${errors.toSorted().join(', ')}`}`;
}

function ownAnswer({ set }: TestedPolicy, request: Request): Answer {
  const { effect, policies, errors = [] } = set.decide(request);
  return { effect, policies, errors };
}

function disagreement(official: Answer, own: Answer, cause: string): readonly string[] {
  const [said, decided] = [answerText(official), answerText(own)];
  return said === decided ? [] : [`Cedar says ${said}, a session decides ${decided}${cause}`];
}

/** What `cedar run-tests` compares: the decision, reasons that must be among the determining policies, the number of errors. */
function differences({ decision, reason, errors }: CedarTest, answer: Answer): readonly string[] {
  if (answer.effect !== decision) return [`expected ${decision}, got ${answerText(answer)}`];
  const missing = reason.filter((id) => !answer.policies.includes(id));
  return [
    ...(missing.length === 0 ? [] : [`expected ${missing.join(', ')} to determine it, got ${answerText(answer)}`]),
    ...(answer.errors.length === errors ? [] : [`expected ${errors} errors, got ${answerText(answer)}`]),
  ];
}

/** Asks the official authorizer with the entities of the test, and a session where it can be asked the same. */
export function runCedarTest(test: CedarTest, policy: TestedPolicy): readonly string[] {
  const request = embeddedRequest(test, TEST_FACTS);
  const { principal, action, resource, context, entities } = test;
  if (entities === undefined && request === undefined) {
    return ['no session asks this, so Leash cannot make its "entities": give them'];
  }
  const question =
    entities === undefined && request !== undefined
      ? questionOf(worldOf(request, TEST_FACTS))
      : { principal, action, resource, context, entities: entities ?? [] };
  const official = policy.official(question);
  if (!official.ok) return [official.why];
  const cause = entities === undefined ? '' : ', which makes the entities itself; leave "entities" out to test that';
  const disagreements = request === undefined ? [] : disagreement(official, ownAnswer(policy, request), cause);
  return [...differences(test, official), ...disagreements];
}

/** A case names all determining policies, and asks what a session asks. */
export function runCase({ effect, policies, request }: PolicyCase, policy: TestedPolicy): readonly string[] {
  const own = ownAnswer(policy, request);
  const official = policy.official(questionOf(worldOf(request, TEST_FACTS)));
  if (!official.ok) return [official.why];
  const isExpected = own.effect === effect && own.policies.toSorted().join() === policies.join();
  const expected = answerText({ effect, policies, errors: [] });
  return [...(isExpected ? [] : [`expected ${expected}, got ${answerText(own)}`]), ...disagreement(official, own, '')];
}
