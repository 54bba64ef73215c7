// A policy asks, and a person answers, or does not: what is held goes on, is refused, is interrupted or forgotten, and holds up nothing else.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event } from '../../src/schema/event.ts';
import { AskingSession, eventually } from '../fixtures/asking.ts';
import { Attacks } from '../fixtures/attacks.ts';
import { eventsOf, IDENTITIES, type LeashRequest, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

// A session starts in seconds on a busy machine, and a person answers in several.
vi.setConfig({ testTimeout: 180_000 });

const ask = (action: string, name: string): string =>
  `${PERMISSIVE} @id("ask") @ask("May it?") forbid(principal, action == Action::"${action}", resource) when { resource.name like "${name}" };`;
const ASK_READ = ask('FileOpenReadOnly', 'notes*');

let programs: Attacks;
beforeAll(() => {
  programs = new Attacks(['held']);
});
afterAll(() => programs.remove());

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let session: AskingSession | undefined;
  beforeEach(() => {
    place = new Place(as);
    place.write('notes.txt', 'text\n');
    place.write('other.txt', 'other\n');
    programs.put(place, 'held');
  });
  afterEach(async () => {
    session?.child.kill('SIGKILL');
    await session?.end;
    session = undefined;
    place.remove();
  });

  const start = (command: readonly string[], policy: string = ASK_READ, more: Partial<LeashRequest> = {}) => {
    session = new AskingSession(place, { policy, command, ...more });
    return session;
  };
  const asked = async (): Promise<readonly Event[]> =>
    (await eventsOf(place)).filter((event) => event.ask !== undefined);

  it('an open goes on when a person says so, and the journal says who did', async () => {
    const it = start(['cat', 'notes.txt']);
    const question = await it.question();
    expect(question).toMatchObject({
      who: { exe: '/usr/bin/cat', argv: ['cat', 'notes.txt'] },
      actions: ['FileOpenReadOnly'],
      resource: { type: 'path', path: path.join(place.workspace, 'notes.txt') },
      text: 'May it?',
      policies: ['ask'],
      waiting: 1,
    });
    await it.approve();
    const { status, stdout } = await it.end;
    expect([status, stdout.toString()]).toEqual([0, 'text\n']);
    const events = await asked();
    expect(events).toMatchObject([{ effect: 'allow', policies: ['ask'], ask: 'May it?', approval: { by: 'once' } }]);
    expect(events[0]?.approval?.waited).toBeGreaterThan(0);
  });

  it('an open fails when a person says no, and others ask again', async () => {
    const it = start(['sh', '-c', 'cat notes.txt; cat notes.txt']);
    await it.deny();
    await it.approve();
    const { stdout, stderr } = await it.end;
    expect(stdout.toString()).toBe('text\n');
    expect(stderr).toContain('notes.txt: Permission denied');
    expect(await asked()).toMatchObject([
      {
        effect: 'deny',
        enforced: true,
        reason: 'a person refused: May it?',
        error: 'EACCES',
        approval: { by: 'denied' },
      },
      { effect: 'allow', approval: { by: 'once' } },
    ]);
  });

  it('nobody answers in time', async () => {
    const { stderr } = await runLeash(place, {
      policy: ASK_READ,
      command: ['cat', 'notes.txt'],
      args: ['--ask-timeout', '1'],
    });
    expect(stderr).toContain('notes.txt: Permission denied');
    expect(stderr).toMatch(/leash: question [0-9a-z]{6}: May it\? \/usr\/bin\/cat \(pid \d+\): FileOpenReadOnly/);
    expect(await asked()).toMatchObject([{ effect: 'deny', approval: { by: 'timeout' } }]);
  });

  it('what is approved or refused for the session is asked once', async () => {
    const it = start(['sh', '-c', 'cat notes.txt notes.txt; cat notes.txt; head -1 notes.txt; head -1 notes.txt']);
    expect((await it.approve('session')).who?.exe).toBe('/usr/bin/cat');
    // Another program is another question.
    expect((await it.deny('session')).who?.exe).toBe('/usr/bin/head');
    const { stdout, stderr } = await it.end;
    expect(stdout.toString()).toBe('text\n'.repeat(3));
    expect(stderr.match(/head: .*Permission denied/g)).toHaveLength(2);
    expect((await asked()).map(({ approval }) => approval?.by)).toEqual([
      ...['session', 'session', 'session'],
      ...['denied', 'denied'],
    ]);
  });

  it('what is approved for always is not asked in the next session, until the policy or the word is changed', async () => {
    await start(['cat', 'notes.txt']).approve('always');
    await session?.end;
    const file = path.join(place.home, '.config/leash/approvals.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      v: 1,
      approvals: [{ agent: 'cat', exe: '/usr/bin/cat', action: 'FileOpenReadOnly' }],
    });
    const second = await runLeash(place, { policy: ASK_READ, command: ['cat', 'notes.txt'] });
    expect(second.stdout.toString()).toBe('text\n');
    expect(second.events.find((event) => event.ask !== undefined)).toMatchObject({ approval: { by: 'always' } });
    const edited = await runLeash(place, { policy: ASK_READ.replace('May', 'Might'), command: ['cat', 'notes.txt'] });
    expect(edited.stderr).toContain('Permission denied');
    const forgotten = await runLeash(place, { command: [], args: ['approvals', '--forget', 'all'] });
    expect(forgotten.stderr).toBe('leash: 1 approval taken back.\n');
    const third = await runLeash(place, { policy: ASK_READ, command: ['cat', 'notes.txt'] });
    expect(third.stderr).toContain('Permission denied');
  });

  it('a program starts when a person has seen its arguments', async () => {
    place.write('tool', '#!/bin/sh\necho "ran $1"\n', 0o755);
    const it = start(['sh', '-c', './tool one; ./tool two'], ask('ProcessExec', 'tool'));
    expect((await it.approve()).particulars).toEqual({ argv: ['./tool', 'one'] });
    expect((await it.deny()).particulars).toEqual({ argv: ['./tool', 'two'] });
    const { stdout, stderr } = await it.end;
    expect(stdout.toString()).toBe('ran one\n');
    expect(stderr).toMatch(/tool: Permission denied/);
    expect(await asked()).toMatchObject([
      { effect: 'allow', approval: { by: 'once' } },
      { effect: 'deny', approval: { by: 'denied' } },
    ]);
  });

  it('a program whose loader a person must let it read starts when they do', async () => {
    const policy = `${PERMISSIVE} @ask("May it?") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.path like "*/ld-linux-*" };`;
    const it = start(['sh', '-c', 'cat notes.txt; head -1 notes.txt'], policy);
    expect((await it.approve()).who?.exe).toBe('/run/leash/entry');
    const question = await it.question(({ who }) => who?.exe !== '/run/leash/entry');
    await it.rule(question, { effect: 'allow', scope: 'session' });
    const { stdout, stderr } = await it.end;
    expect([stdout.toString(), stderr]).toEqual(['text\ntext\n', expect.not.stringContaining('Killed')]);
  });

  it.each([
    ['a rename', ['mv', 'other.txt', 'final.txt'], 'FileRename'],
    ['a link', ['ln', 'other.txt', 'final.txt'], 'FileLink'],
    ['a removal', ['rm', 'final.txt'], 'FileDelete'],
    ['a new folder', ['mkdir', 'final.d'], 'FileCreate'],
    ['a change of mode', ['chmod', '600', 'final.txt'], 'FileSetAttr'],
  ])('%s is held', async (_what, command, action) => {
    if (action === 'FileDelete' || action === 'FileSetAttr') place.write('final.txt', 'x');
    const it = start(command, ask(action, 'final*'));
    expect((await it.approve()).actions).toEqual([action]);
    const { status, stderr } = await it.end;
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('ermission')]);
    const final = ['final.txt', 'final.d'].some((name) => existsSync(path.join(place.workspace, name)));
    expect(final).toBe(action !== 'FileDelete');
  });

  it('reading and writing at once is one question', async () => {
    const policy = `${PERMISSIVE} @ask("May it?") forbid(principal, action in [Action::"FileOpenReadOnly", Action::"FileWrite"], resource) when { resource.name == "notes.txt" };`;
    const it = start(['sh', '-c', 'exec 3<>notes.txt; cat <&3'], policy);
    expect((await it.approve()).actions).toEqual(['FileOpenReadOnly', 'FileWrite']);
    expect((await it.end).stdout.toString()).toBe('text\n');
  });

  it('messages that were sent are not sent again when the next one is asked about', async () => {
    const it = start(['./held', 'datagrams'], ask('FileWrite', 'notes.sock'));
    await it.approve('session');
    expect((await it.end).stdout.toString()).toBe('sent 1 and 1, received 1 and 1\n');
  });

  it('Ctrl-C ends what is held, and its question', async () => {
    const it = start(['cat', 'notes.txt']);
    await it.question();
    it.child.kill('SIGINT');
    expect((await it.end).status).toBe(130);
  });

  it('a killed process leaves no question', async () => {
    const it = start(['sh', '-c', 'cat notes.txt & read line; kill -9 $!; echo killed; read line'], ASK_READ);
    await it.question();
    it.child.stdin?.write('go\n');
    await it.silence();
    it.child.stdin?.end('go\n');
    expect((await it.end).stdout.toString()).toContain('killed');
    expect(await asked()).toMatchObject([{ effect: 'deny', approval: { by: 'withdrawn' } }]);
  });

  it('a handler without SA_RESTART ends the call with EINTR', async () => {
    const { stdout } = await start(['./held', 'interrupt']).end;
    expect(stdout.toString().split('\n').slice(-2)).toEqual(['EINTR', '']);
  });

  it('handlers run while a question is open, and the call finds it again', async () => {
    const it = start(['./held', 'restart']);
    const { id } = await it.question();
    await eventually('five signals', () => (it.stdout.match(/tick/g)?.length ?? 0) >= 5 || undefined);
    expect((await it.approve()).id).toBe(id);
    expect((await it.end).stdout.toString()).toMatch(/tick\nopened\n$/);
    expect(await asked()).toMatchObject([{ effect: 'allow', approval: { by: 'once' } }]);
  });

  it('a signal of the process is taken by a thread that is not its first', async () => {
    // Whether it was chosen for the signal cannot be seen, and the call must not be begun again by a thread that was not: EINTR.
    expect((await start(['./held', 'thread']).end).stdout.toString()).toMatch(/tick\nEINTR\n$/);
  });

  it('a thousand held calls are one question, and hold up no other', async () => {
    const it = start(['sh', '-c', './held crowd 1000 & read line; ./held others 10000; wait']);
    const question = await it.question(({ waiting }) => waiting === 1000);
    it.child.stdin?.end('go\n');
    await eventually('the others', () => it.stdout.includes('10000 others') || undefined);
    expect((await it.question()).waiting).toBe(1000);
    await it.rule(question, { effect: 'allow', scope: 'once' });
    expect((await it.end).stdout.toString()).toBe('10000 others\n1000 opened, 0 refused\n');
  });

  it('more questions than a person reads are refused, and counted', async () => {
    const it = start(['./held', 'flood', '100'], ask('FileCreate', 'notes-*'));
    await eventually('64 questions', async () => ((await it.questions()).length === 64 ? true : undefined));
    await eventually('refusals', async () => ((await asked()).length === 36 ? true : undefined));
    for (const question of await it.questions()) await it.rule(question, { effect: 'allow', scope: 'once' });
    expect((await it.end).stdout.toString()).toBe('64 made\n');
    expect((await asked()).filter(({ approval }) => approval?.by === 'flood')).toHaveLength(36);
  });

  it.each([
    ['permits', PERMISSIVE, 'text\n'],
    [
      'forbids',
      `${PERMISSIVE} forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name like "notes*" };`,
      '',
    ],
  ])('a policy that now %s answers what is held', async (_what, edited, stdout) => {
    const it = start(['cat', 'notes.txt']);
    await it.question();
    writeFileSync(path.join(place.root, 'policy.cedar'), edited);
    expect((await it.end).stdout.toString()).toBe(stdout);
  });

  it('another text of the question is another question', async () => {
    const it = start(['cat', 'notes.txt']);
    const first = await it.question();
    writeFileSync(path.join(place.root, 'policy.cedar'), ASK_READ.replace('May', 'Might'));
    const second = await it.question(({ text }) => text === 'Might it?');
    expect(second.id).not.toBe(first.id);
    await it.rule(second, { effect: 'allow', scope: 'once' });
    expect((await it.end).stdout.toString()).toBe('text\n');
  });
});
