// A program that a rule knows by its content, under other names, from other places, and exchanged while it is judged: it never runs.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { finished, IDENTITIES, PERMISSIVE, Place, runLeash, startLeash } from '../fixtures/leash.ts';

const SECRET = 'TOP SECRET\n';

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['race-content', 'leave-mark', 'exit-quietly', 'print-secret']);
});
afterAll(() => attacks.remove());

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

const forbidContent = (sha256: string): string => `${PERMISSIVE}
  @id("content") @reason("By its content.")
  forbid(principal, action == Action::"ProcessExec", resource) when { context has sha256 && context.sha256 == "${sha256}" };`;

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('vault/secret.txt', SECRET, 0o644);
  });
  afterEach(() => place.remove());

  const output = async (policy: string, script: string): Promise<string> => {
    const command = ['sh', '-c', script];
    return (await runLeash(place, { policy, command, journal: false })).stdout.toString();
  };

  it.each([
    ['a copy', 'cp tool other; ./other'],
    ['a renamed file', 'mv tool other; ./other'],
    ['a hard link', 'ln tool other; ./other'],
    ['a symbolic link', 'ln -s tool other; ./other'],
    ['a copy that may not be read', 'cp tool other; chmod 111 other; ./other'],
    ['a copy in another folder', 'mkdir -p a/b; cp tool a/b/c; a/b/c'],
    ['a copy in the private temporary folder', 'cp tool /tmp/other; /tmp/other'],
    ['the interpreter of a script', 'cp tool other; printf "#!$PWD/other\\n" >script; chmod +x script; ./script'],
    ['a background process', 'cp tool other; (setsid ./other & wait)'],
  ])('%s', async (_what, script) => {
    attacks.put(place, 'leave-mark', 'tool');
    const marked = `${script}; test -e won && echo won`;
    const tool = hashOf(path.join(place.workspace, 'tool'));
    expect(await output(forbidContent(tool), marked)).toBe('');
    expect(existsSync(path.join(place.workspace, 'won'))).toBe(false);
    // Where another content is forbidden it runs; but what cannot be read cannot be told from what is forbidden.
    const readable = !script.includes('chmod 111');
    await place.write(
      'tool',
      readFileSync(path.join(place.workspace, existsSync(path.join(place.workspace, 'tool')) ? 'tool' : 'other')),
      0o755,
    );
    expect(await output(forbidContent('0'.repeat(64)), `rm -f other script; ${marked}`)).toBe(readable ? 'won\n' : '');
  });

  it('a denial by content names the policy and tells the agent nothing more', async () => {
    attacks.put(place, 'leave-mark', 'tool');
    const policy = forbidContent(hashOf(path.join(place.workspace, 'tool')));
    const { events } = await runLeash(place, { policy, command: ['sh', '-c', 'cp tool other; ./other; true'] });
    expect(events.find(({ effect }) => effect === 'deny')).toMatchObject({
      action: 'ProcessExec',
      resource: { path: path.join(place.workspace, 'other') },
      policies: ['content'],
      reason: 'By its content.',
      error: 'EACCES',
    });
  });

  it('the calling program is known by its content, also what it forks', async () => {
    const cat = hashOf('/bin/cat');
    const policy = `${PERMISSIVE} forbid(principal, action in Action::"FileOpen", resource)
      when { resource.path like "*/vault/*" && context.proc has sha256 && context.proc.sha256 == "${cat}" };`;
    expect(await output(policy, 'cp /bin/cat other; ./other vault/secret.txt; cat vault/secret.txt')).toBe('');
    expect(await output(policy, 'read -r line <vault/secret.txt; echo "$line"')).toBe(SECRET);
  });

  it('a program that runs when a rule about its content comes into force is under it', async () => {
    place.write('data', 'x\n');
    // The shell itself reads, and started before anybody asked for its content.
    const watch = `was=; while ! test -e stop; do if read -r line <data; then is=open; else is=closed; fi 2>/dev/null
      test "$is" = "$was" || echo $is; was=$is; done`;
    const leash = startLeash(place, { policy: PERMISSIVE, command: ['sh', '-c', watch] });
    try {
      let text = '';
      leash.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const end = finished(leash);
      await expect.poll(() => text, { timeout: 50_000 }).toBe('open\n');
      const forbid = (
        sha256: string,
      ) => `${PERMISSIVE} forbid(principal, action == Action::"FileOpenReadOnly", resource)
        when { resource.name == "data" && context.proc has sha256 && context.proc.sha256 == "${sha256}" };`;
      writeFileSync(path.join(place.root, 'policy.cedar'), forbid(hashOf('/bin/sh')));
      await expect.poll(() => text, { timeout: 50_000 }).toBe('open\nclosed\n');
      writeFileSync(path.join(place.root, 'policy.cedar'), forbid(hashOf('/bin/cat')));
      await expect.poll(() => text, { timeout: 50_000 }).toBe('open\nclosed\nopen\n');
      place.write('stop', '');
      expect((await end).status).toBe(0);
    } finally {
      leash.kill('SIGKILL');
    }
  });

  it('a script has no content of its own', async () => {
    place.write('script', '#!/bin/sh\necho ran\n', 0o755);
    expect(await output(forbidContent(hashOf(path.join(place.workspace, 'script'))), './script')).toBe('ran\n');
    expect(await output(forbidContent(hashOf('/bin/sh')), './script')).toBe('');
  });

  it('only programs of known content, where no other is permitted', async () => {
    attacks.put(place, 'leave-mark', 'tool');
    const known = ['/bin/sh', '/bin/true'].map((file) => `"${hashOf(file)}"`).join();
    const policy = `permit(principal, action in Action::"FileOpen", resource);
      permit(principal, action == Action::"ProcessExec", resource) when { context has sha256 && [${known}].contains(context.sha256) };`;
    expect(await output(policy, '/bin/true && echo true; ./tool; test -e won && echo won')).toBe('true\n');
  });

  it.each(['write', 'rename', 'map'])('content exchanged by %s while it is judged', async (how) => {
    attacks.put(place, 'race-content');
    for (const [name, file] of [
      ['exit-quietly', 'harmless'],
      ['leave-mark', 'forbidden'],
    ] as const)
      attacks.put(place, name, file);
    const files = ['harmless', 'forbidden'].map((name) => path.join(place.workspace, name));
    const longest = Math.max(...files.map((file) => readFileSync(file).length));
    for (const file of files) {
      const content = readFileSync(file);
      place.write(file, Buffer.concat([content, Buffer.alloc(longest - content.length)]), 0o755);
    }
    const race = async (policy: string, seconds: string): Promise<Record<'harmless' | 'denied' | 'won', number>> => {
      const command = ['./race-content', seconds, how, './harmless', './forbidden'];
      const { stdout, stderr } = await runLeash(place, { policy, command, journal: false });
      expect(stdout.toString(), stderr).toMatch(/^\{.*\}\n$/);
      return JSON.parse(stdout.toString()) as Record<'harmless' | 'denied' | 'won', number>;
    };
    expect((await race(PERMISSIVE, '1')).won).toBeGreaterThan(0);
    const score = await race(forbidContent(hashOf(files[1] as string)), '3');
    expect(score.won).toBe(0);
    expect(score.denied).toBeGreaterThan(0);
    expect(score.harmless).toBeGreaterThan(0);
  });
});
