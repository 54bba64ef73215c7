// Sessions of real programs whose credentials are brokered: the servers get them, the agent and all that Leash writes do not.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  finished,
  IDENTITIES,
  type LeashRequest,
  type LeashResult,
  leashCommand,
  Place,
  runLeash,
  startLeash,
} from '../fixtures/leash.ts';
import { SecretOrigin } from '../fixtures/secret-origin.ts';

const VALUE = 'ghp_THE8real9VALUE0of1THIS2secret3TOKEN4xx';
const POLICY = `
permit(principal, action in [Action::"FileOpen", Action::"ProcessExec", Action::"NetworkConnect", Action::"DnsResolve"], resource);
`;
const CURL = 'curl -sS --max-time 30';

let place: Place;
let origin: SecretOrigin;
let reached: string[];
beforeEach(() => {
  origin = new SecretOrigin();
});
afterEach(() => {
  origin.close();
  place.remove();
});

/** Every byte that Leash wrote below the home directory. */
function written(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe.each(IDENTITIES)('as %s', (as) => {
  beforeEach(async () => {
    place = new Place(as);
    chmodSync(place.root, 0o755);
    reached = await origin.listen('api.test', 'other.test', 'api.anthropic.com');
  });

  const configure = (text: string): string =>
    place.write(path.join(place.home, '.config/leash/config.toml'), text, 0o600);
  const sh = (script: string, more: Partial<LeashRequest> = {}): Promise<LeashResult> =>
    runLeash(place, { policy: POLICY, command: ['sh', '-c', script], args: reached, ...more });

  it('a token of the environment: the server gets it, and nothing in the sandbox or on disk has it', async () => {
    configure('[secrets.forge]\nenv = "FORGE_TOKEN"\nhosts = ["api.test"]\n');
    const script = `
      echo "holds $FORGE_TOKEN"
      ${CURL} -i -H "Authorization: Bearer $FORGE_TOKEN" https://api.test/
      env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline /proc/self/maps 2>/dev/null | tr '\\0' '\\n'
      grep -rls 'THE[8]real9' "$HOME" "$PWD" /tmp /run /var/tmp
      cat "$LEASH_DENIALS"`;
    const result = await sh(script, {
      env: { FORGE_TOKEN: VALUE, UNRELATED: `copy of ${VALUE}` },
    });
    const output = result.stdout.toString();
    expect(origin.received[0]?.headers['authorization']).toBe(`Bearer ${VALUE}`);
    const placeholder = /^holds (\S+)$/m.exec(output)?.[1] ?? '';
    expect(placeholder).toMatch(/^ghp_[A-Za-z0-9]{38}$/);
    expect(output).toContain(`x-echo: Bearer ${placeholder}`);
    expect(output).toContain(`UNRELATED=copy of ${placeholder}`);
    for (const text of [output, result.stderr, JSON.stringify(result.events), written(place.home)])
      expect(text.includes(VALUE)).toBe(false);
    const event = result.events.find(({ action }) => action === 'HttpRequest');
    expect(event).toMatchObject({ effect: 'allow', detail: { secrets: ['forge'] } });
  });

  it('sent to another host it is stopped, the agent is told why, and so is the user', async () => {
    configure('[secrets.forge]\nenv = "FORGE_TOKEN"\nhosts = ["api.test"]\n');
    const script = `${CURL} -H "Authorization: Bearer $FORGE_TOKEN" https://other.test/`;
    const result = await sh(script, { env: { FORGE_TOKEN: VALUE } });
    expect(result.stdout.toString()).toContain('the secret is for api.test:443 only');
    expect(result.stderr).toContain('leash: the placeholder of the secret forge was sent to other.test:443');
    expect(origin.received).toHaveLength(0);
    const denied = result.events.find(({ effect }) => effect === 'deny');
    expect(denied).toMatchObject({ action: 'HttpRequest', detail: { secret: 'forge', severity: 'high' } });
  });

  it('the key of an agent’s model is brokered without any configuration; -e passes it on', async () => {
    const key = `sk-ant-api03-${'Real1'.repeat(19)}`;
    const script = `echo "holds $ANTHROPIC_API_KEY"; ${CURL} -H "x-api-key: $ANTHROPIC_API_KEY" https://api.anthropic.com/v1/messages`;
    const brokered = await sh(script, { env: { ANTHROPIC_API_KEY: key } });
    expect(brokered.stdout.toString()).toMatch(/^holds sk-ant-api03-[A-Za-z0-9]{95}$/m);
    expect(brokered.stdout.includes(key)).toBe(false);
    expect(origin.received[0]?.headers['x-api-key']).toBe(key);
    const passed = await sh(script, { env: { ANTHROPIC_API_KEY: key }, args: [...reached, '-e', 'ANTHROPIC_API_KEY'] });
    expect(passed.stdout.toString()).toContain(`holds ${key}`);
  });

  it('a policy forbids the use of one secret', async () => {
    configure('[secrets.forge]\nenv = "FORGE_TOKEN"\nhosts = ["api.test"]\n');
    const policy = `${POLICY}@id("no-forge") @reason("read only week") forbid(principal, action == Action::"SecretUse", resource == Secret::"forge");`;
    const script = `${CURL} -H "Authorization: Bearer $FORGE_TOKEN" https://api.test/`;
    const result = await sh(script, { policy, env: { FORGE_TOKEN: VALUE } });
    expect(result.stdout.toString()).toContain('the secret forge may not be used with api.test:443: read only week');
    expect(result.events.find(({ effect }) => effect === 'deny')?.policies).toEqual(['no-forge']);
    expect(origin.received).toHaveLength(0);
  });

  it('a value from a command is fetched when it is needed, and again when it is too old', async () => {
    const counted = place.write(path.join(place.home, 'count'), '');
    const tool = place.write(
      path.join(place.home, 'bin/tool'),
      `#!/bin/sh\necho run >> ${counted}\nprintf '%s%s\\n' ${VALUE} "$1"\n`,
      0o755,
    );
    configure(
      `[secrets.forge]\ncommand = ["${tool}", "-2"]\nttl = 3600\nhosts = ["api.test"]\nvariable = "FORGE"\nprefix = "ghp_"\n`,
    );
    const ask = `${CURL} -H "Authorization: token $FORGE" https://api.test/`;
    const idle = await sh('echo "$FORGE"');
    expect(idle.stdout.toString()).toMatch(/^ghp_[A-Za-z0-9]{40}$/m);
    expect(readFileSync(counted, 'utf8')).toBe('');
    const used = await sh(`${ask}; ${ask}; echo ${VALUE}-2`);
    expect(origin.received.map(({ headers }) => headers['authorization'])).toEqual([
      `token ${VALUE}-2`,
      `token ${VALUE}-2`,
    ]);
    expect(readFileSync(counted, 'utf8')).toBe('run\n');
    // What a command printed is known from then on: an agent that guesses it finds no oracle in the journal, either.
    expect(JSON.stringify(used.events.filter(({ action }) => action === 'HttpRequest'))).not.toContain(VALUE);
  });

  it('a value from a file, which the sandbox does not show', async () => {
    const file = place.write(path.join(place.root, 'token'), `${VALUE}\n`, 0o600);
    configure(`[secrets.forge]\nfile = "${file}"\nhosts = ["api.test"]\nheader = "X-Token"\nmode = "inject"\n`);
    const result = await sh(`cat ${file}; ${CURL} https://api.test/`);
    expect(origin.received[0]?.headers['x-token']).toBe(VALUE);
    expect(result.stdout.includes(VALUE)).toBe(false);
  });

  it('one that cannot be had is left out, and the session goes on', async () => {
    configure('[secrets.forge]\nenv = "FORGE_TOKEN"\nhosts = ["api.test"]\n');
    const result = await sh('echo "holds <$FORGE_TOKEN>"');
    expect(result.stdout.toString()).toContain('holds <>');
    expect(result.stderr).toContain('leash: the secret forge is not available: FORGE_TOKEN is not set');
  });

  it('`leash secrets` lists them, without values', () => {
    configure(
      `[secrets.forge]\nenv = "FORGE_TOKEN"\nhosts = ["api.test"]\n[secrets.db]\ncommand = ["sh", "-c", "echo ${VALUE}"]\nhosts = ["*.db.test:8443"]\nwildcard = true\nquery = "key"\nvariable = "DB_KEY"\n`,
    );
    const [file = '', ...args] = leashCommand(place, { command: [] });
    const options = {
      env: { ...place.environment, FORGE_TOKEN: VALUE, ANTHROPIC_API_KEY: VALUE },
      cwd: place.workspace,
      encoding: 'utf8',
    } as const;
    const table = execFileSync(file, [...args, 'secrets'], options);
    expect(table).toMatch(/^forge +env FORGE_TOKEN +api\.test:443 +the header authorization +\$FORGE_TOKEN$/m);
    expect(table).toMatch(/^db +command sh +\*\.db\.test:8443 +the query parameter key +\$DB_KEY$/m);
    expect(table).toMatch(/^ANTHROPIC_API_KEY +env ANTHROPIC_API_KEY +api\.anthropic\.com:443 /m);
    const json = execFileSync(file, [...args, 'secrets', '--json'], options);
    expect(
      json
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).name),
    ).toEqual(['forge', 'db', 'ANTHROPIC_API_KEY']);
    for (const text of [table, json]) expect(text.includes(VALUE)).toBe(false);
  });

  it('a configuration that others could write is not used, and nothing is started', async () => {
    chmodSync(configure('[secrets.forge]\nenv = "FORGE_TOKEN"\nhosts = ["api.test"]\n'), 0o666);
    const result = await sh('echo started');
    expect(result.status).toBe(125);
    expect(result.stderr).toMatch(
      /LEASH_CONFIG: .*config\.toml is not used: others than you may write to .*chmod go-w/,
    );
    expect(result.stdout.toString()).toBe('');
  });

  it('the manager, which holds the values, leaves no core file', async () => {
    const child = startLeash(place, { policy: POLICY, command: ['sh', '-c', 'echo ready; read -r _'] });
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    expect(readFileSync(`/proc/${child.pid}/limits`, 'utf8')).toMatch(/^Max core file size +1 +1 +bytes/m);
    child.stdin?.end('\n');
    expect((await finished(child)).status).toBe(0);
  });

  it('tokens that the agent is issued when it logs in stay outside', async () => {
    const issued = { access_token: `real-access-${VALUE}`, refresh_token: `real-refresh-${VALUE}` };
    const bodies: string[] = [];
    const issuer = new SecretOrigin((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        bodies.push(
          `${request.url} ${String(request.headers['authorization'] ?? '')} ${Buffer.concat(parts).toString()}`,
        );
        response.end(JSON.stringify(issued));
      });
    });
    const args = await issuer.listen('api.test', 'login.test');
    configure('[secrets.login]\noauth = ["https://login.test/oauth/token"]\nhosts = ["api.test"]\n');
    const script = `
      ${CURL} -d code=1 https://login.test/oauth/token > tokens; cat tokens
      field() { sed -E 's/.*"'$1'":"([^"]*)".*/\\1/' tokens; }
      ${CURL} -H "Authorization: Bearer $(field access_token)" https://api.test/v1 > /dev/null
      ${CURL} -d "refresh_token=$(field refresh_token)" https://login.test/oauth/token`;
    const result = await sh(script, { args });
    issuer.close();
    expect(bodies).toEqual([
      '/oauth/token  code=1',
      `/v1 Bearer ${issued.access_token} `,
      `/oauth/token  refresh_token=${issued.refresh_token}`,
    ]);
    for (const text of [
      result.stdout.toString(),
      JSON.stringify(result.events),
      written(place.home),
      written(place.workspace),
    ])
      expect(text.includes(VALUE)).toBe(false);
  });

  it('a header set by policy', async () => {
    const policy = `${POLICY}
permit(principal, action == Action::"HttpRewrite", resource == Host::"api.test")
when { context.header == "X-Team" && context.value == "blue team" };`;
    const script = `${CURL} -H 'x-team: red' https://api.test/; ${CURL} -H 'x-team: red' https://other.test/`;
    const result = await sh(script, { policy });
    expect(origin.received.map(({ headers }) => headers['x-team'])).toEqual(['blue team', 'red']);
    const [first, second] = result.events.filter(({ action }) => action === 'HttpRequest');
    expect([first?.detail?.['headers_set'], second?.detail?.['headers_set']]).toEqual([['x-team'], undefined]);
    expect(JSON.stringify(result.events)).not.toContain('blue team');
  });
});
