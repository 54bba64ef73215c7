// What has a name inside the sandbox and belongs to the whole machine: sysctls, device nodes, what the opener of a file would see. None of it is given away, whatever the policy says.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['reach-machine']);
});
afterAll(() => attacks.remove());

const parse = (text: string): Map<string, string> =>
  new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ', 2) as [string, string]),
  );

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  it('reach-machine', async () => {
    attacks.put(place, 'reach-machine');
    const { stdout, events } = await runLeash(place, { policy: PERMISSIVE, command: ['./reach-machine'] });
    const inside = parse(stdout.toString());
    // It only opens: outside, as root, each of them succeeds, and nothing is changed by it.
    const outside = parse(
      spawnSync(path.join(place.workspace, 'reach-machine'), {
        uid: as === 'user' ? 65534 : undefined,
        encoding: 'utf8',
      }).stdout,
    );
    expect([...inside.keys()]).toEqual([...outside.keys()]);
    for (const [way, outcome] of inside) {
      const exists = outside.get(way) !== 'ENOENT';
      const expected = !exists
        ? ['ENOENT']
        : way.startsWith('own:')
          ? ['done']
          : way.startsWith('mode:')
            ? ['EPERM']
            : ['EACCES'];
      expect([way, expected]).toEqual([way, expect.arrayContaining([outcome])]);
    }
    if (as === 'self' && process.getuid?.() === 0) {
      const succeeded = [...outside].filter(([way, outcome]) => !way.startsWith('own:') && outcome === 'done');
      expect(succeeded.length).toBeGreaterThan(15);
    }
    expect(
      events.find(({ resource }) => 'path' in resource && resource.path === '/proc/sys/vm/drop_caches'),
    ).toMatchObject({
      effect: 'deny',
      policies: [],
      error: 'EACCES',
    });
  });

  it('a pseudo-terminal of its own is its own', async () => {
    const script = `import os, stat
master, slave = os.openpty()
os.fchmod(slave, 0o600)
print(oct(stat.S_IMODE(os.stat(os.ttyname(slave)).st_mode)))`;
    const { stdout } = await runLeash(place, { policy: PERMISSIVE, command: ['python3', '-c', script] });
    expect(stdout.toString()).toBe('0o600\n');
  });
});
