// What is suggested is put to the official Cedar: it permits what was recorded, and with `--exact` nothing else.
import { expect, test } from 'vitest';
import { splitStatements } from '../../../../src/policy/text/statements.ts';
import type { Request } from '../../../../src/schema/request.ts';
import { FACTS, judge, prepare } from '../judge.ts';
import { RequestGenerator } from '../random-requests.ts';
import { connect, dns, exec, file, http, learn, ofAction, textOf } from './learn.ts';

let sets = 0;

/** The official authorizer over the statements, as Cedar itself splits what Leash wrote. */
function officially(text: string): (request: Request) => boolean {
  const name = `suggestion${++sets}`;
  prepare(name, Object.fromEntries(splitStatements(text).map((statement, index) => [`p${index}`, statement.text])));
  return (request) => judge(name, request, FACTS).effect === 'allow';
}

class Requests extends RequestGenerator {
  next(): Request {
    this.family = this.random.pick(['file', 'file', 'exec', 'net', 'http'] as const);
    return this.request([]);
  }
}

/** What an exact suggestion may look at. */
function keyOf(request: Request): string {
  switch (request.action) {
    case 'HttpRequest': {
      const { resource, port, method, path, git } = request;
      return JSON.stringify(git === undefined ? [resource, port, method, path] : [git.repository, git.operation]);
    }
    case 'NetConnect':
      return JSON.stringify([request.resource, request.port, request.protocol]);
    default:
      return JSON.stringify([request.action, request.resource]);
  }
}

test.each(Array.from({ length: 15 }, (_, seed) => seed))(
  'random requests %i: official Cedar permits each that is not left alone; exactly, and nothing else',
  (seed) => {
    const random = new Requests(seed);
    const recorded = Array.from({ length: 40 }, () => random.next());
    const others = Array.from({ length: 200 }, () => random.next());
    for (const isExact of [false, true]) {
      const suggestion = learn(recorded, { isExact });
      const permits = officially(textOf(suggestion));
      const left = new Set(suggestion.leftAlone.map(({ seen }) => keyOf(seen.request)));
      for (const request of recorded)
        if (!left.has(keyOf(request))) expect([request, permits(request)]).toEqual([request, true]);
      if (!isExact) continue;
      const known = new Set(recorded.map(keyOf));
      // A connection without a word on the protocol is one for datagrams to Cedar; a session refuses those apart.
      const isStrange = (request: Request): boolean =>
        !known.has(keyOf(request)) && !(request.action === 'NetConnect' && request.protocol === 'udp');
      for (const request of others.filter(isStrange)) expect([request, permits(request)]).toEqual([request, false]);
    }
  },
);

test('a suggestion added to what it was made from has nothing to add, and is the same each time', () => {
  const recorded = [
    file('/w/a'),
    file('/w/b', 'FileWrite'),
    exec('/usr/bin/git'),
    connect('a.com'),
    http('a.com', 'GET', '/x'),
    dns('a.com'),
  ];
  const first = textOf(learn(recorded));
  expect(textOf(learn(recorded.toReversed()))).toBe(first);
  const again = learn(recorded, { base: first });
  expect(again.statements).toEqual([]);
  expect(again.permitted).toBe(recorded.length);
  expect(textOf(learn([...recorded, file('/w/c')], { base: first }))).toMatch(
    /^@id\("learned-files-[0-9a-f]{8}"\)[^;]*"\/w\/c"[^;]*;$/,
  );
});

const HOSTILE = [
  '/w/x"); permit(principal, action, resource);',
  '/w/"\n};\npermit(principal, action, resource);\n',
  '/w/*',
  '/w/\\*\\',
  '/w/\u001b]0;x\u0007',
  '/w/\u202egpj.exe',
  '/w/@id("leash:own")',
];

test.each(HOSTILE)('the name %j is a name, whatever it spells', (path) => {
  const suggestion = learn([file(path), file(path, 'FileWrite'), exec(path)]);
  expect(suggestion.statements).toHaveLength(2);
  const permits = officially(textOf(suggestion));
  expect(permits(file(path))).toBe(true);
  for (const other of ['/w/y', '/w/x', '/etc/passwd', '/w/']) expect(permits(file(other))).toBe(false);
  expect(textOf(suggestion)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test('an annotation holds numbers, and never a name', () => {
  const suggestion = learn([
    file('/w/MARK1'),
    exec('/w/MARK2'),
    connect('mark3.com'),
    http('mark3.com', 'GET', '/MARK4'),
  ]);
  for (const { text } of suggestion.statements) expect(text.split('\n')[0]).not.toMatch(/mark/i);
});

test('what no literal can name is left alone, and said', () => {
  const { statements, leftAlone } = learn([file('/w/\ufffd'), file('/w/../x'), connect('*.a.com')]);
  expect(statements).toEqual([]);
  expect(leftAlone.map(({ why }) => why)).toEqual(['nameless', 'nameless', 'nameless']);
});

test.each([
  [file('/home/u/.ssh/config'), 'no-user-credentials'],
  [file('/etc/shadow'), 'no-system-credentials'],
  [file('/srv/tls.key'), 'no-private-keys'],
  [file('/w/.git/hooks/pre-commit', 'FileCreate'), 'no-git-hooks'],
  [file('/w/.git/config', 'FileWrite'), 'no-git-config'],
  [exec('/usr/bin/sudo'), 'no-privileged-programs'],
])('%j is kept out of every suggestion', (request, policy) => {
  const { statements, leftAlone } = learn([request]);
  expect(statements).toEqual([]);
  expect(leftAlone).toMatchObject([{ why: 'kept', policies: [policy] }]);
});

test('what the base forbids or asks about is not suggested', () => {
  const base =
    '@id("no") forbid(principal, action, resource == File::"/w/no");\n@id("ask") @ask("?") permit(principal, action, resource == File::"/w/ask");';
  const { statements, leftAlone } = learn([file('/w/no'), file('/w/ask'), file('/w/yes')], { base });
  expect(statements).toHaveLength(1);
  expect(leftAlone).toMatchObject([
    { why: 'asked', policies: ['ask'] },
    { why: 'forbidden', policies: ['no'] },
  ]);
});

test('a rename is permitted under both names what either is permitted', () => {
  const renamed = {
    requests: [file('/w/tmp1', 'FileRename'), file('/w/out', 'FileRename'), file('/w/out', 'FileCreate')],
    target: '/w/out',
  };
  const suggestion = learn([file('/w/tmp1', 'FileWrite'), renamed, file('/w/out')]);
  const permits = officially(textOf(suggestion));
  for (const action of ['FileOpenReadOnly', 'FileRename', 'FileCreate', 'FileWrite'] as const)
    expect([action, permits(file('/w/tmp1', action)), permits(file('/w/out', action))]).toEqual([action, true, true]);
  expect(permits(file('/w/tmp1', 'FileDelete'))).toBe(false);
});

test('the comparison with the base is what is shown', () => {
  const { differences, statements } = learn([file('/w/a'), connect('a.com')]);
  const ids = differences.flatMap((each) => each.differences.flatMap((difference) => difference.new.policies));
  expect(new Set(ids)).toEqual(new Set(statements.map(({ id }) => id)));
});

test('datagrams, records and methods are named as sessions need them', () => {
  const suggestion = learn([
    connect('a.com', 53, 'udp'),
    dns('a.com', 'TXT'),
    dns('a.com', 'AAAA'),
    http('a.com', 'get', '/a'),
  ]);
  expect(ofAction(suggestion, 'NetConnect')[0]).toContain('context.protocol == "udp"');
  const names = ofAction(suggestion, 'DnsResolve');
  expect(names.some((text) => text.includes('context.qtype == "TXT"'))).toBe(true);
  expect(names.some((text) => !text.includes('qtype'))).toBe(true);
  expect(ofAction(suggestion, 'HttpRequest')[0]).toMatch(/widened to any method/);
});
