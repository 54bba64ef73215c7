// $LEASH_DENIALS: the agent reads what was denied to it and why, and can do nothing else with it; and programs say something sensible.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { controllerHomes } from '../../src/host/cgroups.ts';
import { findProgram } from '../../src/host/doctor/find-program.ts';
import { THIS_HOST } from '../../src/host/doctor/host.ts';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, PERMISSIVE, Place, POLICY, runLeash } from '../fixtures/leash.ts';

/** Reads only what programs need; says nothing of /run. */
const STRICT = `
@id("read") permit(principal, action == Action::"FileOpenReadOnly", resource) unless { resource in Dir::"/run/" };
@id("dev") permit(principal, action in Action::"FileOpenReadWrite", resource in Dir::"/dev/");
@id("programs") permit(principal, action == Action::"ProcessExec", resource);
@id("no-forbidden") @reason("It is forbidden.")
forbid(principal, action in [Action::"FileOpen", Action::"ProcessExec"], resource) when { resource.path like "*/forbidden*" };
`;

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['crowd']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('the denials of %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  const shell = async (script: string, policy = STRICT, more: Partial<Parameters<typeof runLeash>[1]> = {}) =>
    (await runLeash(place, { policy, command: ['bash', '-c', script], args: ['-q'], ...more })).stdout.toString();

  it('tell what was denied, by what, and how to get it, under a policy that does not speak of them', async () => {
    place.write('forbidden.txt', 'x');
    const text = await shell('cat forbidden.txt; echo x >new; mount -t tmpfs none /mnt; cat "$LEASH_DENIALS"');
    const w = place.workspace;
    expect(text).toContain(
      `FileOpenReadOnly "${w}/forbidden.txt" denied (EACCES) by policy "no-forbidden": It is forbidden. No permit outweighs a forbid.`,
    );
    expect(text).toContain(
      `FileCreate "${w}/new" denied (EACCES): no policy permits it. To request it, ask the user to add to the policy: permit(`,
    );
    expect(text).toContain('SystemCall "mount" denied (EPERM) by Leash: ');
  });

  it('end when the user adds what they say', async () => {
    const script = 'echo x >new && cat new; cat "$LEASH_DENIALS"';
    const before = await shell(script);
    const statement = / add to the policy: (permit\(.*;)$/m.exec(before)?.[1] ?? '';
    expect(statement).not.toBe('');
    expect(await shell(script, STRICT + statement)).toMatch(/^x\n# What Leash denied[^\n]*\n$/);
  });

  it('may be forbidden by the user like any other file', async () => {
    const policy = `${STRICT} forbid(principal, action, resource == File::"/run/leash/denials");`;
    expect(await shell('cat "$LEASH_DENIALS" || echo refused', policy)).toBe('refused\n');
  });

  it.each([
    ['enforce', STRICT],
    ['enforce', PERMISSIVE],
    ['record', PERMISSIVE],
  ] as const)('cannot be written, replaced, hidden or changed in mode %s', async (mode, policy) => {
    place.write('lie', 'a lie\n');
    const attempts = [
      'echo lie >"$LEASH_DENIALS"',
      'echo lie >>"$LEASH_DENIALS"',
      'truncate -s 0 "$LEASH_DENIALS"',
      'rm -f "$LEASH_DENIALS"',
      'mv "$LEASH_DENIALS" /tmp/x',
      'cp -f lie "$LEASH_DENIALS"',
      'cp lie /run/lie; mv -f /run/lie "$LEASH_DENIALS"',
      'ln -sf "$PWD/lie" "$LEASH_DENIALS"',
      'mv -T /run/leash /run/elsewhere && mkdir /run/leash && cp lie /run/leash/denials',
      'mv -T /run /tmp/run',
      'chmod 666 "$LEASH_DENIALS" && echo lie >"$LEASH_DENIALS"',
      'mount --bind lie "$LEASH_DENIALS"',
      'exec 9<"$LEASH_DENIALS"; echo lie >/proc/self/fd/9',
      'exec 9<"$LEASH_DENIALS"; echo lie >/dev/fd/9',
      'cp lie /run/leash/more',
    ];
    const script = `${attempts.map((attempt) => `(${attempt})`).join(' 2>/dev/null; ')} 2>/dev/null
      echo; ls /run/leash; echo; cat "$LEASH_DENIALS"`;
    const { stdout, session } = await runLeash(place, { policy, mode, command: ['bash', '-c', script], args: ['-q'] });
    const kept = path.join(place.home, '.local/state/leash/sessions', session ?? '', 'denials');
    expect(stdout.toString()).not.toContain('a lie');
    expect(stdout.toString()).toContain('# What Leash denied');
    if (policy !== STRICT) expect(stdout.toString()).toContain('\nca-bundle.pem\nca.pem\ndenials\nentry\n');
    // The user has the same text.
    expect(existsSync(kept)).toBe(true);
    expect(readFileSync(kept, 'utf8')).toContain(stdout.toString().split('\n\n').at(-1)?.trimEnd() ?? '-');
  });

  it('hold no credentials', async () => {
    const env = { MY_TOKEN: 'correct-horse-battery' };
    const text = await shell('echo x >"forbidden-$MY_TOKEN"; cat "$LEASH_DENIALS"', STRICT, {
      args: ['-q', '-e', 'MY_TOKEN'],
      env,
    });
    expect(text).toContain('forbidden-[MY_TOKEN]');
    expect(text).not.toContain('correct-horse');
  });

  it('are told of limits, too', async () => {
    attacks.put(place, 'crowd');
    const crowd = './crowd processes 60 crowd </dev/null;';
    const isCounted = as === 'self' && controllerHomes(THIS_HOST).has('pids');
    const look = isCounted ? 'until grep ResourceLimit "$LEASH_DENIALS"; do sleep 0.1; done' : 'cat "$LEASH_DENIALS"';
    const text = await shell(`${crowd} ${look}`, STRICT, { args: ['-q', '--pids', '40'] });
    // Only a control group tells how often a process was refused.
    if (isCounted) expect(text).toMatch(/ ResourceLimit "pids" denied by Leash: the limit of 40 processes was met;/);
    else expect(text).toContain('# What Leash denied');
  });

  describe('programs say why', () => {
    const programs: readonly [program: string, script: string, said: RegExp][] = [
      ['cat', 'cat forbidden.txt', /cat: forbidden.txt: Permission denied/],
      ['sh', 'echo x >forbidden.new', /forbidden.new: Permission denied/],
      ['cp', 'cp ok forbidden.copy', /cannot create regular file 'forbidden.copy': Permission denied/],
      ['rm', 'rm -f forbidden.txt', /cannot remove 'forbidden.txt': Permission denied/],
      ['mkdir', 'mkdir forbidden.d', /cannot create directory .forbidden.d.: Permission denied/],
      ['touch', 'touch forbidden.txt', /cannot touch 'forbidden.txt': Permission denied/],
      ['chmod', 'chmod 600 forbidden.txt', /changing permissions of 'forbidden.txt': Permission denied/],
      ['ln', 'ln -s ok forbidden.link', /failed to create symbolic link 'forbidden.link': Permission denied/],
      ['bash', './forbidden.sh', /forbidden.sh: Permission denied/],
      [
        'python3',
        'python3 -c "open(\'forbidden.txt\')"',
        /PermissionError: \[Errno 13\] Permission denied: 'forbidden.txt'/,
      ],
      ['node', 'node -e "fs.readFileSync(\'forbidden.txt\')"', /EACCES: permission denied, open 'forbidden.txt'/],
      ['git', 'git init -q . && git hash-object forbidden.txt', /forbidden.txt.*: Permission denied/],
      ['mount', 'mount -t tmpfs none /mnt', /must be superuser|permission denied/],
      ['strace', 'strace true', /Operation not permitted/],
      ['curl', 'curl -sS http://192.0.2.1/', /Couldn't connect to server|Permission denied/],
      [
        'python3',
        'python3 -c "import socket; socket.create_connection((\'192.0.2.1\', 80))"',
        /PermissionError: \[Errno 13\]/,
      ],
      ['node', 'node -e "net.connect(80, \'192.0.2.1\')"', /connect EACCES 192.0.2.1:80/],
      ['curl', 'curl -sS http://name.example/', /Could not resolve host: name.example/],
      ['git', 'git ls-remote http://name.example/x', /Could not resolve host: name.example/],
    ];
    it.each(programs)('%s: %s', async (program, script, said) => {
      if (findProgram(program, place.environment) === undefined) return;
      place.write('forbidden.txt', 'x');
      place.write('forbidden.sh', '#!/bin/sh\n', 0o755);
      place.write('ok', 'x');
      const policy = `${POLICY.replace('resource.name like "forbidden*"', 'resource.name like "forbidden.*"')}`;
      const { status, stderr } = await runLeash(place, { policy, command: ['bash', '-c', script], args: ['-q'] });
      expect(stderr).toMatch(said);
      expect(status).not.toBe(0);
    });
  });
});
