import { expect, test } from 'vitest';
import { allCommands } from '../../../../src/cli/commands.ts';
import { runLeash } from '../run-leash.ts';

test('every command explains itself in the same words by both ways', async () => {
  for (const { name, summary } of await allCommands()) {
    const { status, stdout } = runLeash(['help', name]);
    expect(status).toBe(0);
    expect(stdout.startsWith(`${summary}.\n`)).toBe(true);
    expect(runLeash([name, '--help']).stdout).toBe(stdout);
  }
});
