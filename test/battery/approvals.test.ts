// Ways to get a person's approval without the person, or for something else. Each works where nothing stands in its way, and none in a session.
import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AskingSession, eventually } from '../fixtures/asking.ts';
import { Attacks } from '../fixtures/attacks.ts';
import { eventsOf, IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

// A session starts in seconds on a busy machine, and a person answers in several.
vi.setConfig({ testTimeout: 180_000 });

const SECRET = 'TOP SECRET\n';
const ASK = `${PERMISSIVE}
@id("ask") @ask("May it?") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name == "notes.txt" || resource.name == "secret.txt" };
@id("ask-tool") @ask("Run it?") forbid(principal, action == Action::"ProcessExec", resource) when { resource.name == "tool" };`;

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['change-held']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let session: AskingSession | undefined;
  beforeEach(() => {
    place = new Place(as);
    place.write('notes.txt', 'text\n');
    place.write('vault/secret.txt', SECRET);
    place.write('tool', '#!/bin/sh\necho "ran $1"\n', 0o755);
    place.link('notes.txt', 'link');
    attacks.put(place, 'change-held');
  });
  afterEach(async () => {
    session?.child.kill('SIGKILL');
    await session?.end;
    session = undefined;
    place.remove();
  });
  const start = (command: readonly string[], policy = ASK): AskingSession => {
    session = new AskingSession(place, { policy, command });
    return session;
  };
  /** Lets the attack go on when the question is open, and waits until it has changed what was asked about. */
  const change = async (): Promise<void> => {
    place.write('go', '');
    await eventually('the change', () => existsSync(path.join(place.workspace, 'changed')) || undefined);
  };

  it('reaches the door of its session', async () => {
    const knock = 'curl -s --max-time 5 --unix-socket "$1" http://leash/v1/questions';
    const state = path.join(place.home, '.local/state/leash');
    const ways = `
      cat notes.txt &
      read socket
      for way in "$socket" "/proc/self/root$socket" "/proc/1/root$socket" "/proc/1/cwd/../../$socket"; do set -- "$way"; ${knock} && echo; done
      ls -a ${state} ${state}/sessions 2>/dev/null
      find / -name door.sock 2>/dev/null
      kill %1`;
    const it = start(['bash', '-c', ways]);
    await it.question();
    const socket = path.join(it.dir ?? '', 'door.sock');
    // Outside, whoever is the user gets in: the attack itself works.
    expect(execFileSync('sh', ['-c', knock, 'sh', socket], { encoding: 'utf8' })).toContain('"text":"May it?"');
    it.child.stdin?.end(`${socket}\n`);
    const { stdout } = await it.end;
    expect(stdout.toString()).not.toMatch(/question|door\.sock|sessions|\d{8}-/);
  });

  it('brings approvals of its own', async () => {
    const first = start(['cat', 'notes.txt']);
    await first.approve('always');
    await first.end;
    const file = path.join(place.home, '.config/leash/approvals.json');
    const kept = execFileSync('cat', [file], { encoding: 'utf8' });
    // Where the user keeps it, it counts: the attack itself works.
    const control = await runLeash(place, { policy: ASK, command: ['cat', 'notes.txt'] });
    expect(control.stdout.toString()).toBe('text\n');
    execFileSync('rm', [file]);
    for (const name of [
      'approvals.json',
      '.leash/approvals.json',
      '.config/leash/approvals.json',
      'leash/approvals.json',
    ])
      place.write(name, kept);
    const plant = `mkdir -p "$HOME/.config/leash"; cp approvals.json "$HOME/.config/leash/"; exec cat notes.txt`;
    for (const command of [
      ['cat', 'notes.txt'],
      ['sh', '-c', plant],
      ['cat', 'notes.txt'],
    ]) {
      const { stdout, stderr } = await runLeash(place, { policy: ASK, command });
      expect([stdout.toString(), stderr]).toEqual(['', expect.stringContaining('notes.txt: Permission denied')]);
    }
    expect(existsSync(file)).toBe(false);
  });

  it('changes the link while the person thinks', async () => {
    symlinkSync('vault/secret.txt', path.join(place.workspace, 'control'));
    const control = await runLeash(place, { policy: PERMISSIVE, command: ['cat', 'control'] });
    expect(control.stdout.toString()).toBe(SECRET);
    const it = start(['./change-held', 'link']);
    const question = await it.question();
    expect(question.resource).toMatchObject({ path: path.join(place.workspace, 'notes.txt') });
    await change();
    await it.rule(question, { effect: 'allow', scope: 'session' });
    // What is reached now was not approved.
    const second = await it.deny();
    expect(second.resource).toMatchObject({ path: path.join(place.workspace, 'vault/secret.txt') });
    expect((await it.end).stdout.toString()).toBe('EACCES\n');
  });

  it('changes the arguments while the person thinks', async () => {
    place.write('go', '');
    const control = await runLeash(place, { policy: PERMISSIVE, command: ['sh', '-c', './tool danger'] });
    expect(control.stdout.toString()).toBe('ran danger\n');
    execFileSync('rm', [path.join(place.workspace, 'go')]);
    const it = start(['./change-held', 'argument']);
    const question = await it.question();
    expect(question.particulars).toEqual({ argv: ['./tool', 'gentle'] });
    await change();
    await it.rule(question, { effect: 'allow', scope: 'session' });
    const second = await it.deny();
    expect(second.particulars).toEqual({ argv: ['./tool', 'danger'] });
    expect((await it.end).stdout.toString()).toBe('EACCES\n');
  });

  it('drives the terminal by what it asks for', async () => {
    const name = 'notes\u001b[2J\u001b]0;owned\u0007\nleash: approved\r\u009b1A\u202etxt';
    const policy = `${PERMISSIVE} @ask("May it?") forbid(principal, action == Action::"FileCreate", resource) when { resource.name like "notes*" };`;
    // Without a question the name gets there: the attack itself works.
    await runLeash(place, { policy: PERMISSIVE, command: ['touch', name] });
    expect(existsSync(path.join(place.workspace, name))).toBe(true);
    execFileSync('rm', [path.join(place.workspace, name)]);
    const it = start(['touch', name], policy);
    await it.question();
    for (const args of [['approvals'], ['approvals', '--json']]) {
      const { stdout, stderr } = await runLeash(place, { command: [], args });
      expect(stdout.toString()).toContain('owned');
      expect(`${stdout.toString()}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    await it.deny();
    const { stderr } = await it.end;
    expect(stderr.split('\n').find((line) => line.startsWith('leash: question'))).toMatch(/owned.*leash deny/);
    expect(stderr).not.toMatch(/^leash: approved/m);
  });

  it('asks for what is forbidden', async () => {
    const policy = `${ASK} @id("never") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.path like "*/vault/*" };`;
    const { stderr, events } = await runLeash(place, {
      policy,
      command: ['cat', 'vault/secret.txt'],
      args: ['--ask-timeout', '600'],
    });
    expect(stderr).toContain('Permission denied');
    const denial = events.find(({ resource }) => 'path' in resource && resource.path.endsWith('secret.txt'));
    expect(denial).toMatchObject({ effect: 'deny', policies: ['never'] });
    expect(denial).not.toHaveProperty('ask');
    // Alone, the policy that asks lets a person allow it: the attack itself works.
    const it = start(['cat', 'vault/secret.txt']);
    await it.approve();
    expect((await it.end).stdout.toString()).toBe(SECRET);
    expect((await eventsOf(place)).some(({ approval }) => approval?.by === 'once')).toBe(true);
  });
});
