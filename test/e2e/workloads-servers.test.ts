// Servers and terminals run inside a sandbox that permits everything, and speak with their clients, as they do outside.
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { IDENTITIES, Place } from '../fixtures/leash.ts';
import { absence, unless } from '../fixtures/unless.ts';
import { runBoth, type Workload } from '../fixtures/workload.ts';

const POSTGRES = '/usr/lib/postgresql';
const version = existsSync(POSTGRES) ? readdirSync(POSTGRES).find((name) => /^\d+$/.test(name)) : undefined;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function compare(place: Place, workload: Workload): Promise<void> {
  const { outside, inside } = await runBoth(place, workload);
  expect(inside).toEqual(outside);
  expect(outside.status).toBe(0);
}

describe.each(IDENTITIES)('as %s', (as) => {
  it('tmux: a session, keys, what the screen shows', { timeout: 120_000, ...unless(absence(['tmux'])) }, async () => {
    const place = new Place(as);
    try {
      await compare(place, {
        name: 'tmux',
        script: `export TMUX_TMPDIR="$TMPDIR" SHELL=/bin/sh TERM=screen
          t() { tmux -L own -f /dev/null "$@"; }
          t new-session -d -s one -x 80 -y 20 sh; t send-keys -t one 'PS1=; clear; echo "from $((40 + 2))"; tty >/dev/null && echo terminal; echo done >marker' Enter
          while ! test -s marker; do sleep 0.05; done; sleep 0.3; t capture-pane -p -t one | grep -v '^$' | tail -2
          t split-window -t one 'cat marker >second; sleep 60'; while ! test -s second; do sleep 0.05; done; t list-panes -t one | wc -l
          t set-buffer held; t show-buffer; echo; t kill-server; rm -rf tmp home`,
      });
    } finally {
      place.remove();
    }
  });

  const noServer = version === undefined ? 'no PostgreSQL server on this machine' : absence(['psql']);
  it('PostgreSQL: initdb, start, psql, pgbench, stop', { timeout: 280_000, ...unless(noServer) }, async () => {
    const place = new Place(as);
    const port = await freePort();
    try {
      await compare(place, {
        name: 'postgres',
        // It refuses to run as root, outside and inside.
        script: `export PATH=${POSTGRES}/${version}/bin:$PATH PGPORT=${port} PGUSER=me PGDATABASE=postgres
          if [ "$(id -u)" = 0 ]; then ! initdb -D data; exit; fi
          initdb -D data -U me -A trust --no-locale -E UTF8 --no-sync >log; trap 'pg_ctl -D data -m immediate stop >/dev/null 2>&1 || :' EXIT
          pg_ctl -D data -w -l server-log -o "-k $PWD/tmp -h 127.0.0.1 -c fsync=off" start >/dev/null
          for host in "$PWD/tmp" 127.0.0.1; do export PGHOST=$host
            psql -Atc 'create table if not exists t(a int primary key, b text); insert into t select g, md5(g::text) from generate_series(1, 5000) g on conflict do nothing; select count(*), max(b) from t'
            psql -Atc "copy t to stdout" | wc -l; psql -Atqc 'vacuum full t' -c 'analyze t'; done
          pgbench -i -q 2>/dev/null; pgbench -n -c 4 -j 2 -t 50 2>/dev/null | grep processed; psql -Atc 'select count(*) from pgbench_history'
          pg_dump -t t --inserts | grep -c INSERT; pg_ctl -D data -m fast -w stop >/dev/null; trap - EXIT; ls data/postmaster.pid 2>/dev/null || echo stopped; rm -rf data log server-log tmp home`,
      });
    } finally {
      place.remove();
    }
  });
});
