// Sessions of an agent whose user has logged in: servers get its tokens, the agent placeholders, and a renewal reaches the host's own file.
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type http from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCESS,
  ACCESS_2,
  CURL,
  FILE,
  HELD,
  ISSUED,
  LOGIN,
  REAL,
  REFRESH,
  REFRESH_2,
  RENEW,
} from '../fixtures/claude-login.ts';
import { IDENTITIES, type LeashRequest, type LeashResult, Place, runLeash } from '../fixtures/leash.ts';
import { SecretOrigin } from '../fixtures/secret-origin.ts';

let place: Place;
let origin: SecretOrigin;
let reached: string[];
let bodies: string[];
let seen: (string | undefined)[];
let answer: (response: http.ServerResponse) => void;

beforeEach(() => {
  bodies = [];
  seen = [];
  answer = (response) => response.end(JSON.stringify(ISSUED));
  origin = new SecretOrigin((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (bytes: Buffer) => parts.push(bytes));
    request.on('end', () => {
      seen.push(request.headers.authorization);
      if (request.headers.host !== 'platform.claude.com') return response.end(`got ${request.headers.authorization}`);
      bodies.push(Buffer.concat(parts).toString());
      return answer(response);
    });
  });
});
afterEach(() => {
  origin.close();
  place.remove();
});

describe.each(IDENTITIES)('as %s', (as) => {
  let file: string;
  beforeEach(async () => {
    place = new Place(as);
    reached = await origin.listen('platform.claude.com', 'api.anthropic.com', 'github.com');
    file = place.write(path.join(place.home, FILE), JSON.stringify(LOGIN), 0o600);
  });

  /** Runs `script` as the host's own claude, under the profile that Leash has for it. */
  const claude = (script: string, more: Partial<LeashRequest> = {}): Promise<LeashResult> => {
    place.write(path.join(place.home, 'bin/claude'), `#!/bin/sh\n${HELD}\n${script}\n`, 0o755);
    const { PATH } = place.environment;
    const env = { PATH: `${place.home}/bin:${PATH}` };
    return runLeash(place, {
      command: ['claude'],
      ...more,
      env: { ...env, ...more.env },
      args: [...reached, ...(more.args ?? [])],
    });
  };
  const hostLogin = (): typeof LOGIN => JSON.parse(readFileSync(file, 'utf8')) as typeof LOGIN;
  /** Every byte that Leash wrote below the home directory. */
  const written = (): string =>
    readdirSync(path.join(place.home, '.local'), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');

  it('with its settings mounted the agent has the same, and what it makes of its copy is no change of the host', async () => {
    place.write(path.join(place.home, '.claude/settings.json'), 'settings');
    place.write(path.join(place.home, '.config/leash/config.toml'), '[volumes]\nclaude = true\n', 0o600);
    const script = `
      ${CURL} -H "Authorization: Bearer $a" https://api.anthropic.com/v1/messages; echo
      cat ~/.claude/settings.json; echo; tr -d '\\n' <$f; echo; grep -rlsE 'REAL[1]access|REAL[1]refresh|REAL[3]token' ~ /run
      echo new >~/.claude/new; echo changed >x; mv x $f; cat $f; rm $f; mkdir $f; touch $f/below; echo done`;
    const { stdout, stderr } = await claude(script);
    const [sent, settings, copy, ...rest] = stdout.toString().split('\n');
    expect(seen).toEqual([`Bearer ${ACCESS}`]);
    expect([sent?.startsWith('got Bearer sk-ant-oat01-'), settings, rest], stderr).toEqual([
      true,
      'settings',
      ['changed', 'done', ''],
    ]);
    expect(copy).toMatch(/"sk-ant-oat01-(?!REAL).*"sk-ant-ort01-(?!REAL)/);
    expect(stderr).toContain('1 change waits');
    expect(hostLogin()).toEqual(LOGIN);
    expect(written()).not.toMatch(REAL);
  });

  it('the agent has placeholders, its model gets the token, and nobody else', async () => {
    const script = `
      ${CURL} -H "Authorization: Bearer $a" https://api.anthropic.com/v1/messages; echo
      ${CURL} -H "Authorization: Bearer $a" https://github.com/; echo
      ${CURL} -H "Authorization: Bearer $r" https://github.com/; echo
      cat $f; env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'
      grep -rlsE 'REAL[1]access|REAL[1]refresh|REAL[3]token' "$HOME" "$PWD" /tmp /run /var/tmp
      cat "$LEASH_DENIALS"; ls -l $f; echo mine > $f.new; mv $f.new $f; cat $f`;
    const result = await claude(script);
    const output = result.stdout.toString();
    expect(seen).toEqual([`Bearer ${ACCESS}`]);
    expect(output).toContain('got Bearer sk-ant-oat01-');
    // Two answers; of two alike, one line among what was denied.
    expect(output.match(/the secret is for/g)).toHaveLength(3);
    expect(output).toMatch(/-rw------- .*\.credentials\.json/);
    expect(output).toMatch(/mine\n$/);
    for (const text of [output, result.stderr, JSON.stringify(result.events), written()])
      expect(text).not.toMatch(REAL);
    expect(hostLogin()).toEqual(LOGIN);
    expect(result.events.find(({ detail }) => detail?.['secrets'] !== undefined)?.detail?.['secrets']).toEqual([
      'claude-login',
    ]);
  });

  it('a renewal reaches the file of the host, and the agent works on with placeholders', async () => {
    const use = `${CURL} -H "Authorization: Bearer $(sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/' n)" https://api.anthropic.com/; echo`;
    const result = await claude(
      `${RENEW} > n; cat n; ${use}; r=$(sed 's/.*"refresh_token":"\\([^"]*\\)".*/\\1/' n); ${RENEW}`,
    );
    const output = result.stdout.toString();
    expect(bodies.map((body) => (JSON.parse(body) as { refresh_token: string }).refresh_token)).toEqual([
      REFRESH,
      REFRESH_2,
    ]);
    expect(seen).toContain(`Bearer ${ACCESS_2}`);
    expect(hostLogin()).toMatchObject({
      claudeAiOauth: {
        accessToken: ACCESS_2,
        refreshToken: REFRESH_2,
        subscriptionType: 'max',
        scopes: ['user:inference'],
      },
      mcpOAuth: LOGIN.mcpOAuth,
    });
    expect(hostLogin().claudeAiOauth.expiresAt).toBeGreaterThan(1_700_000_000_000);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(file))).toEqual(['.credentials.json']);
    expect(result.stderr).toContain(`the agent renewed the login in ${file}`);
    for (const text of [output, result.stderr, JSON.stringify(result.events), written()])
      expect(text).not.toMatch(REAL);
  });

  it.each([
    [
      'another account’s refresh token',
      `renew '{"grant_type":"refresh_token","refresh_token":"theirs-0123456789","client_id":"c"}'`,
    ],
    ['an authorization code', `renew '{"grant_type":"authorization_code","code":"x","refresh_token":"'$r'"}'`],
    [
      'two refresh tokens',
      `renew '{"grant_type":"refresh_token","refresh_token":"theirs-0123456789","refresh_token":"'$r'"}'`,
    ],
    [
      'the placeholder in a second member',
      `renew '{"grant_type":"refresh_token","refresh_token":"theirs-0123456789","x":"'$r'"}'`,
    ],
    ['a form within what is called JSON', `renew "grant_type=refresh_token&refresh_token=$r"`],
    ['the access token', `renew '{"grant_type":"refresh_token","refresh_token":"'$a'"}'`],
  ])('the tokens of another login are never written to the host: %s', async (_what, attack) => {
    const result = await claude(attack);
    expect(bodies).toHaveLength(1);
    expect(hostLogin()).toEqual(LOGIN);
    expect(result.stdout.toString()).not.toMatch(REAL);
  });

  it.each<readonly [string, (response: http.ServerResponse) => void]>([
    ['no JSON', (response) => response.end(`access_token=${ACCESS_2}`)],
    ['no tokens', (response) => response.end('{"ok":true}')],
    ['a list', (response) => response.end(`[${JSON.stringify(ISSUED)}]`)],
    [
      'a token that no header may hold',
      (response) => response.end(JSON.stringify({ ...ISSUED, access_token: 'a\r\nb-and-more' })),
    ],
    ['a refusal', (response) => response.writeHead(400).end('{"error":"invalid_grant"}')],
    [
      'half an answer',
      (response) => {
        response.writeHead(200, { 'content-length': '500' }).write(JSON.stringify(ISSUED));
        response.destroy();
      },
    ],
  ])('an answer that renews nothing leaves the file: %s', async (_what, junk) => {
    answer = junk;
    const result = await claude(RENEW);
    expect(bodies).toHaveLength(1);
    expect(hostLogin()).toEqual(LOGIN);
    expect(readdirSync(path.dirname(file))).toEqual(['.credentials.json']);
    expect(result.stdout.toString()).not.toMatch(REAL);
  });

  it('a file that was changed meanwhile stays as it is, and the user is told', async () => {
    const other = JSON.stringify({ claudeAiOauth: { ...LOGIN.claudeAiOauth, accessToken: `${ACCESS}-x` } });
    answer = (response) => {
      writeFileSync(file, other);
      response.end(JSON.stringify(ISSUED));
    };
    const result = await claude(RENEW);
    expect(readFileSync(file, 'utf8')).toBe(other);
    expect(result.stderr).toContain('it was not written there: it was changed meanwhile');
  });

  it('a link that takes the place of the file meanwhile is not written through', async () => {
    const victim = place.write(path.join(place.root, 'victim'), JSON.stringify(LOGIN), 0o600);
    answer = (response) => {
      renameSync(file, `${file}.old`);
      symlinkSync(victim, file);
      response.end(JSON.stringify(ISSUED));
    };
    const result = await claude(RENEW);
    expect(readFileSync(victim, 'utf8')).toBe(JSON.stringify(LOGIN));
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(result.stderr).toContain('it is a symbolic link');
  });

  const lookFor = `test -e $f && echo there; ${CURL} https://api.anthropic.com/; echo`;
  it.each<readonly [string, string, () => void]>([
    [
      'a symbolic link',
      'it is a symbolic link',
      () => {
        renameSync(file, path.join(place.home, 'real.json'));
        symlinkSync(path.join(place.home, 'real.json'), file);
      },
    ],
    [
      'a link into the workspace',
      'it lies in the workspace',
      () => {
        const inside = place.write('login.json', JSON.stringify(LOGIN), 0o600);
        renameSync(file, `${file}.old`);
        symlinkSync(inside, file);
      },
    ],
    ['written by others', 'others than you may write to it', () => chmodSync(file, 0o622)],
    ['no JSON', 'it is no JSON object', () => writeFileSync(file, `accessToken=${ACCESS}`)],
    [
      'a member that is new',
      'does not know its member claudeAiOauth.dpop',
      () => writeFileSync(file, JSON.stringify({ claudeAiOauth: { ...LOGIN.claudeAiOauth, dpop: ACCESS } })),
    ],
    [
      'a token in a second place',
      'a credential stands in a second place',
      () => writeFileSync(file, JSON.stringify({ claudeAiOauth: { ...LOGIN.claudeAiOauth, scopes: [ACCESS] } })),
    ],
  ])('a file that is not what Leash expects is not shown: %s', async (_what, problem, change) => {
    change();
    const result = await claude(lookFor);
    expect(result.status).toBe(0);
    expect(result.stderr).toContain(`leash: the login in ${file} is not available to the agent: `);
    expect(result.stderr).toContain(problem);
    expect(result.stderr).not.toMatch(REAL);
    expect(result.stdout.toString()).not.toContain('there');
  });

  it('where the workspace is the home, the file is hidden', async () => {
    const result = await claude('cat $f; cat ~/.claude/.credentials.json; grep -rs sk-ant ~/.claude', {
      workspace: place.home,
    });
    expect(result.stdout.toString()).not.toMatch(REAL);
    expect(result.stderr).toContain('it lies in the workspace');
    expect(hostLogin()).toEqual(LOGIN);
  });

  it('--plain-secrets gives the file itself, says so, and the session is marked; the journal still has no token', async () => {
    const key = 'sk-ant-api03-0123456789abcdefgh';
    const result = await claude(`cat $f; echo "key $ANTHROPIC_API_KEY"; echo again > $f; cat $PWD/${ACCESS}`, {
      args: ['--plain-secrets'],
      env: { ANTHROPIC_API_KEY: key },
    });
    expect(result.stdout.toString()).toContain(ACCESS);
    expect(result.stdout.toString()).toContain(`key ${key}`);
    expect(result.stderr).toContain(
      'leash: the agent holds the keys and the login of its model themselves (--plain-secrets)',
    );
    expect(hostLogin()).toEqual(LOGIN);
    const dir = path.join(place.home, '.local/state/leash/sessions', result.session ?? '');
    expect(JSON.parse(readFileSync(path.join(dir, 'session.json'), 'utf8'))).toMatchObject({ plainSecrets: true });
    expect(result.events[0]).toMatchObject({ action: 'SessionStart', detail: { plain_secrets: true } });
    expect(JSON.stringify(result.events)).not.toMatch(REAL);
    expect(existsSync(file)).toBe(true);
  });
});
