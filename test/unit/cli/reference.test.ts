import { expect, test } from 'vitest';
import { allCommands } from '../../../src/cli/commands.ts';
import { cliReference, errorReference } from '../../../src/cli/reference.ts';
import { ERRORS } from '../../../src/host/errors.ts';

function cells(line: string): number {
  return line.split(/(?<!\\)\|/).length;
}

test('the reference has every command and option, in tables that are whole', async () => {
  const commands = await allCommands();
  const text = cliReference(commands);
  for (const { name, options } of commands) {
    expect(text).toContain(`## leash ${name}\n`);
    for (const option of options) expect(text).toContain(`--${option.name}`);
  }
  for (const line of text.split('\n')) if (line.startsWith('| ')) expect(cells(line), line).toBe(4);
});

test('every error is there with its exit status and hint', () => {
  const text = errorReference();
  for (const [code, { exit }] of Object.entries(ERRORS))
    expect(text).toMatch(new RegExp(`^\\| \`${code}\` \\| ${exit} \\| .+ \\|$`, 'm'));
});
