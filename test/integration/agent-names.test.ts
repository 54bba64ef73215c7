// Agents by their names: which program a session runs, where it comes from, what it is given, and what never passes for an agent.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asIdentity, IDENTITIES, type LeashRequest, type LeashResult, Place, runLeash } from '../fixtures/leash.ts';
import { SecretOrigin } from '../fixtures/secret-origin.ts';
import { type Registry, startRegistry } from '../unit/sandbox/agents/registry.ts';

const NOWHERE = 'http://127.0.0.1:9/';
const KEY = 'sk-REAL0123456789abcdefghijkl';
const CURL = 'curl -sS --max-time 30';

let place: Place;
afterEach(() => place.remove());

describe.each(IDENTITIES)('as %s', (as) => {
  beforeEach(() => {
    place = new Place(as);
  });

  const bin = (): string => path.join(place.home, 'bin');
  /** A program of the host, on PATH. */
  const install = (name: string, script: string): string =>
    place.write(path.join(bin(), name), `#!/bin/sh\n${script}\n`, 0o755);
  const run = (command: readonly string[], more: Partial<LeashRequest> = {}): Promise<LeashResult> =>
    runLeash(place, {
      command,
      ...more,
      env: { PATH: `${bin()}:${place.environment['PATH']}`, npm_config_registry: NOWHERE, ...more.env },
    });
  const configure = (text: string): string =>
    place.write(path.join(place.home, '.config/leash/config.toml'), text, 0o600);
  const leash = (env: NodeJS.ProcessEnv, ...words: readonly string[]): string => {
    const [file = '', ...args] = [...asIdentity(as), process.execPath, path.resolve('dist/run/main.js'), ...words];
    return execFileSync(file, args, { cwd: place.workspace, env: { ...place.environment, ...env }, encoding: 'utf8' });
  };

  it('a program of the workspace is never the agent of its name, wherever PATH leads', async () => {
    for (const name of ['claude', 'node_modules/.bin/claude', '.venv/bin/claude'])
      place.write(name, '#!/bin/sh\necho impostor\n', 0o755);
    place.link(path.join(place.workspace, 'claude'), 'linked');
    const folders = ['', '.', place.workspace, `${place.workspace}/node_modules/.bin`, `${place.workspace}/.venv/bin`];
    const result = await run(['claude'], { env: { PATH: `${folders.join(':')}:${place.environment['PATH']}` } });
    expect(result.stdout.toString()).toBe('');
    expect(result.status).toBe(125);
    expect(result.events).toEqual([]);
    const lines = result.stderr.split('\n').filter((line) => line.includes('LEASH_AGENT_INSTALL'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('the agent claude is not installed here, and cannot be installed: npm install ended');
    expect(lines[0]).toContain('ECONNREFUSED');
    expect(readdirSync(path.join(place.home, '.local/share/leash/agents/claude'))).toEqual([]);
  });

  it('by its path it is an ordinary command, under no more than the profile of that name', async () => {
    place.write('claude', '#!/bin/sh\necho "$IS_SANDBOX."\n', 0o755);
    const result = await run(['./claude']);
    expect(result.stdout.toString()).toBe('.\n');
  });

  it('the host’s own program goes first, and gets what the agent needs, but for what the user has set', async () => {
    install('claude', 'echo "$0 $IS_SANDBOX $DISABLE_TELEMETRY $*"; test -e "$HOME/secret" || echo none');
    place.write(path.join(place.home, 'secret'), 'x');
    const result = await run(['claude', '--flag', 'a b'], { env: { DISABLE_TELEMETRY: 'mine' } });
    expect(result.stdout.toString()).toBe(`${bin()}/claude 1 mine --flag a b\nnone\n`);
    expect(result.stderr).toContain('by policy claude');
  });

  it('a key opens the host of its provider to the agent that works with it, under its own profile', async () => {
    const origin = new SecretOrigin();
    try {
      const reached = await origin.listen('api.groq.com', 'openrouter.ai');
      install(
        'opencode',
        `for host in api.groq.com openrouter.ai; do ${CURL} -o answer -w '%{http_code} ' -H "Authorization: Bearer $GROQ_API_KEY" https://$host/; done; cat answer`,
      );
      const own = await run(['opencode'], { args: reached, env: { GROQ_API_KEY: KEY } });
      expect(own.stdout.toString()).toMatch(/^200 000 /);
      expect(origin.received.map(({ host, headers }) => [host, headers['authorization']])).toEqual([
        ['api.groq.com', `Bearer ${KEY}`],
      ]);
      expect(own.stdout.toString()).not.toContain(KEY);
      const strict = await run(['opencode'], {
        args: [...reached, '--policy', 'opencode,no-network'],
        env: { GROQ_API_KEY: KEY },
      });
      expect(strict.stdout.toString()).toMatch(/^000 000 /);
      install('qwen', `${CURL} -w '%{http_code}' -H "Authorization: Bearer $GROQ_API_KEY" https://api.groq.com/`);
      const other = await run(['qwen'], { args: reached, env: { GROQ_API_KEY: KEY } });
      expect(other.stdout.toString()).toBe('000');
      expect(origin.received).toHaveLength(1);
    } finally {
      origin.close();
    }
  });

  it('`leash agents` says where each is from, and whether there is a key, never which', () => {
    install('codex', 'exit 7');
    place.write('gemini', '#!/bin/sh\n', 0o755);
    configure('[agents.mine]\ncommand = "mine"\nkeys.MINE_KEY = { hosts = ["api.mine.test"] }\nprofile = "base"\n');
    const env = {
      PATH: `${place.workspace}:${bin()}:${place.environment['PATH']}`,
      OPENAI_API_KEY: KEY,
      MINE_KEY: KEY,
    };
    const text = leash(env, 'agents', '--json');
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(rows).toMatchObject([
      { name: 'claude', version: '2.1.197', from: 'none', profile: 'claude', hasKey: false },
      { name: 'codex', from: 'host', program: `${bin()}/codex`, profile: 'codex', hasKey: true },
      { name: 'gemini', from: 'none', hasKey: false },
      { name: 'qwen', from: 'none', hasKey: true },
      { name: 'opencode', from: 'none', hasKey: true },
      { name: 'mine', from: 'none', profile: 'base', hasKey: true },
    ]);
    expect(text).not.toContain(KEY);
    expect(leash(env, 'agents')).toMatch(
      /^AGENT +VERSION +FROM +PROFILE +KEY\nclaude +2\.1\.197 +not installed +claude +no\n/,
    );
  });

  it.each([
    ['an unknown key', '[agents.mine]\ncommnd = "x"\n', ':2: agents.mine: it has no key commnd'],
    [
      'a name of Leash’s own',
      '\n[agents.claude]\ncommand = "x"\n',
      ':2: agents.claude: Leash has an agent of that name',
    ],
    ['no integrity', '[agents.mine]\npackage = "mine@1.2.3"\n', ':2: agents.mine: package needs integrity'],
  ])('a fault in the configuration is told, and nothing is started: %s', async (_what, text, message) => {
    configure(text);
    const result = await run(['mine']);
    expect(result.status).toBe(125);
    expect(result.stderr).toContain(`config.toml${message}`);
    expect(result.events).toEqual([]);
  });
});

describe('an agent of the user’s own', () => {
  const MANIFEST = {
    name: '@leash-test/toy',
    version: '1.2.3',
    bin: { toy: 'toy.sh' },
    scripts: { postinstall: 'touch /tmp/leash-toy-ran' },
  };
  const FILES = {
    'toy.sh': `#!/bin/sh
test "$1" = --version && { touch /tmp/leash-toy-ran; exit 1; }
echo "from $0 with $TOY_MODE $TOY_CA"
${CURL} -H "X-Key: $TOY_KEY" https://api.toy.test/; echo
${CURL} -H "X-Key: $TOY_KEY" https://other.test/ 2>&1; echo
`,
  };
  let folder: string;
  let registry: Registry;
  let origin: SecretOrigin;
  beforeEach(async () => {
    place = new Place('self');
    folder = mkdtempSync(path.join(os.tmpdir(), 'leash-toy-'));
    chmodSync(folder, 0o755);
    registry = await startRegistry(path.join(folder, 'registry'), MANIFEST, FILES);
    origin = new SecretOrigin();
  });
  afterEach(async () => {
    origin.close();
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const configure = (integrity: string): string =>
    place.write(
      path.join(place.home, '.config/leash/config.toml'),
      `[agents.toy]
package = "@leash-test/toy@1.2.3"
integrity = "${integrity}"
env = { TOY_MODE = "quiet" }
trust = ["TOY_CA"]
profile = "base"
keys.TOY_KEY = { hosts = ["api.toy.test"], header = "X-Key" }
`,
      0o600,
    );
  const run = async (): Promise<LeashResult> =>
    runLeash(place, {
      command: ['toy'],
      args: await origin.listen('api.toy.test', 'other.test'),
      env: { npm_config_registry: registry.url, npm_config_cache: path.join(folder, 'cache'), TOY_KEY: KEY },
    });

  it('is installed as it is pinned, runs nothing outside the sandbox, and holds no key', async () => {
    configure(registry.integrity);
    const result = await run();
    const output = result.stdout.toString();
    expect(result.stderr).toContain('leash: installing @leash-test/toy 1.2.3 into ');
    expect(output).toMatch(/^from \S+\/leash\/agents\/toy\/1\.2\.3\/\S+ with quiet \/run\/leash\/ca-bundle\.pem$/m);
    expect(origin.received.map(({ headers }) => headers['x-key'])).toEqual([KEY]);
    expect(output).not.toContain(KEY);
    expect(output).toContain('Could not resolve host: other.test');
    expect(result.stderr).toContain('by policy base');
    expect(existsSync('/tmp/leash-toy-ran')).toBe(false);
    expect(JSON.stringify(result.events)).not.toContain(KEY);
  });

  it('another tarball than the pinned one is refused, and nothing is left', async () => {
    configure(`sha512-${'A'.repeat(86)}==`);
    const result = await run();
    expect(result.status).toBe(125);
    expect(result.stderr).toContain(
      'the agent toy is not installed here, and cannot be installed: @leash-test/toy 1.2.3: integrity',
    );
    expect(result.events).toEqual([]);
    expect(readdirSync(path.join(place.home, '.local/share/leash/agents/toy'))).toEqual([]);
  });

  it('what is in the store under another pin is not taken for it', async () => {
    configure(registry.integrity);
    expect((await run()).status).not.toBe(125);
    configure(`sha512-${'A'.repeat(86)}==`);
    origin.close();
    origin = new SecretOrigin();
    expect((await run()).status).toBe(125);
  });
});
