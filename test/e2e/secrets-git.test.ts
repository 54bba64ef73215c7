// The real git, in the sandbox, pushes with a token that it never sees; the forge wants it and Git's own CGI program serves.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, type LeashResult, Place, runLeash } from '../fixtures/leash.ts';
import { SecretOrigin } from '../fixtures/secret-origin.ts';

const VALUE = 'ghp_THE8real9VALUE0of1THIS2secret3TOKEN4xx';
const FORGE = 'forge.test';
const GIT_ENV = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
const POLICY = `permit(principal, action in [Action::"FileOpen", Action::"ProcessExec", Action::"NetworkConnect", Action::"DnsResolve"], resource);`;

/** git-http-backend(1), for whoever has the token. */
function serve(root: string): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { headers, method = 'GET' } = request;
    const expected = `Basic ${Buffer.from(`x-access-token:${VALUE}`).toString('base64')}`;
    if (headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="forge"' }).end();
      return;
    }
    const url = new URL(request.url ?? '/', 'https://forge');
    const backend = spawn('git', ['http-backend'], {
      env: {
        ...GIT_ENV,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: method,
        CONTENT_TYPE: headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
        REMOTE_USER: 'agent',
        REMOTE_ADDR: '127.0.0.1',
      },
    });
    const parts: Buffer[] = [];
    backend.stdout.on('data', (part: Buffer) => parts.push(part));
    backend.stdin.on('error', () => undefined);
    backend.on('close', () => {
      const output = Buffer.concat(parts);
      const end = output.indexOf('\r\n\r\n');
      for (const line of output.toString('latin1', 0, Math.max(end, 0)).split('\r\n')) {
        const [name = '', value = ''] = line.split(/: */, 2);
        if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
        else if (name !== '') response.setHeader(name, value);
      }
      response.end(output.subarray(end + 4));
    });
    request.pipe(backend.stdin);
  };
}

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let origin: SecretOrigin;
  let root: string;
  let reached: string[];
  beforeEach(async () => {
    place = new Place(as);
    root = mkdtempSync(path.join(tmpdir(), 'leash-forge-'));
    for (const name of ['team/app.git', 'other/app.git'])
      execFileSync('git', ['init', '-q', '--bare', '-b', 'main', path.join(root, name)], { env: GIT_ENV });
    origin = new SecretOrigin(serve(root));
    reached = await origin.listen(FORGE);
    const config = `[secrets.forge]\nenv = "FORGE_TOKEN"\nhosts = ["${FORGE}"]\npaths = ["/team/"]\ngit = "x-access-token"\n`;
    place.write(path.join(place.home, '.config/leash/config.toml'), config, 0o600);
  });
  afterEach(() => {
    origin.close();
    place.remove();
    rmSync(root, { recursive: true });
  });

  const push = (repository: string): Promise<LeashResult> =>
    runLeash(place, {
      policy: POLICY,
      args: reached,
      env: { FORGE_TOKEN: VALUE },
      command: [
        'sh',
        '-ec',
        `git init -q -b main . && git -c user.name=a -c user.email=a@example.test commit -q --allow-empty -m first
         git push -q https://${FORGE}/${repository} main || exit 9
         git ls-remote https://${FORGE}/${repository}
         git config --list --show-origin; env`,
      ],
    });

  it('pushes with its token, which it does not see', async () => {
    const result = await push('team/app.git');
    expect([result.status, result.stderr.includes('fatal')]).toEqual([0, false]);
    expect(result.stdout.toString()).toMatch(/[0-9a-f]{40}\trefs\/heads\/main/);
    const there = execFileSync('git', ['-C', path.join(root, 'team/app.git'), 'log', '--format=%s', 'main'], {
      env: GIT_ENV,
    });
    expect(there.toString().trim()).toBe('first');
    for (const text of [result.stdout.toString(), result.stderr, JSON.stringify(result.events)])
      expect(text.includes(VALUE)).toBe(false);
  });

  it('and not to a path that the token is not bound to', async () => {
    const result = await push('other/app.git');
    expect(result.status).toBe(9);
    const denied = result.events.find(({ effect, action }) => effect === 'deny' && action === 'HttpRequest');
    expect(denied?.reason).toContain('was sent to a path that is not below /team/');
  });
});
