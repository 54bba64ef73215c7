import { expect, it } from 'vitest';
import { readConfigText } from '../../../../src/config/read-text.ts';
import { LeashError } from '../../../../src/host/errors.ts';
import { readSecrets } from '../../../../src/session/secrets/secret-tables.ts';

const FILE = '/home/me/.config/leash/config.toml';
const read = (text: string): ReturnType<typeof readSecrets> =>
  readSecrets(
    readConfigText(text, { file: FILE, home: '/home/me', folder: '/home/me/.config/leash', env: {}, agents: [] }),
    '/home/me',
  );
const BASE = '[secrets.forge]\nenv = "FORGE_TOKEN"\nhosts = ["api.test"]\n';

function fault(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof LeashError && error.code === 'LEASH_CONFIG') return error.message.replace(`${FILE}:`, '');
    throw error;
  }
  return 'none';
}

it('reads every kind of secret', () => {
  const secrets = read(`
[secrets.forge]
env = "FORGE_TOKEN"
hosts = ["API.Test.", "api.other.test:8443", "[2001:DB8::1]:443"]
max_uses = 5
[secrets.mail]
file = "~/.mail"
hosts = ["*.mail.test"]
wildcard = true
basic = { user = "me" }
variable = "MAIL_PASSWORD"
[secrets.map]
command = ["pass", "show", "map"]
ttl = 60
hosts = ["map.test"]
query = "key"
variable = "MAP_KEY"
prefix = "AIza"
[secrets.web]
keyring = { service = "web", account = "me" }
hosts = ["web.test"]
allow_plaintext = true
cookie = "sid"
mode = "inject"
[secrets."x-1"]
env = "X"
header = "X-Key"
hosts = ["x.test"]
`);
  expect(secrets).toEqual([
    {
      name: 'forge',
      source: { kind: 'env', variable: 'FORGE_TOKEN' },
      hosts: [
        { name: 'api.test', port: 443 },
        { name: 'api.other.test', port: 8443 },
        { name: '2001:db8::1', port: 443 },
      ],
      places: [{ kind: 'header', name: 'authorization', format: 'Bearer {}' }],
      mode: 'replace',
      variable: 'FORGE_TOKEN',
      maxUses: 5,
    },
    {
      name: 'mail',
      source: { kind: 'file', file: '/home/me/.mail' },
      hosts: [{ name: '*.mail.test', port: 443 }],
      places: [{ kind: 'basic', user: 'me' }],
      mode: 'replace',
      variable: 'MAIL_PASSWORD',
    },
    {
      name: 'map',
      source: { kind: 'command', argv: ['pass', 'show', 'map'], ttl: 60 },
      hosts: [{ name: 'map.test', port: 443 }],
      places: [{ kind: 'query', name: 'key' }],
      mode: 'replace',
      variable: 'MAP_KEY',
      prefix: 'AIza',
    },
    {
      name: 'web',
      source: {
        kind: 'keyring',
        attributes: [
          ['service', 'web'],
          ['account', 'me'],
        ],
      },
      hosts: [
        { name: 'web.test', port: 443 },
        { name: 'web.test', port: 80, allowPlaintext: true },
      ],
      places: [{ kind: 'cookie', name: 'sid' }],
      mode: 'inject',
    },
    {
      name: 'x-1',
      source: { kind: 'env', variable: 'X' },
      hosts: [{ name: 'x.test', port: 443 }],
      places: [{ kind: 'header', name: 'x-key', format: '{}' }],
      mode: 'replace',
      variable: 'X',
    },
  ]);
  expect(read('')).toEqual([]);
});

it.each([
  ['no TOML', '[secrets.a]\nenv = sk-this-is-a-value\n', '2: this is not TOML'],
  ['a misspelt section', '\n[secret.a]\n', '2: there is no section "secret"; did you mean secrets?'],
  ['a misspelt key', `${BASE}hots = []\n`, '4: secrets.forge has no key hots; did you mean hosts?'],
  ['a name with spaces', '[secrets."a b"]\n', '1: "a b" is no name of a secret'],
  ['no table', '[secrets]\nforge = "ghp_value"\n', 'secrets.forge is no table'],
  ['no source', '[secrets.a]\nhosts = ["a.test"]\n', '1: secrets.a: it has no source'],
  ['two sources', `${BASE}file = "/x"\n`, '4: secrets.forge: env and file exclude each other'],
  ['no hosts', '[secrets.a]\nenv = "A"\n', '1: secrets.a: it has no hosts'],
  ['an empty list of hosts', '[secrets.a]\nenv = "A"\nhosts = []\n', '3: secrets.a: hosts is no list of texts'],
  [
    'a wildcard nobody agreed to',
    '[secrets.a]\nenv = "A"\nhosts = ["*.a.test"]\n',
    '3: secrets.a: "*.a.test" needs wildcard = true',
  ],
  ['every host', '[secrets.a]\nenv = "A"\nwildcard = true\nhosts = ["*"]\n', '4: secrets.a: "*" is no host'],
  [
    'a whole top-level domain',
    '[secrets.a]\nenv = "A"\nwildcard = true\nhosts = ["*.com"]\n',
    '4: secrets.a: "*.com" is no host',
  ],
  ['a URL', '[secrets.a]\nenv = "A"\nhosts = ["https://a.test"]\n', '"https://a.test" is no host'],
  ['a port that is none', '[secrets.a]\nenv = "A"\nhosts = ["a.test:99999"]\n', '"a.test:99999" is no host'],
  ['a header of the connection', `${BASE}header = "Host"\n`, '4: secrets.forge: the header host cannot hold a secret'],
  ['a header with a line end', `${BASE}header = "a\\r\\nb"\n`, 'cannot hold a secret'],
  ['a format without the value', `${BASE}format = "Bearer"\n`, 'format needs {} once'],
  ['a format with a line end', `${BASE}format = "{}\\r\\nX: y"\n`, 'format needs {} once'],
  ['two places', `${BASE}query = "a"\ncookie = "b"\n`, '5: secrets.forge: query and cookie exclude each other'],
  ['a user with a colon', `${BASE}basic = { user = "a:b" }\n`, 'basic needs a user without colon'],
  ['a relative file', '[secrets.a]\nfile = "token"\nhosts = ["a.test"]\n', 'file is no path that begins with'],
  ['nothing for the agent to hold', '[secrets.a]\nfile = "/t"\nhosts = ["a.test"]\n', 'it needs variable'],
  [
    'something to hold and nothing to do',
    `${BASE}mode = "inject"\nvariable = "A"\n`,
    'there is nothing for a variable to hold',
  ],
  [
    'an endpoint without TLS',
    '[secrets.a]\noauth = ["http://a.test/token"]\nhosts = ["a.test"]\n',
    'is no token endpoint',
  ],
  [
    'AWS with another source',
    '[secrets.a]\naws = true\nenv = "X"\nhosts = ["a.test"]\n',
    'with aws = true only hosts and wildcard are said, not env',
  ],
  ['a path with dots', `${BASE}paths = ["/a/../b"]\n`, 'is no beginning of a path'],
  ['a user of git with a space', `${BASE}git = "a b"\n`, 'git is no user name'],
  ['an unknown mode', `${BASE}mode = "both"\n`, 'mode is "replace" or "inject"'],
  ['a ttl without a command', `${BASE}ttl = 5\n`, 'ttl belongs to command and keyring'],
  ['a number that is none', `${BASE}max_uses = 0\n`, 'max_uses is no whole number above 0'],
])('%s', (_what, text, message) => {
  expect(fault(text)).toContain(message);
  expect(fault(text)).not.toMatch(/sk-this|ghp_value/);
});
