// A rule for one program: the ways another program has to be taken for it. Each leads to the file where no rule stands, and none where one does.
import { existsSync, readdirSync, realpathSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const SECRET = 'TOP SECRET\n';
const CAT = realpathSync('/usr/bin/cat');
/** The dynamic loader of the processors Leash runs on. */
const LOADER = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'].find(existsSync) ?? '';

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['borrow-class', 'race-class', 'run-on']);
});
afterAll(() => attacks.remove());

/** Only the program at `exe` may read the vault or make anything in it; nobody changes `bin`. */
function onlyFor(exe: string): string {
  return `${PERMISSIVE}
    @id("one-program") forbid(principal, action in [Action::"FileOpenReadOnly", Action::"FileCreate"], resource) when { resource.path like "*/vault/*" }
    unless { context.proc.exe == File::${JSON.stringify(exe)} };
    @id("no-bin") forbid(principal, action in Action::"FileOpenReadWrite", resource) when { resource.path like "*/bin/*" };`;
}

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('vault/secret.txt', SECRET, 0o600);
    attacks.put(place, 'run-on', 'bin/trusted');
  });
  afterEach(() => place.remove());

  it('borrow-class', async () => {
    const trusted = path.join(place.workspace, 'bin/trusted');
    const outcomes = async (policy: string): Promise<Record<string, string>> => {
      attacks.put(place, 'borrow-class');
      const command = ['./borrow-class', 'vault/secret.txt', trusted];
      const { stdout } = await runLeash(place, { policy, command });
      const lines = stdout.toString().trimEnd().split('\n');
      return Object.fromEntries(lines.map((line) => line.split(' ', 2) as [string, string]));
    };
    // The kernel itself lets nobody without a capability name another executable.
    const open = await outcomes(PERMISSIVE);
    expect(Object.keys(open)).toHaveLength(6);
    for (const [way, outcome] of Object.entries(open))
      expect([way, outcome]).toEqual([way, way === 'exe_file' ? 'EPERM' : 'secret']);
    const closed = await outcomes(onlyFor(trusted));
    expect(closed).toEqual({
      as_itself: 'EACCES',
      exe_file: 'EPERM',
      memory_map: 'EACCES',
      named_alike: 'EACCES',
      child_of_renamed: 'nothing',
      without_file: 'EACCES',
    });
  });

  it('a call on its way when another thread becomes the program', async () => {
    const trusted = path.join(place.workspace, 'bin/trusted');
    attacks.put(place, 'race-class');
    const attack = async (policy: string, seconds: string): Promise<Record<string, number>> => {
      const command = ['./race-class', seconds, 'vault/made', trusted];
      const { stdout, stderr } = await runLeash(place, { policy, command, journal: false });
      expect(stdout.toString(), stderr).toMatch(/^\{.*\}\n$/);
      return JSON.parse(stdout.toString()) as Record<string, number>;
    };
    expect((await attack(PERMISSIVE, '1'))['won']).toBeGreaterThan(0);
    rmdirSync(path.join(place.workspace, 'vault/made'));
    const score = await attack(onlyFor(trusted), '4');
    expect(score['won']).toBe(0);
    expect(score['denied']).toBeGreaterThan(0);
    expect(score['harmless']).toBeGreaterThan(0);
  });

  it.each([
    ['a copy of it under its name', `cp ${CAT} cat && ./cat vault/secret.txt`],
    ['a link to it', `ln -s ${CAT} cat && ./cat vault/secret.txt`, 'is the program itself'],
    ['the loader asked to run it', `${LOADER} ${CAT} vault/secret.txt`],
    [
      'a script under its name',
      `printf '#!/bin/sh\\nread x <"$1" && echo "$x"' >cat && chmod +x cat && ./cat vault/secret.txt`,
    ],
    ['a shell that says it is it', `exec -a ${CAT} bash -c 'read x <vault/secret.txt && echo "$x"'`],
    ['the file moved to where all may read', `mv vault/secret.txt out; head out`],
    ['its folder moved', 'mv -T vault open && head open/secret.txt'],
    ['a second name for it', 'ln vault/secret.txt out && head out'],
  ])('%s', async (_way, attack, isIt?: string) => {
    const run = async (policy: string): Promise<string> => {
      const { stdout } = await runLeash(place, { policy, command: ['bash', '-c', attack] });
      return stdout.toString();
    };
    expect(await run(onlyFor(CAT))).toBe(isIt === undefined ? '' : SECRET);
    expect(readdirSync(path.join(place.workspace, 'vault'))).toEqual(['secret.txt']);
    const again = new Place(as);
    try {
      again.write('vault/secret.txt', SECRET, 0o600);
      const { stdout } = await runLeash(again, { policy: PERMISSIVE, command: ['bash', '-c', attack] });
      expect(stdout.toString()).toBe(SECRET);
    } finally {
      again.remove();
    }
  });

  it('the program itself reads it', async () => {
    const command = ['sh', '-c', 'cat vault/secret.txt; head vault/secret.txt'];
    const { stdout } = await runLeash(place, { policy: onlyFor(CAT), command });
    expect(stdout.toString()).toBe(SECRET);
  });

  it('the program itself does not move it to where others could read it', async () => {
    place.write('plain/file', 'x');
    const attempts = [
      ['vault', 'open'],
      ['vault/secret.txt', 'open'],
      ['plain', 'moved'],
      ['vault/secret.txt', 'vault/renamed'],
    ];
    const script = `for (const [from, to] of ${JSON.stringify(attempts)}) {
      try { fs.renameSync(from, to); console.log('done'); } catch (error) { console.log(error.code); }
    }`;
    const policy = onlyFor(realpathSync(process.execPath));
    const { stdout } = await runLeash(place, { policy, command: [process.execPath, '-e', script] });
    expect(stdout.toString()).toBe('EXDEV\nEXDEV\ndone\ndone\n');
  });
});
