// A session and a policy text in; its faults and notes, with their places, out.
import { lastPolicyRecord } from '../../journal/policy-record.ts';
import type { SessionSummary } from '../../journal/session-list.ts';
import type { PolicyFindings } from '../../schema/api.ts';

/** Evaluated against what the session's policy is evaluated against. */
export async function findings({ dir }: SessionSummary, text: string): Promise<PolicyFindings> {
  const [{ checkReport, findingOf }, { cedarSchema }, { today }] = await Promise.all([
    import('../../policy/check/report.ts'),
    import('../../policy/cedar-schema.ts'),
    import('../../policy/load.ts'),
  ]);
  const source = { name: 'policy', text };
  const { faults, notes } = checkReport(source, cedarSchema(), lastPolicyRecord(dir).facts, today());
  return {
    ok: faults.length === 0,
    faults: faults.map((fault) => findingOf(source, fault)),
    notes: notes.map((note) => findingOf(source, note)),
  };
}
