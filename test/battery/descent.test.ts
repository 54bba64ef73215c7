// Ways to be taken for a program that somebody else started: each works where no rule asks who did, and none where one does.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, leashCommand, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const SECRET = 'TOP SECRET\n';
const WAYS = 14;

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['lose-ancestors']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('vault/secret.txt', SECRET, 0o600);
    attacks.put(place, 'lose-ancestors');
  });
  afterEach(() => place.remove());

  /** Nothing that `name` started may read the vault; `name` itself may. */
  const noDescendantOf = (name: string): string => `${PERMISSIVE}
    @id("descent") forbid(principal, action in Action::"FileOpen", resource) when {
      resource.path like "*/vault/*" && context.proc.ancestors.contains(File::${JSON.stringify(path.join(place.workspace, name))})
    };`;

  const outcomes = async (policy: string): Promise<[string, string][]> => {
    const { stdout, stderr } = await runLeash(place, { policy, command: ['./lose-ancestors'] });
    expect(stderr).not.toContain('LEASH_');
    return stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ', 2) as [string, string]);
  };

  it('lose-ancestors', async () => {
    const open = await outcomes(PERMISSIVE);
    expect(open).toHaveLength(WAYS);
    for (const way of open) expect(way).toEqual([way[0], 'secret']);
    // Of another program's descendants there are none here.
    expect(await outcomes(noDescendantOf('other'))).toEqual(open);
    const closed = await outcomes(noDescendantOf('lose-ancestors'));
    expect(closed).toEqual(open.map(([way]) => [way, 'nothing']));
  });

  it('a program that replaced the forbidden one in its own process is a descendant of it', async () => {
    const run = (policy: string) => runLeash(place, { policy, command: ['./lose-ancestors', 'exec'] });
    const { stdout, events } = await run(noDescendantOf('lose-ancestors'));
    expect(stdout.toString()).toBe('');
    expect(events.find(({ effect }) => effect === 'deny')).toMatchObject({
      who: { exe: expect.stringMatching(/\/cat$/) as string },
      policies: ['descent'],
      error: 'EACCES',
    });
    expect((await run(noDescendantOf('other'))).stdout.toString()).toBe(SECRET);
  });

  it('the limit that carries the line is not for the agent to set, and trying is recorded', async () => {
    const command = ['prlimit', '--locks=5', 'true'];
    const { status, events } = await runLeash(place, { policy: PERMISSIVE, command });
    expect(status).not.toBe(0);
    expect(events.find(({ action }) => action === 'SystemCall')).toMatchObject({
      resource: { name: 'prlimit64' },
      effect: 'deny',
      error: 'EPERM',
    });
  });

  it('a session does not start where the limit cannot carry the line', () => {
    const command = leashCommand(place, { policy: PERMISSIVE, command: ['true'] });
    const { status, stderr } = spawnSync('prlimit', ['--locks=100:100', ...command], {
      cwd: place.workspace,
      env: place.environment,
      encoding: 'utf8',
    });
    expect(stderr).toContain('LEASH_SANDBOX_START: the hard limit of file locks (ulimit -Hx) must be 262144 or more');
    expect(status).toBe(125);
  });

  it('a line of more programs than can be told executes no more', async () => {
    // Each link is another file: the shell before it, under another name.
    const script =
      'cp /bin/sh "s$1"; rm -f "s$(($1 - 2))"; test $1 = 300 && echo reached; exec "./s$1" ./chain $(($1 + 1))';
    place.write('chain', script);
    const { stdout, events } = await runLeash(place, { policy: PERMISSIVE, command: ['sh', './chain', '1'] });
    expect(stdout.toString()).toBe('');
    const denied = events.filter(({ effect }) => effect === 'deny');
    expect(denied.length).toBeGreaterThan(0);
    for (const event of denied) expect(event).toMatchObject({ action: 'ProcessExec', policies: [], error: 'EACCES' });
  });

  it('a program that is renamed and removed while it runs keeps its name in the line', async () => {
    const script =
      'cp /bin/sh tool; ./tool -c "mv tool gone; (cat vault/secret.txt); rm gone; cat vault/secret.txt; true"';
    const run = (policy: string) => runLeash(place, { policy, command: ['sh', '-c', script] });
    expect((await run(noDescendantOf('gone'))).stdout.toString()).toBe(SECRET + SECRET);
    expect((await run(noDescendantOf('tool'))).stdout.toString()).toBe('');
  });
});
