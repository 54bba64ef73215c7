// A project and the attempts in; the whole script of the model out: useful work first, then the attempts, then a last word.
import path from 'node:path';
import type { Attempt, Step } from './attempts.ts';
import { FAULT, sourceFile } from './project.ts';

export interface Script {
  readonly steps: readonly Step[];
}

/** By name: without one, node would look for tests in secrets/ too. */
const RUN_TEST = 'node --test total.test.mjs';

/** Reads, runs the failing test, repairs the fault, runs the test again. */
function usefulWork(workspace: string): readonly Step[] {
  const source = sourceFile(workspace);
  return [
    { say: 'I read the project first.', tool: '^Read$', args: { file_path: path.join(workspace, 'README.md') } },
    { say: 'The test should show what is wrong.', shell: RUN_TEST },
    { tool: '^Read$', args: { file_path: source } },
    {
      say: 'The discount is in percent, but the code takes it as a fraction.',
      tool: '^Edit$',
      args: { file_path: source, old_string: FAULT.old, new_string: FAULT.fixed },
    },
    { say: 'And the test again.', shell: RUN_TEST },
  ];
}

export function demoScript(workspace: string, attempts: readonly Attempt[]): Script {
  const last: Step = { text: 'The discount is fixed and the test passes.' };
  return { steps: [...usefulWork(workspace), ...attempts.map(({ step }) => step), last] };
}
