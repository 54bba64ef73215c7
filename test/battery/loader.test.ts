// Programs that a dynamic loader is told to run: the kernel sees the loader only, Leash judges the program.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const SECRET = 'TOP SECRET\n';
/** The dynamic loader of the processors Leash runs on. */
const LOADER = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'].find(existsSync) ?? '';

const POLICY = `${PERMISSIVE}
  @id("no-program") forbid(principal, action == Action::"ProcessExec", resource) when { resource.name like "forbidden*" };`;

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('secret.txt', SECRET);
    place.write('forbidden', readFileSync('/bin/cat'), 0o755);
    place.write('permitted', readFileSync('/bin/cat'), 0o755);
  });
  afterEach(() => place.remove());

  const output = async (policy: string, script: string): Promise<string> =>
    (await runLeash(place, { policy, command: ['bash', '-c', script] })).stdout.toString();

  it.each([
    ['by its path', `${LOADER} ./forbidden secret.txt`],
    ['by an absolute path', `${LOADER} $PWD/forbidden secret.txt`],
    ['by a link', `ln -s forbidden link; ${LOADER} ./link secret.txt`],
    ['by a second name in another folder', `mkdir d; ln forbidden d/forbidden2; ${LOADER} d/forbidden2 secret.txt`],
    ['by a descriptor', `exec 9<forbidden; ${LOADER} /proc/self/fd/9 secret.txt`],
    ['with options of the loader', `${LOADER} --inhibit-cache --argv0 cat ./forbidden secret.txt`],
    ['by a copy of the loader', `cp ${LOADER} innocent; ./innocent ./forbidden secret.txt`],
    ['by a loader that cannot be read', `cp ${LOADER} innocent; chmod 111 innocent; ./innocent ./forbidden secret.txt`],
    [
      'as the interpreter of a script',
      `printf '#!${LOADER} ./forbidden\\n' >script; chmod +x script; cp secret.txt 'script.txt'; ./script secret.txt | grep -v '^#!'`,
    ],
    ['by a child of the loader', `${LOADER} /bin/bash -c '${LOADER} ./forbidden secret.txt'`],
  ])('%s', async (_way, script) => {
    expect(await output(POLICY, script)).not.toContain(SECRET);
    const again = new Place(as);
    try {
      for (const name of ['forbidden', 'secret.txt'])
        again.write(name, readFileSync(path.join(place.workspace, name)), 0o755);
      const { stdout } = await runLeash(again, { policy: PERMISSIVE, command: ['bash', '-c', script] });
      // An ordinary user cannot tell what an unreadable program is: it does not run at all.
      if (!script.includes('chmod 111') || as === 'self') expect(stdout.toString()).toContain(SECRET);
    } finally {
      again.remove();
    }
  });

  it('a program without a path of its own', async () => {
    const script = `cp permitted gone; exec 9<gone; rm gone; ${LOADER} /proc/self/fd/9 secret.txt`;
    expect(await output(POLICY, script)).toBe('');
    expect(await output(PERMISSIVE, script.replace('; rm gone', ''))).toBe(SECRET);
  });

  it('what is not forbidden runs, and is recorded as executed', async () => {
    const { stdout, events } = await runLeash(place, {
      policy: POLICY,
      command: ['sh', '-c', `${LOADER} ./permitted secret.txt; ${LOADER} ./forbidden secret.txt; ldd ./permitted >ldd`],
    });
    expect(stdout.toString()).toBe(SECRET);
    expect(readFileSync(path.join(place.workspace, 'ldd'), 'utf8')).toContain('libc.so.6');
    const executed = events.filter(({ action, who }) => action === 'ProcessExec' && who?.exe === realpathSync(LOADER));
    const named = (name: string) =>
      executed.find(({ resource }) => 'path' in resource && resource.path === path.join(place.workspace, name));
    expect(named('permitted')).toMatchObject({ effect: 'allow' });
    expect(named('forbidden')).toMatchObject({ effect: 'deny', policies: ['no-program'], error: 'EACCES' });
    // Libraries are read, not executed.
    expect(executed.some(({ resource }) => 'path' in resource && resource.path.includes('libc.so'))).toBe(false);
  });

  it('a rule about content knows the program', async () => {
    const sha256 = createHash('sha256').update(readFileSync('/bin/cat')).digest('hex');
    const policy = (digest: string) =>
      `${PERMISSIVE} forbid(principal, action == Action::"ProcessExec", resource) when { context has sha256 && context.sha256 == "${digest}" };`;
    expect(await output(policy(sha256), `${LOADER} /bin/cat secret.txt`)).toBe('');
    // A digest of what may be written while it is read would hold nothing: not the user's own, and of root nothing.
    expect(await output(policy('0'.repeat(64)), `${LOADER} ./permitted secret.txt`)).toBe('');
    if (as === 'user') expect(await output(policy('0'.repeat(64)), `${LOADER} /bin/cat secret.txt`)).toBe(SECRET);
  });
});
