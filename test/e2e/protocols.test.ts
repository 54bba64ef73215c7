// Real clients inside a sandbox speak with real servers outside it, by name and port: what the policy permits works unchanged, the rest does not connect.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../src/schema/event.ts';
import { IDENTITIES, type LeashResult, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';
import { POSTGRES_BIN, SERVER_USER, Servers } from '../fixtures/servers.ts';
import { absence, unless } from '../fixtures/unless.ts';

const DNS = '@id("names") permit(principal, action == Action::"DnsResolve", resource);';
const permitOf = (host: string): string =>
  `@id("it") permit(principal, action == Action::"NetConnect", resource in Host::"${host}");`;

const NO_SSH = absence(['sshd', 'sftp']);
const NO_POSTGRES = POSTGRES_BIN === undefined ? 'no PostgreSQL server on this machine' : absence(['psql']);
const NO_REDIS = absence(['redis-server', 'redis-cli']);
const NO_GIT = absence(['git']);

let servers: Servers;
const ports = new Map<string, number>();
let ssh: Awaited<ReturnType<Servers['ssh']>>;
beforeAll(async () => {
  servers = new Servers();
  if (NO_SSH === undefined) {
    ssh = await servers.ssh();
    ports.set('ssh.test:22', ssh.port);
  }
  if (NO_POSTGRES === undefined) ports.set('db.test:5432', await servers.postgres());
  if (NO_REDIS === undefined) ports.set('cache.test:6379', await servers.redis());
  if (NO_GIT === undefined) ports.set('git.test:9418', await servers.git());
}, 120_000);
afterAll(async () => await servers.stop());

function ended(events: readonly Event[], name: string): readonly Event[] {
  return events.filter(
    ({ action, resource, detail }) =>
      action === 'NetConnect' &&
      resource.type === 'host' &&
      resource.name === name &&
      detail?.['bytes_in'] !== undefined,
  );
}

describe.each(IDENTITIES)('as %s', { timeout: 120_000 }, (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  function run(script: string, permitted: string): Promise<LeashResult> {
    const args = ['-q', ...[...ports].flatMap(([name, port]) => ['--resolve', `${name}:127.0.0.1:${port}`])];
    const policy = [PERMISSIVE, DNS, permitOf(permitted)].join('\n');
    return runLeash(place, { policy, command: ['sh', '-ec', script], args });
  }

  describe('ssh', unless(NO_SSH), () => {
    const script = (): string => {
      place.write('key', ssh.key, 0o600);
      place.write('known', `ssh.test ${ssh.hostKey}\n`);
      const content = randomBytes(3 << 20);
      place.write('big', content);
      return `name=${as}-$$
        printf 'put big %s\\nget %s back\\nrm %s\\n' $name $name $name >batch
        sftp -F none -i key -o UserKnownHostsFile=known -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -b batch ${SERVER_USER}@ssh.test
        sha256sum <back; echo ${createHash('sha256').update(content).digest('hex')}`;
    };

    it('copies files both ways and finds the real host key', async () => {
      const { stdout, stderr, status, events } = await run(script(), 'ssh.test:22');
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const [back, sent] = stdout.toString().trim().split('\n').slice(-2);
      expect(back).toBe(`${sent}  -`);
      const [connection] = ended(events, 'ssh.test');
      expect(connection).toMatchObject({ effect: 'allow', policies: ['it'], detail: { port: 22, protocol: 'tcp' } });
      expect(connection?.who?.exe).toMatch(/ssh$/);
      for (const bytes of ['bytes_in', 'bytes_out']) expect(connection?.detail?.[bytes]).toBeGreaterThan(3 << 20);
    });

    it('does not connect to a port that is not permitted', async () => {
      const { stderr, status, events } = await run(script(), 'ssh.test:2222');
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/Permission denied/);
      expect(ended(events, 'ssh.test')).toEqual([]);
      expect(events.find(({ action, effect }) => action === 'NetConnect' && effect === 'deny')).toMatchObject({
        resource: { name: 'ssh.test' },
        error: 'EACCES',
      });
    });
  });

  describe('PostgreSQL', unless(NO_POSTGRES), () => {
    const psql = (mode: string): string =>
      `psql -At "host=db.test user=me dbname=postgres sslmode=${mode}" -c "select ssl, count(*) from pg_stat_ssl s, generate_series(1, 1000) where s.pid = pg_backend_pid() group by 1" -c "copy (select repeat('x', 1000) from generate_series(1, 500)) to stdout" | sha256sum`;

    it('answers in the clear, and over TLS that begins after its own greeting', async () => {
      const script = `${psql('disable')}; ${psql('prefer')}; ${psql('require')}`;
      const { stdout, stderr, events } = await run(script, 'db.test:5432');
      expect(stderr).toBe('');
      const rows = 'x'.repeat(1000).concat('\n').repeat(500);
      const hash = (isTls: boolean): string =>
        `${createHash('sha256')
          .update(`${isTls ? 't' : 'f'}|1000\n${rows}`)
          .digest('hex')}  -`;
      expect(stdout.toString().trim().split('\n')).toEqual([hash(false), hash(true), hash(true)]);
      const connections = ended(events, 'db.test');
      expect(connections).toHaveLength(3);
      for (const { detail } of connections) expect(detail?.['bytes_in']).toBeGreaterThan(500_000);
    });

    it('does not connect by a name that is not permitted', async () => {
      const { stderr, status, events } = await run(psql('prefer').replace(' | sha256sum', ''), 'other.test');
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/could not translate host name/);
      expect(ended(events, 'db.test')).toEqual([]);
    });
  });

  it('Redis: keys, a large value, inline commands; not on another port', unless(NO_REDIS), async () => {
    const script = `r() { redis-cli -h cache.test "$@"; }
      r set ${as} one; r get ${as}; head -c 2000000 /dev/zero | tr '\\0' x | redis-cli -h cache.test -x set big-${as}; r strlen big-${as}
      timeout 20 python3 -c "
import socket
s = socket.create_connection(('cache.test', 6379)); s.sendall(b'GET ${as}\\r\\nQUIT\\r\\n'); print(s.makefile().read().split())"
      ! redis-cli -h cache.test -p 6380 ping 2>&1`;
    const { stdout, events } = await run(script, 'cache.test:6379');
    expect(stdout.toString().trim().split('\n')).toEqual([
      'OK',
      'one',
      'OK',
      '2000000',
      "['$3', 'one', '+OK']",
      'Could not connect to Redis at cache.test:6380: Permission denied',
    ]);
    expect(ended(events, 'cache.test')).toHaveLength(5);
  });

  it('git://: clone, push, fetch; not by a name that is not permitted', unless(NO_GIT), async () => {
    const script = `export GIT_CONFIG_GLOBAL=/dev/null; me="-c user.name=me -c user.email=me@example.test"
      git clone -q git://git.test/project one; cat one/file
      echo ${as} >one/${as}; git -C one add .; git -C one $me commit -q -m ${as}; git -C one push -q origin HEAD:refs/heads/${as}
      git clone -q -b ${as} git://git.test/project two; cat two/${as}
      ! git clone git://other.test/project three 2>&1`;
    const { stdout, stderr, events } = await run(script, 'git.test:9418');
    expect(stderr).toBe('');
    const lines = stdout.toString().trim().split('\n');
    expect(lines.slice(0, 2)).toEqual(['content', as]);
    expect(lines.slice(2).join('\n')).toMatch(/unable to look up other\.test/i);
    expect(ended(events, 'git.test')).toHaveLength(3);
  });
});
