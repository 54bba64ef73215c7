import { expect, test } from 'vitest';
import { allCommands, COMMANDS, commandsOf, findCommand } from '../../../src/cli/commands.ts';
import { EXIT } from '../../../src/host/errors.ts';

test('the default command is first, and each is found by its own name', async () => {
  const commands = await commandsOf();
  expect(commands[0]?.name).toBe('run');
  expect(commands.map(({ name }) => name)).toEqual(Object.keys(COMMANDS));
  for (const command of await allCommands()) {
    const found = await findCommand([...command.name.split(' '), 'more', '--words']);
    expect(found).toEqual({ command, rest: ['more', '--words'] });
  }
});

test('a command that holds others is followed by them, under the names a person types', async () => {
  for (const { name, commands } of await commandsOf()) {
    const inner = commands === undefined ? [] : await commandsOf(commands);
    expect(inner.map((command) => command.name)).toEqual(Object.keys(commands ?? {}).map((word) => `${name} ${word}`));
  }
  const names = (await allCommands()).map(({ name }) => name);
  expect(names.slice(names.indexOf('policy'), names.indexOf('policy') + 2)).toEqual(['policy', 'policy check']);
});

test('a word that names no command of a command is left to it', async () => {
  expect(await findCommand(['policy', 'chekc', '--json'])).toMatchObject({ rest: ['chekc', '--json'] });
  expect((await findCommand(['policy', 'constructor']))?.command.name).toBe('policy');
});

test.each(['', 'claude', 'constructor', '__proto__', 'toString', 'Events'])('%j is no command', async (word) => {
  expect(await findCommand([word])).toBeUndefined();
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
