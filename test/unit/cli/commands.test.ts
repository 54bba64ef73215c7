import { expect, test } from 'vitest';
import { allCommands, COMMANDS, findCommand } from '../../../src/cli/commands.ts';
import { EXIT } from '../../../src/host/errors.ts';

test('the default command is first, and each is found by its own name', async () => {
  const commands = await allCommands();
  expect(commands[0]?.name).toBe('run');
  expect(commands.map(({ name }) => name)).toEqual(Object.keys(COMMANDS));
  for (const command of commands) expect(await findCommand(command.name)).toBe(command);
});

test.each(['', 'claude', 'constructor', '__proto__', 'toString', 'Events'])('%j is no command', async (word) => {
  expect(await findCommand(word)).toBeUndefined();
});

test('the data of every command is complete and without contradiction', async () => {
  for (const command of await allCommands()) {
    const names = command.options.flatMap(({ name, short }) => (short === undefined ? [name] : [name, short]));
    expect(new Set(names).size, `${command.name}: an option is there twice`).toBe(names.length);
    expect(names, `${command.name}: help is everywhere by itself`).not.toContain('help');
    expect(command.usage.length).toBeGreaterThan(0);
    for (const { summary } of [command, ...command.options, ...command.positionals]) expect(summary).not.toMatch(/\.$/);
    expect(command.usageExit).toBe(command.name === 'run' ? EXIT.leash : EXIT.usage);
    expect(typeof (await command.load())).toBe('function');
  }
});
