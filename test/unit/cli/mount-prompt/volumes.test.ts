import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../../../../src/cli/commands/run.command.ts';
import { sessionVolumes } from '../../../../src/cli/mount-prompt/volumes.ts';
import { parse } from '../../../../src/cli/parse.ts';
import { settle } from '../../../../src/cli/settle.ts';
import { namedAgent } from '../../../../src/session/agents/launch.ts';

let root: string;
let home: string;
let workspace: string;
let said: string[];
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-volumes-')));
  [home, workspace, said] = [path.join(root, 'home'), path.join(root, 'ws'), []];
  for (const folder of ['home/.config/leash', 'home/.claude', 'ws', 'data'])
    mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(home, '.claude.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function volumes(config: string, command = 'claude', at = workspace): Promise<unknown> {
  writeFileSync(path.join(home, '.config/leash/config.toml'), config, { mode: 0o600 });
  const env = { HOME: home, CI: '1' };
  const settled = await settle(runCommand.options, parse(runCommand, ['-C', at, command]), env);
  const named = await namedAgent(command, home, settled.config);
  return sessionVolumes(settled, named?.agent, (line) => said.push(line), env);
}

const own = (): unknown =>
  ['.claude', '.claude.json'].map((name) => ({
    source: path.join(home, name),
    place: path.join(home, name),
    access: 'review',
  }));

test('an agent’s settings: where a person said so, and nowhere else', async () => {
  expect(await volumes('')).toEqual([]);
  expect(await volumes('[volumes]\nclaude = true\n')).toEqual(own());
  expect(await volumes('[volumes]\nclaude = false\n')).toEqual([]);
  expect(await volumes(`[volumes]\nclaude = true\n[projects."${workspace}"]\nclaude = false\n`)).toEqual([]);
  expect(await volumes(`[projects."${workspace}"]\nclaude = true\n`)).toEqual(own());
  expect(await volumes('[volumes]\ncodex = true\n', 'codex')).toEqual([]);
});

test('settings of an agent of one’s own, likewise', async () => {
  const agent = '[agents.mine]\ncommand = "mine"\nconfig_dirs = ["~/.mine", "~/.config/mine"]\n';
  mkdirSync(path.join(home, '.mine'));
  expect(await volumes(agent, 'mine')).toEqual([]);
  const place = path.join(home, '.mine');
  expect(await volumes(`${agent}[volumes]\nmine = true\n`, 'mine')).toEqual([
    { source: place, place, access: 'review' },
  ]);
  expect(await volumes(`${agent}[volumes]\nmine = true\n`, 'claude')).toEqual([]);
});

test('a program of the workspace that is called like an agent is not that agent', async () => {
  expect(await volumes('[volumes]\nclaude = true\n', './claude')).toEqual([]);
});

test('what lies in the workspace anyway is not mounted again', async () => {
  expect(await volumes('[volumes]\nclaude = true\n', 'claude', home)).toEqual([]);
});

test('a link to the settings is mounted by what it leads to, unless that is the agent’s', async () => {
  rmSync(path.join(home, '.claude'), { recursive: true });
  symlinkSync(path.join(root, 'data'), path.join(home, '.claude'));
  expect(await volumes('[volumes]\nclaude = true\n')).toContainEqual({
    source: path.join(root, 'data'),
    place: path.join(home, '.claude'),
    access: 'review',
  });
  rmSync(path.join(home, '.claude'));
  symlinkSync(workspace, path.join(home, '.claude'));
  expect(JSON.stringify(await volumes('[volumes]\nclaude = true\n'))).not.toContain(workspace);
});

test('volumes of one’s own, for any command; one that is not there is left out, and said so', async () => {
  const text = `[volumes]\n"${root}/data" = "/data:ro"\n"${root}/none" = "/none"\n`;
  expect(await volumes(text, 'bash')).toEqual([
    { source: path.join(root, 'data'), place: '/data', access: 'read-only' },
  ]);
  expect(said).toEqual([`${root}/none is not there, so it is not mounted (${home}/.config/leash/config.toml:3)`]);
});

test('a link in the workspace as a source is refused: the agent of the last session may have made it', async () => {
  symlinkSync(home, path.join(workspace, 'cache'));
  await expect(volumes(`[volumes]\n"${workspace}/cache" = "/cache"\n`)).rejects.toThrow('is a link in the workspace');
});
