import { expect, test } from 'vitest';
import { allCommands } from '../../../../src/cli/commands.ts';
import { runLeash } from '../run-leash.ts';

test('every command explains itself in the same words by both ways', async () => {
  for (const { name, summary } of await allCommands()) {
    const words = name.split(' ');
    const { status, stdout } = runLeash(['help', ...words]);
    expect(status).toBe(0);
    expect(stdout.startsWith(`${summary}.\n`)).toBe(true);
    expect(runLeash([...words, '--help']).stdout).toBe(stdout);
  }
});

test('a word that names no command is answered with the nearest, also below another command', () => {
  expect(runLeash(['help', 'polcy']).stderr).toContain('there is no command "polcy"; did you mean policy?');
  expect(runLeash(['help', 'policy', 'chekc']).stderr).toContain('there is no command "chekc"; did you mean check?');
  expect(runLeash(['help', 'events', 'x'])).toMatchObject({ status: 2, stdout: '' });
});
