import { expect, test } from 'vitest';
import { allCommands } from '../../../src/cli/commands.ts';
import { commandHelp, optionTerm, optionText, overview, wrap } from '../../../src/cli/help-text.ts';

test('text is broken at spaces, and a long word stands alone', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a verylongword b', 5)).toEqual(['a', 'verylongword', 'b']);
});

test('an option says its value, choices, default and whether it repeats', () => {
  const option = {
    kind: 'value',
    name: 'mode',
    short: 'm',
    value: 'M',
    summary: 'How',
    choices: ['a', 'b'],
    fallback: 'a',
    repeatable: true,
  } as const;
  expect(optionTerm(option)).toBe('-m, --mode M');
  expect(optionText(option)).toBe('How. One of: a, b. Default: a. May be repeated.');
});

test('help names every option and every exit status, in lines a terminal shows', async () => {
  for (const command of await allCommands()) {
    const text = commandHelp(command);
    for (const { name } of command.options) expect(text).toContain(`--${name}`);
    for (const { status } of command.exitCodes) expect(text).toContain(status);
    expect(text).toContain('-h, --help');
    const prose = text.split('\n').filter((line) => !line.startsWith('  ') || line.startsWith('     '));
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(110);
  }
});

test('the overview names every command and the options of the default one', async () => {
  const commands = await allCommands();
  const text = overview(commands);
  for (const { name } of commands.slice(1)) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'));
  for (const { name } of commands[0]?.options ?? []) expect(text).toContain(`--${name}`);
});
