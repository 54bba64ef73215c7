// Questions answered as a person answers them, with the commands of leash; and those about connections, requests and names.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event } from '../../src/schema/event.ts';
import { AskingSession } from '../fixtures/asking.ts';
import { eventsOf, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

// A session starts in seconds on a busy machine, and a person answers in several.
vi.setConfig({ testTimeout: 180_000 });

let place: Place;
let session: AskingSession | undefined;
beforeEach(() => {
  place = new Place();
  place.write('notes.txt', 'text\n');
});
afterEach(async () => {
  session?.child.kill('SIGKILL');
  await session?.end;
  session = undefined;
  place.remove();
});

const ASK_READ = `${PERMISSIVE} @id("ask") @ask("May it?") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name == "notes.txt" };`;
const start = (command: readonly string[], policy: string, args: readonly string[] = []): AskingSession => {
  session = new AskingSession(place, { policy, command, args });
  return session;
};
/** Runs one command of leash. */
const leash = async (...args: string[]): Promise<readonly [status: number | null, stdout: string, stderr: string]> => {
  const { status, stdout, stderr } = await runLeash(place, { command: [], args });
  return [status, stdout.toString(), stderr];
};

describe('a person', () => {
  it('lists and approves', async () => {
    const it = start(['sh', '-c', 'cat notes.txt; cat notes.txt'], ASK_READ);
    const { id } = await it.question();
    const [, list] = await leash('approvals');
    expect(list).toMatch(
      new RegExp(`^${id}  May it\\?\\n  what     FileOpenReadOnly /.*/notes.txt\\n  who      /usr/bin/cat`),
    );
    const [, json] = await leash('approvals', '--json');
    expect(JSON.parse(json)).toMatchObject({ id, text: 'May it?', session: expect.stringMatching(/^\d{8}-/) });
    expect(await leash('approve', id, '--session')).toEqual([
      0,
      expect.stringMatching(/^approved for this session: FileOpenReadOnly \/.*\/notes\.txt\n$/),
      '',
    ]);
    expect((await it.end).stdout.toString()).toBe('text\ntext\n');
    expect(await leash('approvals')).toEqual([0, '', 'leash: no question is open.\n']);
  });

  it('refuses, and keeps and forgets approvals', async () => {
    const it = start(['sh', '-c', 'cat notes.txt; cat notes.txt'], ASK_READ);
    expect(await leash('deny', (await it.question()).id)).toEqual([0, expect.stringMatching(/^refused once: /), '']);
    const second = await it.question();
    expect(await leash('approve', second.id, '--always')).toEqual([
      0,
      expect.stringMatching(/^approved for always: /),
      '',
    ]);
    await it.end;
    const [, kept] = await leash('approvals', '--kept');
    expect(kept).toMatch(
      /^[0-9a-f]{8} {2}\d{4}-\d\d-\d\d {2}sh {2}FileOpenReadOnly \/.*\/notes\.txt by \/usr\/bin\/cat\n$/,
    );
    const [id = ''] = kept.split(' ');
    expect(await leash('approvals', '--forget', 'ffffffff')).toMatchObject([
      1,
      '',
      expect.stringContaining('"ffffffff"'),
    ]);
    expect(await leash('approvals', '--forget', id)).toEqual([0, '', 'leash: 1 approval taken back.\n']);
    expect(await leash('approvals', '--kept')).toEqual([0, '', 'leash: nothing is approved for always.\n']);
  });

  it.each<[string, string[], number, RegExp]>([
    [
      'an unknown question',
      ['approve', 'k3f9qa'],
      1,
      /LEASH_QUESTION_UNKNOWN: there is no open question "k3f9qa"\n.*leash approvals/,
    ],
    ['no question', ['deny'], 2, /id/],
    ['two questions', ['approve', 'aaaaaa', 'bbbbbb'], 2, /name the id of one question/],
    ['two words at once', ['approve', 'aaaaaa', '--session', '--always'], 2, /exclude each other/],
    ['a refusal for always', ['deny', 'aaaaaa', '--always'], 2, /unknown option --always/],
    ['text that drives the terminal', ['approve', '\u001b[2J'], 1, /"\\u001b\[2J"/],
    ['forgetting and listing', ['approvals', '--forget', 'all', '--kept'], 2, /goes with no other option/],
    ['a time that is none', ['--ask-timeout', '1.5', 'true'], 125, /--ask-timeout needs seconds/],
    [
      'a time beyond all patience',
      ['--ask-timeout', '86401', 'true'],
      125,
      /--ask-timeout needs seconds \(0 to 86400\)/,
    ],
  ])('names %s', async (_what, args, status, message) => {
    expect(await leash(...args)).toEqual([status, '', expect.stringMatching(message)]);
  });

  it('has a file of approvals that cannot be read: everything is asked, and a line says why', async () => {
    place.write(`${place.home}/.config/leash/approvals.json`, '{');
    expect(await leash('approvals', '--kept')).toMatchObject([
      1,
      '',
      expect.stringMatching(/^leash: LEASH_APPROVALS: .*\n {2}hint: /),
    ]);
    const { stderr } = await runLeash(place, { policy: ASK_READ, command: ['cat', 'notes.txt', 'notes.txt'] });
    expect(stderr.match(/LEASH_APPROVALS/g)).toHaveLength(1);
    expect(stderr).toContain('notes.txt: Permission denied');
  });
});

describe('what leaves', () => {
  let upstream: Server;
  let served: string[];
  beforeAll(async () => {
    upstream = createServer((request, response) => {
      served.push(`${request.method} ${request.url}`);
      response.end('hello\n');
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    served = [];
  });
  afterAll(() => new Promise((resolve) => upstream.close(resolve)));

  const ask = (action: string): string =>
    `permit(principal, action, resource); @id("ask") @ask("Call?") forbid(principal, action == Action::"${action}", resource) when { resource == Host::"a.test" };`;
  const curl = (action: string, ...urls: string[]): AskingSession => {
    const { port } = upstream.address() as AddressInfo;
    const command = ['curl', '-sS', '--max-time', '60', ...urls];
    return start(command, ask(action), ['--resolve', `a.test:80:127.0.0.1:${port}`]);
  };
  const asked = async (): Promise<readonly Event[]> =>
    (await eventsOf(place)).filter((event) => event.ask !== undefined);

  it.each([
    ['NetConnect', { port: 80, protocol: 'tcp' }],
    ['HttpRequest', { method: 'GET', path: '/one?two', scheme: 'http', port: 80 }],
    ['DnsResolve', { qtype: 'A' }],
  ])('is held, and goes on: %s', async (action, particulars) => {
    const it = curl(action, 'http://a.test/one?two');
    const question = await it.question();
    expect(question).toMatchObject({ actions: [action], resource: { name: 'a.test' }, particulars });
    expect(served).toEqual([]);
    await it.rule(question, { effect: 'allow', scope: action === 'DnsResolve' ? 'session' : 'once' });
    expect((await it.end).stdout.toString()).toBe('hello\n');
    expect(served).toEqual(['GET /one?two']);
    for (const event of await asked()) expect(event).toMatchObject({ action, effect: 'allow', policies: ['ask'] });
    expect((await asked()).length).toBeGreaterThan(0);
  });

  it.each([
    ['NetConnect', /onnect/],
    ['DnsResolve', /resolve/],
  ])('is refused: %s', async (action, message) => {
    const it = curl(action, 'http://a.test/');
    await it.deny('session');
    const { status, stderr } = await it.end;
    expect([status !== 0, stderr]).toEqual([true, expect.stringMatching(message)]);
    expect(served).toEqual([]);
  });

  it('is refused request by request, on one connection', async () => {
    const it = curl('HttpRequest', 'http://a.test/one', 'http://a.test/two');
    expect((await it.deny()).particulars).toMatchObject({ path: '/one' });
    expect((await it.approve()).particulars).toMatchObject({ path: '/two' });
    expect((await it.end).stdout.toString()).toMatch(/leash: GET .* not permitted: a person refused: Call\?\nhello\n$/);
    expect(served).toEqual(['GET /two']);
  });

  it('ends with its client, and so does its question', async () => {
    const { port } = upstream.address() as AddressInfo;
    const it = start(
      ['sh', '-c', 'curl -s http://a.test/ & read line; kill $!; echo over; read line'],
      ask('HttpRequest'),
      ['--resolve', `a.test:80:127.0.0.1:${port}`],
    );
    await it.question();
    it.child.stdin?.write('go\n');
    await it.silence();
    it.child.stdin?.end('go\n');
    await it.end;
    expect(served).toEqual([]);
    expect(await asked()).toMatchObject([{ effect: 'deny', approval: { by: 'withdrawn' } }]);
  });
});
