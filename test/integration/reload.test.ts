// The policy is edited while the agent works: the edit holds from then on, a broken one changes nothing, and the agent itself edits nothing.
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf, finished, IDENTITIES, PERMISSIVE, Place, runLeash, startLeash } from '../fixtures/leash.ts';

const CLOSED = `${PERMISSIVE} @id("closed") forbid(principal, action in Action::"FileOpen", resource) when { resource.name == "data" };`;
/** Says once what it sees, and again whenever that changes; ends when the file "stop" appears. */
const WATCH = `was=; while ! test -e stop; do if cat data >/dev/null 2>&1; then is=open; else is=closed; fi; test "$is" = "$was" || echo $is; was=$is; done`;

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let child: ChildProcess | undefined;
  let policy: string;
  beforeEach(() => {
    place = new Place(as);
    place.write('data', 'x');
    policy = path.join(place.root, 'policy.cedar');
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    place.remove();
  });

  /** Starts the watcher; `said` resolves when the text was printed on either stream. */
  const watch = () => {
    const started = startLeash(place, { policy: PERMISSIVE, command: ['sh', '-c', WATCH] });
    child = started;
    let text = '';
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const said = (pattern: RegExp) => expect.poll(() => text, { timeout: 50_000 }).toMatch(pattern);
    return { said, end: finished(started) };
  };

  it('an edit is in force at once, and so is its undoing', async () => {
    const { said, end } = watch();
    await said(/open/);
    writeFileSync(policy, CLOSED);
    await said(/closed/);
    // An editor writes a new file and moves it there.
    writeFileSync(`${policy}.new`, PERMISSIVE);
    renameSync(`${policy}.new`, policy);
    await said(/closed[\s\S]*open/);
    place.write('stop', '');
    expect((await end).status).toBe(0);
    const events = await eventsOf(place);
    expect(events.filter(({ action }) => action === 'PolicyLoad').map(({ epoch }) => epoch)).toEqual([2, 3]);
    const reads = events.filter(({ resource }) => 'path' in resource && resource.path.endsWith('/data'));
    for (const { effect, epoch, policies } of reads) {
      expect([epoch, effect]).toEqual([epoch, epoch === 2 ? 'deny' : 'allow']);
      if (epoch === 2) expect(policies).toEqual(['closed']);
    }
    expect(new Set(reads.map(({ epoch }) => epoch))).toEqual(new Set([1, 2, 3]));
  });

  it('a broken edit leaves the set in force and says line and column', async () => {
    const { said, end } = watch();
    await said(/open/);
    writeFileSync(policy, `${CLOSED}\nforbid(principal, action, resource`);
    await said(/LEASH_POLICY_INVALID: [\s\S]*policy\.cedar:\d+:\d+/);
    rmSync(policy);
    await said(/LEASH_POLICY_READ/);
    place.write('stop', '');
    const { stdout, status } = await end;
    expect([status, stdout.toString()]).toEqual([0, 'open\n']);
  });

  it('the agent cannot edit, replace or move the policy that lies in its workspace', async () => {
    const file = place.write('rules/policy.cedar', PERMISSIVE);
    const script = `cd rules; echo x >policy.cedar; echo x >>policy.cedar; rm -f policy.cedar; mv policy.cedar other; echo x >new; mv -f new policy.cedar; ln -f new policy.cedar
      ln policy.cedar alias && echo x >alias; chmod 777 policy.cedar; truncate -s 0 policy.cedar; cd ..; mv -T rules gone; rm -rf rules; cat rules/policy.cedar`;
    const { stdout } = await runLeash(place, { command: ['sh', '-c', script], args: ['--policy', file] });
    expect(readFileSync(file, 'utf8')).toBe(PERMISSIVE);
    expect(stdout.toString()).toBe(PERMISSIVE);
    expect(
      existsSync(path.join(place.workspace, 'gone/policy.cedar')) &&
        readFileSync(path.join(place.workspace, 'gone/policy.cedar'), 'utf8') !== PERMISSIVE,
    ).toBe(false);
  });
});
