import { expect, test } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { readConfigText } from '../../../src/config/read-text.ts';
import { LeashError } from '../../../src/host/errors.ts';

const FILE = '/home/me/.config/leash/config.toml';
const CONTEXT = {
  file: FILE,
  home: '/home/me',
  folder: '/home/me/.config/leash',
  env: { WORK: '/srv/work', EMPTY: '' },
  agents: ['claude', 'codex', 'gemini', 'qwen', 'opencode'],
};
const read = (text: string): Config => readConfigText(text, CONTEXT);

function fault(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof LeashError && error.code === 'LEASH_CONFIG') return error.message.replace(`${FILE}:`, '');
    throw error;
  }
  return 'none';
}

const values = <T>(map: ReadonlyMap<string, { readonly value: T }>): Record<string, T> =>
  Object.fromEntries([...map].map(([key, { value }]) => [key, value]));

test('an empty file says nothing', () => {
  const { global, projects, secrets, agents } = read('# nothing\n');
  expect(
    [global.options, global.envvars, global.mounts, global.volumes, projects, secrets, agents].map((map) => map.size),
  ).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test('everything that can stand in it', () => {
  const { global, projects, secrets, agents, lineOf } = read(
    `
[leash]
target_image = "registry.test:5000/coder:1"
backend = "podman"
policy = "node, ~/team.cedar,no-secrets"
mode = "shadow"
[leash.envvars]
API = "a=b"
EMPTY = ""
[volumes]
claude = true
mine = false
"~/notes" = "/notes:ro"
"$WORK/data" = "/data"
"cache" = "/cache:rw"
[agents.mine]
command = "mine"
[secrets.a]
env = "A"
[projects."~/p/"]
claude = false
mine = true
mode = "record"
policy = "./p.cedar"
[projects."~/p".volumes]
`.replace('[projects."~/p".volumes]', '[projects."~/p/".volumes]\n"~/notes" = false\n"x" = "/x"') +
      `[projects."\${WORK}/q".envvars]\nAPI = "q"\n`,
  );
  expect(values(global.options)).toEqual({
    image: 'registry.test:5000/coder:1',
    backend: 'podman',
    policy: 'node,/home/me/team.cedar,no-secrets',
    mode: 'shadow',
  });
  expect(global.options.get('mode')?.line).toBe(6);
  expect(values(global.envvars)).toEqual({ API: 'a=b', EMPTY: '' });
  expect(values(global.mounts)).toEqual({ claude: true, mine: false });
  expect(values(global.volumes)).toEqual({
    '/home/me/notes': { source: '/home/me/notes', place: '/notes', access: 'read-only' },
    '/srv/work/data': { source: '/srv/work/data', place: '/data', access: 'read-write' },
    '/home/me/.config/leash/cache': { source: '/home/me/.config/leash/cache', place: '/cache', access: 'read-write' },
  });
  expect([...projects.keys()]).toEqual(['/home/me/p', '/srv/work/q']);
  const project = projects.get('/home/me/p');
  expect(values(project?.mounts ?? new Map())).toEqual({ claude: false, mine: true });
  expect(values(project?.options ?? new Map())).toEqual({ mode: 'record', policy: '/home/me/.config/leash/p.cedar' });
  expect(values(project?.volumes ?? new Map())).toEqual({
    '/home/me/notes': false,
    '/home/me/.config/leash/x': { source: '/home/me/.config/leash/x', place: '/x', access: 'read-write' },
  });
  expect([secrets.get('a'), agents.get('mine')]).toEqual([{ env: 'A' }, { command: 'mine' }]);
  expect(lineOf('agents', 'mine', 'command')).toBe(17);
});

test.each([
  ['no TOML', '[leash]\nmode = sk-a-value\n', '2: this is not TOML: invalid value'],
  [
    'a key twice',
    '[leash]\nmode = "shadow"\nmode = "record"\n',
    '3: this is not TOML: trying to redefine an already defined table or value',
  ],
  ['a misspelt section', '\n[volume]\n', '2: there is no section "volume"; did you mean volumes?'],
  ['the old table', '[mounts]\n"/a" = "/b"\n', '1: mounts is not known any more; write its lines into [volumes]'],
  ['a section that is none', 'leash = 3\n', '1: leash is no table; write [leash]'],
  [
    'an agent where options stand',
    '[leash]\ncodex = true\n',
    '2: leash has no key "codex"; write codex = true or false in [volumes]',
  ],
  ['a misspelt key', '[leash]\npolcy = "x"\n', '2: leash has no key "polcy"; did you mean policy?'],
  [
    'a backend nobody knows',
    '[leash]\nbackend = "lxc"\n',
    '2: backend "lxc" is unknown; it is one of bubblewrap, podman, docker',
  ],
  ['a mode nobody knows', '[projects."/p"]\nmode = "off"\n', '2: mode "off" is unknown; it is one of'],
  [
    'an image that is an option',
    '[leash]\ntarget_image = "--privileged"\n',
    '2: target_image "--privileged" is no name of an image',
  ],
  ['an option that is no text', '[leash]\npolicy = ["a"]\n', '2: policy is no text'],
  ['an empty policy', '[leash]\npolicy = "node,,x"\n', '2: an empty name in "node,,x"'],
  ['a variable that is none', '[leash.envvars]\n"A B" = "x"\n', '2: "A B" is no name of a variable'],
  ['a variable without text', '[leash.envvars]\nA = 1\n', '2: the variable A needs a text'],
  ['an unknown agent', '[volumes]\nclade = true\n', '2: there is no agent "clade"; did you mean claude?'],
  ['an agent with a place', '[volumes]\nclaude = "/x"\n', '2: claude is true or false'],
  ['a volume that is false for all', '[volumes]\n"/a" = false\n', '2: "/a" needs a place inside, as "/data:ro"'],
  ['a relative place', '[volumes]\n"/a" = "b"\n', '2: "b" is no place inside'],
  ['the whole root', '[volumes]\n"/a" = "/"\n', '2: "/" is no place inside'],
  ['the root by a detour', '[volumes]\n"/a" = "/x/..:ro"\n', 'is no place inside'],
  ['an access nobody knows', '[volumes]\n"/a" = "/x:z"\n', '2: "/x:z" is no place inside'],
  ['one source twice', '[volumes]\n"/a" = "/x"\n"/a/" = "/y"\n', '3: "/a/" is mounted twice'],
  ['a variable that is not set', '[volumes]\n"$NONE/a" = "/x"\n', '2: "$NONE/a": the variable NONE is not set'],
  ['a variable that is empty', '[volumes]\n"$EMPTY/a" = "/x"\n', 'the variable EMPTY is not set'],
  ['the home of another', '[volumes]\n"~you/a" = "/x"\n', 'only your own home is known as ~'],
  [
    'a project twice',
    '[projects."~/p"]\n[projects."/home/me/p/"]\n',
    '2: "/home/me/p/" is a project that stands here already',
  ],
  [
    'an agent among volumes of a project',
    '[projects."/p".volumes]\nclaude = false\n',
    '2: claude stands one table higher',
  ],
  [
    'an unknown key of a project',
    '[projects."/p"]\nclade = true\n',
    '2: projects has no key "clade"; did you mean claude?',
  ],
  ['what no project can take away', '[projects."/p".volumes]\n"/x" = false\n', 'has no /x for a project to take away'],
  ['agents that are none', 'agents = 1\n', '1: agents is no table'],
  ['an agent that is called as a key', '[agents.mode]\ncommand = "x"\n', '1: mode is a key of [projects'],
  ['an agent with an odd name', '[agents."a/b"]\n', '1: "a/b" is no name of an agent'],
  ['a control character', '[volumes]\n"/a\\u0007" = "/x"\n', ': a control character in a path'],
])('%s', (_what, text, message) => {
  expect(fault(text)).toContain(message);
  expect(fault(text)).not.toContain('sk-a-value');
});

test('a name that a link gives a project is not followed: the agent of one project could lead it to another', () => {
  expect([...read('[projects."/proc/self/cwd"]\nmode = "record"\n').projects.keys()]).toEqual(['/proc/self/cwd']);
});
