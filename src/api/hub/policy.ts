// A session in; its policy, what a text in its place would decide, and edits of it, out.

import { LeashError } from '../../host/errors.ts';
import { lastPolicyRecord, policyEpochs, policyRecordTime, readPolicyRecord } from '../../journal/policy-record.ts';
import type { SessionSummary } from '../../journal/session-list.ts';
import { API_ROOT, type PolicyDifference, type PolicyVersion } from '../../schema/api.ts';
import type { PolicyView, WholePolicy } from '../../schema/policy-desk.ts';
import { editPolicy, policyOf, wholePolicyOf } from '../client.ts';
import { findings } from './findings.ts';
import { type Route, route, sessionOf } from './route.ts';
import {
  policyDifference,
  policyEdit,
  policyEpoch,
  policyFindings,
  policyText,
  policyVersions,
  policyView,
} from './schemas.ts';
import { running } from './sessions.ts';

/** Of a session that is over: all that was evaluated, as it was recorded. */
function lastPolicy({ dir }: SessionSummary): PolicyView {
  const { epoch, name, text } = lastPolicyRecord(dir);
  return { epoch, name, text, profiles: [], isKept: false };
}

const VERSIONS_MAX = 50;

/** The last of a session's policies, the newest first: the journal keeps them beside the events they decided. */
function versions({ dir }: SessionSummary): readonly PolicyVersion[] {
  const epochs = policyEpochs(dir).slice(-VERSIONS_MAX).toReversed();
  return epochs.map((epoch) => {
    const { name, text, own = text } = readPolicyRecord(dir, epoch);
    return { epoch, time: policyRecordTime(dir, epoch), name, text: own };
  });
}

/** RFC 9110, section 13.1.1; one strong tag. Throws LEASH_API_CONFLICT. */
function expectedEpoch(header: string | undefined): number {
  const [, epoch] = /^"(\d{1,15})"$/.exec(header ?? '') ?? [];
  if (epoch !== undefined) return Number(epoch);
  throw new LeashError('LEASH_API_CONFLICT', 'If-Match must name the epoch that was read, as its ETag: `"3"`');
}

async function difference({ dir }: SessionSummary, text: string): Promise<PolicyDifference> {
  const [
    { comparePolicies },
    { differenceJson, differenceParagraphs, isWider },
    { GuardedChecker },
    { cedarSchema },
    { readPolicy },
    { today },
    { canonicalFacts },
    { outline },
  ] = await Promise.all([
    import('../../policy/compare/compare.ts'),
    import('../../policy/compare/describe.ts'),
    import('../../policy/check/check-guarded.ts'),
    import('../../policy/cedar-schema.ts'),
    import('../../policy/evaluate/policy.ts'),
    import('../../policy/load.ts'),
    import('../../policy/facts.ts'),
    import('../../policy/explain/outline.ts'),
  ]);
  const before = lastPolicyRecord(dir);
  const after = await wholePolicyOf(dir, text);
  const checker = new GuardedChecker(cedarSchema());
  const policies = [before, after].map((source) => checker.check(source, today()).policies.map(readPolicy));
  const differences = comparePolicies(policies[0] ?? [], policies[1] ?? [], canonicalFacts(before.facts));
  const outlines = ({ name, text, guard }: WholePolicy) =>
    new Map([text, guard].flatMap((part) => outline({ name, text: part }, today()).map((entry) => [entry.id, entry])));
  return {
    epoch: before.epoch,
    isWider: isWider(differences),
    differences: differences.map(differenceJson),
    paragraphs: differenceParagraphs(differences, { old: outlines(before), new: outlines(after) }),
  };
}

export const POLICY_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: `${API_ROOT}/sessions/:session/policy`,
    access: 'session',
    summary: 'The text in force, with its epoch as ETag; of a session that is over the last one',
    reply: policyView,
    answer: async (call) => {
      const session = sessionOf(call);
      const view = session.state === 'running' ? await policyOf(session.dir) : lastPolicy(session);
      return { body: view, headers: { ETag: `"${view.epoch}"` } };
    },
  }),
  route({
    method: 'PUT',
    path: `${API_ROOT}/sessions/:session/policy`,
    access: 'session',
    summary: 'Put a text in force, if the epoch is still that of If-Match; `keep` writes it to the policy file, too',
    body: policyEdit,
    reply: policyEpoch,
    answer: async (call) => {
      const { dir } = running(sessionOf(call));
      const epoch = await editPolicy(dir, { ...call.body, epoch: expectedEpoch(call.header('if-match')) });
      return { body: { epoch }, headers: { ETag: `"${epoch}"` } };
    },
  }),
  route({
    method: 'GET',
    path: `${API_ROOT}/sessions/:session/policy/versions`,
    access: 'session',
    summary: `The texts that were in force, the newest first, with epoch and time; the last ${VERSIONS_MAX}`,
    reply: policyVersions,
    answer: (call) => ({ body: { versions: versions(sessionOf(call)) } }),
  }),
  route({
    method: 'POST',
    path: `${API_ROOT}/sessions/:session/policy/check`,
    access: 'session',
    summary: 'Faults and notes of a text, each with line and column; nothing is changed',
    body: policyText,
    reply: policyFindings,
    answer: async (call) => ({ body: await findings(sessionOf(call), call.body.text) }),
  }),
  route({
    method: 'POST',
    path: `${API_ROOT}/sessions/:session/policy/diff`,
    access: 'session',
    summary:
      'What a text would allow or deny that the policy in force does not, each with a request; nothing is changed',
    body: policyText,
    reply: policyDifference,
    answer: async (call) => ({ body: await difference(running(sessionOf(call)), call.body.text) }),
  }),
];
