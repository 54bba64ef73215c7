import { expect, test } from 'vitest';
import { type Effective, effective } from '../../../src/config/effective.ts';
import { readConfigText } from '../../../src/config/read-text.ts';

const TEXT = `[leash]
policy = "node"
mode = "shadow"
[leash.envvars]
A = "global"
B = "global"
[volumes]
claude = true
"/one" = "/1"
"/two" = "/2"
[projects."/p"]
mode = "record"
claude = false
[projects."/p".envvars]
B = "project"
[projects."/p".volumes]
"/one" = false
"/two" = "/zwei:ro"
`;
const config = readConfigText(TEXT, { file: 'c', home: '/h', folder: '/h', env: {}, agents: ['claude'] });
const RULES = [
  { name: 'policy', variables: ['LEASH_POLICY', 'LEASH_POLICY_FILE'] },
  { name: 'mode', variables: ['LEASH_MODE'] },
  { name: 'tls' },
];

function settled(
  workspace: string,
  env: Record<string, string> = {},
  values: Record<string, string[]> = {},
): Effective {
  return effective(config, workspace, env, { rules: RULES, values: new Map(Object.entries(values)) });
}

test('without configuration only variables and the command line speak', () => {
  const none = effective(undefined, '/p', {}, { rules: RULES, values: new Map() });
  expect([none.options, none.envvars, none.mounts, none.volumes].map((map) => map.size)).toEqual([0, 0, 0, 0]);
});

test.each([
  ['global', '/q', {}, {}, 'shadow', 'c:3'],
  ['a project', '/p', {}, {}, 'record', 'c:12'],
  ['a variable', '/p', { LEASH_MODE: 'enforce' }, {}, 'enforce', 'LEASH_MODE'],
  ['an empty variable is none', '/p', { LEASH_MODE: '' }, {}, 'record', 'c:12'],
  ['the command line', '/p', { LEASH_MODE: 'enforce' }, { mode: ['shadow'] }, 'shadow', '--mode'],
])('the mode by %s', (_what, workspace, env, values, value, from) => {
  expect(settled(workspace, env, values).options.get('mode')).toEqual({ value: [value], from });
});

test('the first of two variables that is set, and options that no variable sets', () => {
  expect(settled('/q', { LEASH_POLICY_FILE: 'x' }).options.get('policy')?.from).toBe('LEASH_POLICY_FILE');
  expect(settled('/q', { LEASH_POLICY_FILE: 'x', LEASH_POLICY: 'y' }).options.get('policy')?.from).toBe('LEASH_POLICY');
  expect(settled('/q', {}, { tls: ['splice'] }).options.get('tls')).toEqual({ value: ['splice'], from: '--tls' });
});

test('a project holds for exactly its folder', () => {
  for (const workspace of ['/p/below', '/', '/pp']) expect(settled(workspace).options.get('mode')?.from).toBe('c:3');
});

test('variables are joined one by one, and so are volumes, which a project can take away', () => {
  expect(settled('/p').envvars).toEqual(
    new Map([
      ['A', { value: 'global', from: 'c:5' }],
      ['B', { value: 'project', from: 'c:15' }],
    ]),
  );
  expect(settled('/p').mounts.get('claude')).toEqual({ value: false, from: 'c:13' });
  expect(settled('/p').volumes).toEqual(
    new Map([['/two', { value: { source: '/two', place: '/zwei', access: 'read-only' }, from: 'c:18' }]]),
  );
  expect([...settled('/q').volumes.keys()]).toEqual(['/one', '/two']);
});
