// A rule about the program that asks, in a running session: decided without the manager, and anew when the policy is edited.
import type { ChildProcess } from 'node:child_process';
import { realpathSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finished, IDENTITIES, PERMISSIVE, Place, startLeash } from '../fixtures/leash.ts';

const [SHELL, HEAD] = ['sh', 'head'].map((name) => realpathSync(`/usr/bin/${name}`));

/** Everything but `data` is open to all, `data` to one program. */
function onlyFor(exe: string | undefined): string {
  return `${PERMISSIVE} @id("one-program")
    forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name == "data" }
    unless { context.proc.exe == File::${JSON.stringify(exe)} };`;
}

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    place = new Place(as);
    place.write('data', 'x\n');
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    place.remove();
  });

  /** Starts a script; `said` resolves when its output so far matches. */
  const start = (policy: string, script: string) => {
    const started = startLeash(place, { policy, command: ['sh', '-c', script] });
    child = started;
    let text = '';
    started.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const said = (pattern: RegExp) => expect.poll(() => text, { timeout: 50_000 }).toMatch(pattern);
    return { started, said, end: finished(started) };
  };

  it('nobody but the warden is asked', async () => {
    // The manager stands still while the agent reads: a question to it would never be answered.
    const script =
      'echo ready; read go; head data >/dev/null 2>&1 || echo refused; read line <data && echo "read $line"';
    const { started, said, end } = start(onlyFor(SHELL), script);
    await said(/ready/);
    started.kill('SIGSTOP');
    started.stdin?.write('go\n');
    await said(/refused\nread x/);
    started.kill('SIGCONT');
    started.stdin?.end();
    expect((await end).status).toBe(0);
  });

  it('an edit changes which program may, also for a process that runs already', async () => {
    const watch = `was=; while ! test -e stop; do
      if read line <data; then is=shell; else is=; fi; if head data; then is=$is,head; fi
      test "$is" = "$was" || echo "may: $is" >&3; was=$is; done 3>&1 >/dev/null 2>&1`;
    const { said, end } = start(onlyFor(SHELL), watch);
    const edit = (text: string): void => {
      const file = path.join(place.root, 'policy.cedar');
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    };
    await said(/may: shell\n$/);
    edit(onlyFor(HEAD));
    await said(/may: ,head\n$/);
    edit(PERMISSIVE);
    await said(/may: shell,head\n$/);
    edit(onlyFor(SHELL));
    await said(/may: shell,head\n(.*\n)*may: shell\n$/);
    place.write('stop', '');
    expect((await end).status).toBe(0);
  });
});
