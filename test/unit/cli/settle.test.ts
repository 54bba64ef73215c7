import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../../../src/cli/commands/run.command.ts';
import { parse } from '../../../src/cli/parse.ts';
import { type Settled, settle } from '../../../src/cli/settle.ts';

let root: string;
let home: string;
let workspace: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-settle-')));
  [home, workspace] = [path.join(root, 'home'), path.join(root, 'ws')];
  for (const folder of [path.join(home, '.config/leash'), workspace]) mkdirSync(folder, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (): string => path.join(home, '.config/leash/config.toml');
const configure = (text: string): void => writeFileSync(file(), text, { mode: 0o600 });
const run = (env: Record<string, string>, ...words: readonly string[]): Promise<Settled> =>
  settle(runCommand.options, parse(runCommand, ['-C', workspace, ...words, 'x']), { HOME: home, ...env });

test('without configuration and variables the command line is what it is', async () => {
  const { args, config, envvars, notes } = await run({}, '--mode', 'record');
  expect([args.mode, args.profiles, args.isInteractive, config, envvars, notes]).toEqual([
    'record',
    [],
    true,
    undefined,
    {},
    [],
  ]);
});

test('default, global, project, variable, command line', async () => {
  expect((await run({})).args.mode).toBe('enforce');
  configure('[leash]\nmode = "shadow"\npolicy = "node"\n');
  expect((await run({})).args).toMatchObject({ mode: 'shadow', profiles: ['node'] });
  configure(`[leash]\nmode = "shadow"\n[projects."${workspace}"]\nmode = "record"\n`);
  expect((await run({})).args.mode).toBe('record');
  expect((await run({ LEASH_MODE: 'enforce' })).args.mode).toBe('enforce');
  expect((await run({ LEASH_MODE: 'enforce' }, '--mode', 'shadow')).args.mode).toBe('shadow');
});

test.each([
  ['LEASH_POLICY', 'python,node', { profiles: ['python', 'node'] }],
  ['LEASH_POLICY_FILE', '/p.cedar', { policyFile: '/p.cedar' }],
  ['LEASH_TLS', 'splice', { tls: 'splice' }],
  ['LEASH_CA', '/ca.pem', { ca: ['/ca.pem'] }],
  ['LEASH_MEMORY', '4G', { limits: { memory: 4_294_967_296 } }],
  ['LEASH_ASK_TIMEOUT', '7', { askTimeout: 7 }],
  ['LEASH_RECORD_BODIES', 'true', { recordsBodies: true }],
  ['LEASH_QUIET', '1', { quiet: true }],
  ['LEASH_VERBOSE', '0', { verbose: false }],
  ['LEASH_NO_INTERACTIVE', '1', { isInteractive: false }],
])('%s=%s', async (name, value, expected) => {
  expect((await run({ [name]: value })).args).toMatchObject(expected);
});

test('LEASH_WORKSPACE is where the agent works, unless the command line says where', async () => {
  const bare = settle(runCommand.options, parse(runCommand, ['x']), { HOME: home, LEASH_WORKSPACE: workspace });
  expect((await bare).workspace).toBe(workspace);
  expect((await run({ LEASH_WORKSPACE: '/nowhere' })).workspace).toBe(workspace);
});

test('a flag outweighs its opposite in a variable', async () => {
  expect((await run({ LEASH_QUIET: '1' }, '--verbose')).args).toMatchObject({ quiet: false, verbose: true });
});

test('what is wrong says where it stands', async () => {
  await expect(run({ LEASH_MODE: 'off' })).rejects.toThrow('LEASH_MODE is "off", which is unknown');
  await expect(run({ LEASH_MEMORY: 'much' })).rejects.toThrow(/^--memory .*\(from LEASH_MEMORY\)$/);
  configure('[leash]\npolicy = "./a.cedar,./b.cedar"\n');
  await expect(run({})).rejects.toThrow(`(from ${file()}:2)`);
  await expect(run({}, '--memory', 'much')).rejects.toThrow(/^--memory [^(]*$/);
});

test('backend and image: configured, by a variable, on the command line', async () => {
  configure('[leash]\nbackend = "podman"\ntarget_image = "localhost/a:1"\n');
  expect((await run({})).args).toMatchObject({ backend: 'podman', image: 'localhost/a:1' });
  const env = { LEASH_BACKEND: 'docker', LEASH_TARGET_IMAGE: 'localhost/b:1' };
  expect((await run(env)).args).toMatchObject({ backend: 'docker', image: 'localhost/b:1' });
  expect((await run({ ...env, LEASH_IMAGE: 'localhost/c:1' })).args.image).toBe('localhost/c:1');
  expect((await run(env, '--backend=bubblewrap')).args.backend).toBe('bubblewrap');
  await expect(run({ LEASH_BACKEND: 'lxc' })).rejects.toThrow('LEASH_BACKEND is "lxc", which is unknown');
});

test('variables for the agent: global, project, file; what the command line says is apart', async () => {
  configure(
    `[leash.envvars]\nA = "global"\nB = "global"\nC = "global"\n[projects."${workspace}".envvars]\nB = "project"\nC = "project"\n`,
  );
  writeFileSync(path.join(root, 'env'), 'C=file\n');
  const { envvars, args } = await run({}, '--env-file', path.join(root, 'env'), '-e', 'C=line');
  expect(envvars).toEqual({ A: 'global', B: 'project', C: 'file' });
  expect(args.env).toEqual([{ name: 'C', value: 'line' }]);
});
