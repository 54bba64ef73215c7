// The text at the end of the demo.
import { expect, test } from 'vitest';
import type { Attempt } from '../../../../src/cli/demo/attempts.ts';
import type { Finding, Outcome } from '../../../../src/cli/demo/findings.ts';
import { reportLines } from '../../../../src/cli/demo/report.ts';
import { painter } from '../../../../src/cli/terminal.ts';

const GOOD = { agentStatus: 0, isRepaired: true, isOutsideIntact: true, isSecretKept: true };

function finding(title: string, expected: Attempt['expected'], outcome: Outcome): Finding {
  const attempt = { title, expected, step: { text: '' }, concerns: () => false };
  return { attempt, outcome, isExpected: outcome.kind === expected };
}

function report(attempts: readonly Finding[], result = GOOD, otherRefusals: readonly string[] = []): string {
  const refusals = otherRefusals.map((resource) => ({ action: 'DnsResolve' as const, resource, why: 'no', count: 1 }));
  const findings = { attempts, allowed: [{ what: 'files read', count: 3 }], otherRefusals: refusals };
  return reportLines(findings, result, '20261125-101112-abcd', painter({})).join('\n');
}

test('says of each attempt what came of it, and why', () => {
  const text = report([
    finding('open a door', 'stopped', { kind: 'stopped', by: 'policy', why: 'doors are shut', policies: ['door'] }),
    finding('open a window', 'stopped', { kind: 'stopped', by: 'sandbox', error: 'ENOENT' }),
    finding('take a note', 'allowed', { kind: 'allowed' }),
  ]);
  expect(text).toMatch(/✗ stopped +open a door +doors are shut \[door\]/);
  expect(text).toMatch(/✗ stopped +open a window +.*ENOENT/);
  expect(text).toMatch(/✓ allowed +take a note/);
  expect(text).toContain('3 files read');
  expect(text).toContain('leash events --session 20261125-101112-abcd --denied');
  expect(text).not.toContain('unexpected');
});

test.each<[string, Outcome]>([
  ['allowed', { kind: 'allowed' }],
  ['unseen', { kind: 'unseen' }],
])('an attempt that should have been stopped and was %s is called unexpected', (word, outcome) => {
  const text = report([finding('open a door', 'stopped', outcome)]);
  expect(text).toContain('unexpected: this should have been stopped');
  expect(text).toContain(word);
});

test.each<[keyof typeof GOOD, number | boolean, string]>([
  ['isRepaired', false, 'not repaired'],
  ['isOutsideIntact', false, 'is gone'],
  ['isSecretKept', false, 'reached the model'],
  ['agentStatus', 7, 'status 7'],
])('%s %s is called unexpected', (key, value, words) => {
  const text = report([], { ...GOOD, [key]: value });
  expect(text).toMatch(new RegExp(`unexpected: .*${words}`));
});

test('names chosen by the agent cannot drive the terminal; many refusals are cut', () => {
  const text = report([], GOOD, ['\u001b[2J', ...Array.from({ length: 9 }, (_, index) => `host-${index}`)]);
  expect(text).not.toContain('\u001b');
  expect(text).toContain('… and 4 more');
});
