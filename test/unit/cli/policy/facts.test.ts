import { realpathSync } from 'node:fs';
import { expect, test } from 'vitest';
import { showCommand } from '../../../../src/cli/commands/policy/show.command.ts';
import { parse } from '../../../../src/cli/parse.ts';
import { outsideFacts } from '../../../../src/cli/policy/facts.ts';

const facts = (...args: readonly string[]) => outsideFacts(parse(showCommand, args), '');

test('outside a session: this folder, this home, this user, and the agent that is named', async () => {
  expect(await facts()).toMatchObject({
    agent: 'claude',
    workspace: realpathSync('.'),
    home: process.env['HOME'],
    tmp: '/tmp',
  });
  const named = await facts('--agent', 'codex', '-C', '/proc/self/root/usr/.');
  expect(named).toMatchObject({ agent: 'codex', workspace: '/usr' });
});

test('a workspace that is not there', async () => {
  await expect(facts('-C', '/proc/nonexistent')).rejects.toThrow(expect.objectContaining({ code: 'LEASH_WORKSPACE' }));
});
