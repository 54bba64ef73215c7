// Files whose name is taken away before they are read: what a rule knows them by is gone, and they are out of reach all the same.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, leashCommand, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const WAYS = ['unlinked', 'replaced', 'second_name', 'of_a_thread', 'of_the_parent', 'restricted', 'own_program'];

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['read-removed']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    for (const [index] of WAYS.entries()) place.write(`v${index}.pem`, 'TOP SECRET\n', 0o600);
    attacks.put(place, 'read-removed');
    attacks.put(place, 'read-removed', 'program.pem');
  });
  afterEach(() => place.remove());

  it('read-removed', async () => {
    // What may be deleted may not be read.
    const policy = `${PERMISSIVE} forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.ext == "pem" };`;
    const closed = await runLeash(place, { policy, command: ['./read-removed'] });
    expect(closed.stdout.toString()).toBe(
      WAYS.map((way) => `${way} ${['of_the_parent', 'own_program'].includes(way) ? 'nothing' : 'EACCES'}\n`).join(''),
    );
  });

  it('read-removed, where nothing stands in the way', () => {
    const uid = as === 'user' ? 65534 : undefined;
    const { stdout } = spawnSync(path.join(place.workspace, 'read-removed'), {
      cwd: place.workspace,
      uid,
      encoding: 'utf8',
    });
    expect(stdout).toBe(WAYS.map((way) => `${way} secret\n`).join(''));
  });

  it('a file that is shown read-only, handed in as standard input, is not written by way of it', () => {
    // What lies in a folder of PATH is shown, whatever the policy permits.
    const file = place.write(path.join(place.home, 'bin/tool'), 'shown');
    const env = { ...place.environment, PATH: `${place.home}/bin:${place.environment['PATH']}` };
    const script =
      'cat; echo won >/proc/self/fd/0; echo won >>/dev/stdin; truncate -s 0 /dev/stdin; chmod 777 /dev/stdin';
    const run = (command: readonly string[]): string => {
      const [program = '', ...args] = command;
      const input = openSync(file, 'r');
      const { stdout } = spawnSync(program, args, { cwd: place.workspace, env, stdio: [input, 'pipe', 'pipe'] });
      closeSync(input);
      return stdout.toString();
    };
    expect(run(leashCommand(place, { policy: PERMISSIVE, command: ['sh', '-c', script] }))).toBe('shown');
    expect(readFileSync(file, 'utf8')).toBe('shown');
    expect(statSync(file).mode & 0o777).toBe(0o644);
    run(['sh', '-c', script]);
    expect(statSync(file).mode & 0o777).toBe(0o777);
  });

  it('what a process holds it may open again, with the rights it has', async () => {
    const script = `import os
def again(fd, flags):
    try:
        return os.read(os.open("/proc/self/fd/%d" % fd, flags), 9).decode()
    except OSError as error:
        return os.strerror(error.errno)
memory = os.memfd_create("memory")
os.write(memory, b"memory")
nameless = os.open(".", os.O_TMPFILE | os.O_RDWR)
os.write(nameless, b"nameless")
open("removed", "w").write("removed")
removed = os.open("removed", os.O_RDONLY)
os.unlink("removed")
print(again(memory, os.O_RDWR), again(nameless, os.O_RDONLY), again(removed, os.O_RDONLY), again(removed, os.O_RDWR), sep="\\n")`;
    const { stdout } = await runLeash(place, { policy: PERMISSIVE, command: ['python3', '-c', script] });
    expect(stdout.toString()).toBe('memory\nnameless\nremoved\nPermission denied\n');
  });
});
