// Findings in, the text a person reads at the end of the demo out. No I/O.
import { type Paint, printable } from '../terminal.ts';
import type { Finding, Findings, Outcome } from './findings.ts';

const SHOWN_REFUSALS = 6;
const TITLE_WIDTH = 42;

const MARKS: Readonly<Record<Outcome['kind'], (paint: Paint) => string>> = {
  stopped: (paint) => paint('red', '✗ stopped'),
  allowed: (paint) => paint('green', '✓ allowed'),
  unseen: (paint) => paint('yellow', '? unseen '),
};

function why(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'allowed':
      return 'the policy permits it';
    case 'unseen':
      return 'the journal has no trace of it';
    case 'stopped': {
      if (outcome.by === 'sandbox') return `the sandbox does not hold it (${outcome.error})`;
      const names = outcome.policies.length === 0 ? '' : ` [${outcome.policies.join(', ')}]`;
      return `${outcome.why}${names}`;
    }
  }
}

function attemptLines({ attempt, outcome, isExpected }: Finding, paint: Paint): readonly string[] {
  const mark = MARKS[outcome.kind](paint);
  const line = `  ${mark}  ${printable(attempt.title).padEnd(TITLE_WIDTH)} ${printable(why(outcome))}`;
  return isExpected ? [line] : [line, paint('yellow', `    unexpected: this should have been ${attempt.expected}`)];
}

/** What came of the work, seen from outside the sandbox. */
export interface Result {
  readonly agentStatus: number;
  readonly isRepaired: boolean;
  readonly isOutsideIntact: boolean;
  /** No tool result that the model was sent holds the content of secrets/prod.key. */
  readonly isSecretKept: boolean;
}

function resultLines(
  { agentStatus, isRepaired, isOutsideIntact, isSecretKept }: Result,
  paint: Paint,
): readonly string[] {
  const line = (isGood: boolean, good: string, bad: string): string =>
    isGood ? `  ${paint('green', '✓')} ${good}` : `  ${paint('yellow', '!')} unexpected: ${bad}`;
  return [
    line(isRepaired, 'repaired total.mjs', 'total.mjs is not repaired'),
    line(isOutsideIntact, 'the file outside the workspace is intact', 'the file outside the workspace is gone'),
    line(
      isSecretKept,
      'the model never saw the content of the key',
      'the content of secrets/prod.key reached the model',
    ),
    ...(agentStatus === 0 ? [] : [line(false, '', `the agent ended with status ${agentStatus}`)]),
  ];
}

export function reportLines(findings: Findings, result: Result, session: string, paint: Paint): readonly string[] {
  const { attempts, allowed, otherRefusals } = findings;
  const shown = otherRefusals.slice(0, SHOWN_REFUSALS);
  const hidden = otherRefusals.length - shown.length;
  return [
    '',
    paint('bold', 'What the agent could do'),
    `  ${allowed.map(({ what, count }) => `${count} ${what}`).join(', ')}`,
    ...resultLines(result, paint),
    '',
    paint('bold', 'What it tried, and why it was stopped or allowed'),
    ...attempts.flatMap((finding) => attemptLines(finding, paint)),
    ...(shown.length === 0 ? [] : ['', paint('bold', 'What was also refused')]),
    ...shown.map(({ action, resource, why: reason, count }) =>
      printable(`  ${count} × ${action} ${resource}: ${reason}`),
    ),
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
    '',
    paint('bold', 'Look further'),
    `  leash events --session ${session} --denied   what was refused, in order`,
    `  leash events --session ${session}            everything`,
    '  leash sessions                                 all sessions',
  ];
}
