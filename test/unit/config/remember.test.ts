import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConfigSurroundings } from '../../../src/config/file.ts';
import { readConfigText } from '../../../src/config/read-text.ts';
import { rememberMount, withAnswer } from '../../../src/config/remember.ts';

const CONTEXT = { file: '/c', home: '/h', folder: '/h', env: {}, agents: ['claude', 'codex'] };
const REMEMBER = fileURLToPath(new URL('../../../dist/config/remember.js', import.meta.url));

let root: string;
let surroundings: ConfigSurroundings;
let file: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-remember-')));
  const [home, workspace] = [path.join(root, 'home'), path.join(root, 'ws')];
  surroundings = { env: { HOME: home }, home, workspace, agents: ['claude', 'codex'] };
  for (const folder of [home, workspace]) mkdirSync(folder);
  file = path.join(home, '.config/leash/config.toml');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const GLOBAL = { agent: 'claude', scope: 'global', value: true } as const;
const PROJECT = { agent: 'claude', scope: 'project', value: false } as const;
const put = (text: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
};

test.each([
  ['nothing', '', GLOBAL, '[volumes]\nclaude = true\n'],
  ['nothing, for a project', '', PROJECT, '[projects."/w"]\nclaude = false\n'],
  ['a comment without an end of line', '# mine', GLOBAL, '# mine\n\n[volumes]\nclaude = true\n'],
  [
    'a table with comments',
    '# top\n[volumes] # mine\n"/a b" = "/x:ro"   # keep\n\n[secrets.x]\nenv="A"\n',
    GLOBAL,
    '# top\n[volumes] # mine\n"/a b" = "/x:ro"   # keep\nclaude = true\n\n[secrets.x]\nenv="A"\n',
  ],
  ['another answer', '[volumes]\nclaude = false # no\n', GLOBAL, '[volumes]\nclaude = true # no\n'],
  ['the same answer', '[volumes]\nclaude   =  true\n', GLOBAL, '[volumes]\nclaude   =  true\n'],
  ['an inline table', 'volumes = { codex = true }\n', GLOBAL, 'volumes = { codex = true, claude = true }\n'],
  ['dotted keys', 'volumes.codex = true\n', GLOBAL, 'volumes.codex = true\nvolumes.claude = true\n'],
  [
    'a project that stands there under another name',
    '[projects."../w/"]\nmode = "record" # why\n',
    PROJECT,
    '[projects."../w/"]\nmode = "record" # why\nclaude = false\n',
  ],
  [
    'ends of line of Windows',
    '[volumes]\r\n# c\r\ncodex = false\r\n',
    GLOBAL,
    '[volumes]\r\n# c\r\ncodex = false\r\nclaude = true\r\n',
  ],
])('%s keeps what was there', (_what, before, answer, after) => {
  expect(withAnswer(before, answer, '/w', CONTEXT)).toBe(after);
});

test('odd texts hold afterwards what they held before, and the answer', () => {
  const odd = `[secrets.a]\nenv = 'A'\nttl = 0x10\nhosts = [\n  "a", # b\n]\nx = """\n[volumes]\nclaude = false\n"""\nd = 1979-05-27T07:32:00Z\nf = 1e3\n[projects."/w".envvars]\nA = "1"\n`;
  for (const answer of [GLOBAL, PROJECT]) {
    const after = withAnswer(odd, answer, '/w', CONTEXT);
    expect(after).toContain('ttl = 0x10\nhosts = [\n  "a", # b\n]\nx = """\n[volumes]\nclaude = false\n"""');
    expect((parse(after) as Record<string, unknown>)['secrets']).toEqual(parse(odd)['secrets']);
  }
});

test('a project whose name needs escapes', () => {
  const name = '/w/a "b" \\ ü';
  const after = withAnswer('', PROJECT, name, CONTEXT);
  expect(parse(after)).toEqual({ projects: { [name]: { claude: false } } });
});

test('a name that a person did not choose breaks nothing: it is read as it is, or not written', () => {
  const name = ['/w/$HOME/$', '{x}/~'].join('');
  const after = withAnswer('', PROJECT, name, CONTEXT);
  expect(readConfigText(after, CONTEXT).projects.get(name)?.mounts.get('claude')?.value).toBe(false);
  expect(withAnswer(after, { ...PROJECT, value: true }, name, CONTEXT)).toBe(after.replace('false', 'true'));
  expect(() => withAnswer('', PROJECT, '/w/a\nb', CONTEXT)).toThrow('cannot be changed without harm');
});

test('the file is made for its owner alone, and a link stays a link', async () => {
  await rememberMount(GLOBAL, surroundings);
  expect(readFileSync(file, 'utf8')).toBe('[volumes]\nclaude = true\n');
  expect([statSync(file).mode & 0o777, statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
  const real = path.join(root, 'dotfiles.toml');
  writeFileSync(real, '# mine\n', { mode: 0o600 });
  rmSync(file);
  symlinkSync(real, file);
  chmodSync(root, 0o755);
  await rememberMount(GLOBAL, surroundings);
  expect([lstatSync(file).isSymbolicLink(), readFileSync(real, 'utf8')]).toEqual([
    true,
    '# mine\n\n[volumes]\nclaude = true\n',
  ]);
});

test.each([
  ['is no TOML', '[volumes\n', 'this is not TOML'],
  ['has a fault', '[leash]\nmdoe = "x"\n', 'leash has no key'],
])('a file that %s stays as it is', async (_what, text, message) => {
  put(text);
  await expect(rememberMount(GLOBAL, surroundings)).rejects.toMatchObject({
    code: 'LEASH_CONFIG',
    message: expect.stringContaining(message),
  });
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(readdirSync(path.dirname(file))).toEqual(['config.toml']);
});

test('a folder where nothing can be made: an error, and nothing is left behind', async () => {
  const env = { HOME: surroundings.home, LEASH_HOME: '/proc/leash' };
  await expect(rememberMount(GLOBAL, { ...surroundings, env })).rejects.toMatchObject({
    code: 'LEASH_CONFIG',
    message: 'cannot write /proc/leash/config.toml (ENOENT); it is unchanged',
  });
});

test('nothing is written where the agent could change it', async () => {
  const env = { HOME: surroundings.home, LEASH_HOME: path.join(surroundings.workspace, 'l') };
  await expect(rememberMount(GLOBAL, { ...surroundings, env })).rejects.toThrow('it lies in the workspace');
  expect(existsSync(path.join(surroundings.workspace, 'l'))).toBe(false);
});

test('processes that write at the same time lose nothing', async () => {
  const write = (index: number): Promise<number | null> => {
    const workspace = path.join(root, `p${index}`);
    mkdirSync(workspace);
    const script = `const { rememberMount } = await import(${JSON.stringify(REMEMBER)});
      await rememberMount(${JSON.stringify(PROJECT)}, ${JSON.stringify({ ...surroundings, workspace })});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    return new Promise((resolve) => child.once('close', resolve));
  };
  const statuses = await Promise.all(Array.from({ length: 8 }, (_, index) => write(index)));
  expect(statuses).toEqual(Array(8).fill(0));
  const { projects } = parse(readFileSync(file, 'utf8')) as { projects: object };
  expect(Object.keys(projects).sort()).toEqual(Array.from({ length: 8 }, (_, index) => path.join(root, `p${index}`)));
});
