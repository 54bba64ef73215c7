import { expect, it } from 'vitest';
import { AgentFault, readAgent } from '../../../../src/session/agents/agent-table.ts';

const HOME = '/home/me';
const INTEGRITY = `sha512-${'A'.repeat(86)}==`;
const COMMAND = { command: 'mine' };

function fault(table: Readonly<Record<string, unknown>>, name = 'mine'): string {
  try {
    readAgent(name, table, HOME);
  } catch (error) {
    if (error instanceof AgentFault) return `${error.key ?? '-'}: ${error.message}`;
    throw error;
  }
  return 'none';
}

it('reads a package, its keys and its places', () => {
  const { agent, keys } = readAgent(
    'mine',
    {
      package: '@me/mine@1.2.3',
      integrity: INTEGRITY,
      config_dirs: ['~/.mine/', '~/.config/mine'],
      env: { MINE_UPDATE: 'off' },
      keys: { MINE_API_KEY: { hosts: ['api.mine.test', 'eu.mine.test:8443'], header: 'X-Key' } },
      trust: ['MINE_CA'],
      mcp_config: ['~/.mine/mcp.json', './.mine.json'],
      profile: 'strict',
    },
    HOME,
  );
  expect(agent).toMatchObject({
    name: 'mine',
    package: { name: '@me/mine', version: '1.2.3', integrity: INTEGRITY, isTrusted: false },
    bin: 'mine',
    environment: { MINE_UPDATE: 'off' },
    credentials: ['MINE_API_KEY'],
    hosts: ['api.mine.test', 'eu.mine.test'],
    settings: [{ path: '.mine' }, { path: '.config/mine' }],
    trust: ['MINE_CA'],
    mcpConfig: [
      { in: 'home', file: { path: '.mine/mcp.json' }, form: { syntax: 'json with comments', way: ['mcpServers'] } },
      { in: 'workspace', path: '.mine.json' },
    ],
    profile: 'strict',
  });
  expect(keys).toMatchObject([
    {
      name: 'MINE_API_KEY',
      source: { kind: 'env', variable: 'MINE_API_KEY' },
      variable: 'MINE_API_KEY',
      places: [{ kind: 'header', name: 'x-key' }],
      isAutomatic: true,
    },
  ]);
});

it('reads a command by name, by path, and from the home', () => {
  expect(readAgent('a', { command: 'tool' }, HOME).agent).toMatchObject({ bin: 'tool', profile: 'coder' });
  expect(readAgent('a', { command: '/opt/tool' }, HOME).agent.bin).toBe('/opt/tool');
  expect(readAgent('a', { command: '~/bin/tool', profile: '~/a.cedar' }, HOME).agent).toMatchObject({
    bin: '/home/me/bin/tool',
    profile: '/home/me/a.cedar',
  });
});

it.each([
  ['neither', {}, '-: it needs a package'],
  ['an unknown key', { ...COMMAND, commandd: 'x' }, 'commandd: it has no key commandd'],
  ['no version', { package: 'mine', integrity: INTEGRITY }, 'package: package names no version'],
  ['a range', { package: 'mine@^1.2.3', integrity: INTEGRITY }, 'package: package names no version'],
  ['a tag', { package: 'mine@latest', integrity: INTEGRITY }, 'package: package names no version'],
  ['a folder', { package: './mine@1.2.3', integrity: INTEGRITY }, 'package: package names no version'],
  ['an option of npm', { package: '--global@1.2.3', integrity: INTEGRITY }, 'package: package names no version'],
  ['no integrity', { package: 'mine@1.2.3' }, 'package: package needs integrity'],
  ['a short hash', { package: 'mine@1.2.3', integrity: 'sha1-AAAA' }, 'integrity: package needs integrity'],
  ['integrity alone', { ...COMMAND, integrity: INTEGRITY }, 'integrity: integrity belongs to package'],
  ['a relative command', { command: './mine' }, 'command: command is neither'],
  ['a command line', { command: 'mine --yes' }, 'command: command is neither'],
  ['a path within a package', { package: 'm@1.2.3', integrity: INTEGRITY, command: '/bin/m' }, 'command: with package'],
  ['a profile that is none', { ...COMMAND, profile: 'codr' }, 'profile: profile is neither'],
  ['a variable of Leash', { ...COMMAND, env: { LEASH_NATIVE_DIR: '/x' } }, 'env: env cannot set'],
  ['a variable of the loader', { ...COMMAND, env: { LD_PRELOAD: '/x' } }, 'env: env cannot set'],
  ['a number', { ...COMMAND, env: { A: 1 } }, 'env: env.A is no text'],
  ['trust in PATH', { ...COMMAND, trust: ['PATH'] }, 'trust: trust: "PATH"'],
  ['a place out of the home', { ...COMMAND, config_dirs: ['~/../other'] }, 'config_dirs: "~/../other" is no path'],
  ['the home itself', { ...COMMAND, config_dirs: ['~/'] }, 'config_dirs: "~/" is no path'],
  ['a place anywhere', { ...COMMAND, mcp_config: ['/etc/x'] }, 'mcp_config: "/etc/x" is no path'],
  ['a place above the workspace', { ...COMMAND, mcp_config: ['./../x'] }, 'mcp_config: "./../x" is no path'],
  ['a key without hosts', { ...COMMAND, keys: { K: {} } }, 'keys: keys.K: it has no hosts'],
  [
    'a key from elsewhere',
    { ...COMMAND, keys: { K: { hosts: ['a.test'], command: ['x'] } } },
    'keys: keys.K has no key command',
  ],
  ['every host', { ...COMMAND, keys: { K: { hosts: ['*'], wildcard: true } } }, 'keys: keys.K: '],
])('refuses %s', (_what, table, message) => {
  expect(fault(table)).toContain(message);
});

it.each(['claude', 'My Agent', '-x', 'a/b', ''])('refuses the name %j', (name) => {
  expect(fault(COMMAND, name)).toMatch(/no name of an agent|Leash has an agent of that name/);
});
