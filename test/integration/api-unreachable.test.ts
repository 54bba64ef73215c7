// The agent tries to reach its user's control API, by every way to this machine that a policy could leave open. Attacks, which must fail.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { freePort, served } from '../fixtures/control.ts';
import { eventsOf, finished, Place, startLeash } from '../fixtures/leash.ts';
import { killSession } from '../fixtures/session-processes.ts';

const EVERYTHING = '@id("all") permit(principal, action, resource);';

const HUB_SOCKET = '.local/state/leash/hub.sock';
const knock = (socket: string): string =>
  `curl -s -m 20 -o /dev/null -w '%{http_code}' --unix-socket ${socket} http://localhost/api/v1/sessions`;

/** Says what each address answered. */
const attack = (port: number, socket: string): string => `
read -r go
for way in ${socket} /proc/self/root${socket} /proc/1/root${socket}; do
  printf '%s ' "$way"
  ${knock('"$way"')}
  echo
done
for host in host.leash.internal host.docker.internal 127.0.0.1 127.0.0.2 '[::1]' '[::ffff:127.0.0.1]' 0.0.0.0 mapped.example elsewhere.example; do
  printf '%s ' "$host"
  curl -s -m 20 -o /dev/null -w '%{http_code}' "http://$host:${port}/healthz"
  echo
done`;

test.each([
  ['its own session serves', 'own'],
  ['another session serves, elsewhere', 'other'],
] as const)('an agent that may do everything does not reach the API that %s', async (_, which) => {
  const place = new Place();
  const port = await freePort();
  const ownPort = which === 'own' ? port : await freePort();
  const other =
    which === 'own'
      ? undefined
      : startLeash(place, { policy: EVERYTHING, command: ['/bin/cat'], args: ['--listen', String(port)] });
  try {
    if (other !== undefined) await served(port);
    const resolve = ['mapped.example:127.0.0.1', 'elsewhere.example:127.0.0.9'].flatMap((rule) => ['--resolve', rule]);
    const session = startLeash(place, {
      policy: EVERYTHING,
      command: ['/bin/sh', '-c', attack(port, path.join(place.home, HUB_SOCKET))],
      args: ['--listen', String(ownPort), ...resolve],
    });
    const end = finished(session);
    await served(port);
    // Outside, who reaches the socket is the user: the attack itself works.
    expect(execFileSync('sh', ['-c', knock(path.join(place.home, HUB_SOCKET))], { encoding: 'utf8' })).toBe('200');
    session.stdin?.end('go\n');
    const { stdout, stderr } = await end;
    const answers = new Map(
      stdout
        .toString()
        .trim()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]),
    );
    expect([...answers.keys()], stderr).toHaveLength(12);
    expect([...answers].filter(([, status]) => status === '200')).toEqual([]);
    const refused = (await eventsOf(place)).filter(({ reason }) => reason?.includes("Leash's own"));
    expect(refused.map(({ effect }) => effect)).toContain('deny');
  } finally {
    other?.stdin?.end();
    if (other !== undefined) await finished(other);
    killSession(place);
    place.remove();
  }
});
