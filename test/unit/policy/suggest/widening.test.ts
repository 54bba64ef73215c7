// What proves a folder, a path or a domain, what never does, and what a widened statement still leaves out.
import { expect, test } from 'vitest';
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { checkSource } from '../../../../src/policy/check/check-source.ts';
import { Authorizer } from '../../../../src/policy/evaluate/authorizer.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { isOneParty } from '../../../../src/policy/suggest/one-party.ts';
import type { Suggestion } from '../../../../src/policy/suggest/suggest.ts';
import type { FileAction, Request } from '../../../../src/schema/request.ts';
import { FACTS } from '../judge.ts';
import { connect, dns, exec, file, http, learn, textOf } from './learn.ts';

function permits(suggestion: Suggestion): (request: Request) => boolean {
  const { policies } = checkSource({ name: 's', text: textOf(suggestion) }, cedarSchema(), '2026-11-29');
  const judge = new Authorizer(policies.map(readPolicy), FACTS);
  return (request) => judge.decide(request).effect === 'allow';
}

const three = (folder: string, action?: FileAction): Request[] =>
  ['a.ts', 'b.ts', 'c.ts'].map((name) => file(folder + name, action));

test('three files prove their folder and not what is below it; two prove nothing', () => {
  const suggestion = learn(three('/w/src/'));
  expect(suggestion.statements).toMatchObject([{ widening: 'all files directly in these folders', names: 3 }]);
  const may = permits(suggestion);
  expect([
    may(file('/w/src/d.ts')),
    may(file('/w/src/sub/d.ts')),
    may(file('/w/d.ts')),
    may(file('/w/src/d.ts', 'FileWrite')),
  ]).toEqual([true, false, false, false]);
  expect(learn(three('/w/src/').slice(1)).statements.map(({ widening }) => widening)).toEqual([undefined]);
});

test('three folders so proven prove the one above, down to all that is below it', () => {
  const may = permits(learn(['/w/p/x/', '/w/p/y/', '/w/p/z/'].flatMap((folder) => three(folder))));
  expect([may(file('/w/p/n/d.ts')), may(file('/w/p/')), may(file('/w/q'))]).toEqual([true, true, false]);
});

test('a whole workspace is called by its alias', () => {
  expect(textOf(learn(['/w/x/', '/w/y/', '/w/z/'].flatMap((folder) => three(folder))))).toContain('Dir::"@workspace/"');
});

test.each([
  '/w/src/.env',
  '/w/src/.git/config',
  '/w/src/.ssh/id',
  '/w/src/leash.cedar',
  '/w/src/id_rsa',
  '/w/src/tls.key',
])('a widened folder leaves out %s', (path) => {
  const above = learn(
    ['/w/src/', '/w/test/', '/w/doc/'].flatMap((folder) => [...three(folder), ...three(folder, 'FileWrite')]),
  );
  const may = permits(above);
  expect([may(file('/w/src/z.ts')), may(file(path)), may(file(path, 'FileWrite'))]).toEqual([true, false, false]);
  // Named, where it was used and no forbid of `base` is about it.
  expect(permits(learn([...three('/w/src/'), file('/w/src/.env')]))(file('/w/src/.env'))).toBe(true);
});

test.each(['/', '/etc/', '/etc/app/', '/home/', '/home/u/', '/var/lib/', '/usr/', '/srv/'])(
  'many names never prove %s',
  (folder) => {
    const names = Array.from({ length: 50 }, (_, index) => file(`${folder}n${index}`));
    const suggestion = learn(names);
    expect(suggestion.statements.every(({ widening }) => widening === undefined)).toBe(true);
    expect(permits(suggestion)(file(`${folder}other`))).toBe(false);
  },
);

test('outside of its own directories an agent proves no folder by writing there', () => {
  expect(permits(learn(three('/usr/lib/x/', 'FileWrite')))(file('/usr/lib/x/z', 'FileWrite'))).toBe(false);
  expect(permits(learn(three('/usr/lib/x/')))(file('/usr/lib/x/z'))).toBe(true);
});

test('names that are not there, and files that the agent made itself, prove no folder to read', () => {
  const probes = three('/w/keys/').map((request) => ({ requests: [request], succeeded: false }));
  expect(permits(learn(probes))(file('/w/keys/z'))).toBe(false);
  const made = [...three('/w/keys/', 'FileCreate'), ...three('/w/keys/')];
  const may = permits(learn(made));
  expect([may(file('/w/keys/a.ts')), may(file('/w/keys/z'))]).toEqual([true, false]);
});

test('the folder of git stays what was used of it', () => {
  const names = ['HEAD', 'index', 'COMMIT_EDITMSG', 'ORIG_HEAD'];
  const may = permits(learn(names.map((name) => file(`/w/.git/${name}`, 'FileWrite'))));
  expect([
    may(file('/w/.git/index', 'FileWrite')),
    may(file('/w/.git/config', 'FileWrite')),
    may(file('/w/.git/x', 'FileWrite')),
  ]).toEqual([true, false, false]);
});

test('process numbers and temporary names are those of one session', () => {
  const may = permits(learn([file('/proc/12/stat'), file('/tmp/x91', 'FileCreate')]));
  expect([may(file('/proc/977/stat')), may(file('/tmp/y17', 'FileCreate')), may(file('/tmp/y17'))]).toEqual([
    true,
    true,
    false,
  ]);
});

test('programs are never widened', () => {
  const programs = Array.from({ length: 20 }, (_, index) => exec(`/w/bin/p${index}`));
  expect(permits(learn(programs))(exec('/w/bin/other'))).toBe(false);
});

test.each([
  ['example.com', true],
  ['cdn.example.com', true],
  ['corp.example', true],
  ['com', false],
  ['co.uk', false],
  ['github.io', false],
  ['amazonaws.com', false],
  ['s3.amazonaws.com', false],
  ['internal', false],
])('do all names below %s belong to one party: %j', (domain, answer) => {
  expect(isOneParty(domain)).toBe(answer);
});

test('three names of one party prove a wildcard, names of strangers never do', () => {
  const suggestion = learn(
    ['a', 'b', 'c'].flatMap((name) => [connect(`${name}.example.com`), dns(`${name}.example.com`)]),
  );
  const may = permits(suggestion);
  expect([
    may(connect('d.example.com')),
    may(dns('d.example.com')),
    may(connect('example.com')),
    may(connect('d.example.com', 80)),
  ]).toEqual([true, true, false, false]);
  expect(suggestion.statements.every(({ widening }) => widening === 'all names below a domain')).toBe(true);
  for (const domain of ['github.io', 'com', 'amazonaws.com', 'co.uk']) {
    const strangers = Array.from({ length: 30 }, (_, index) => connect(`n${index}.${domain}`));
    expect([domain, permits(learn(strangers))(connect(`other.${domain}`))]).toEqual([domain, false]);
  }
});

test('few paths are named, many are a folder of paths, and what servers read otherwise is no condition', () => {
  const few = permits(learn([http('a.com', 'GET', '/v1/a'), http('a.com', 'POST', '/v1/b')]));
  expect([
    few(http('a.com', 'GET', '/v1/a')),
    few(http('a.com', 'POST', '/v1/a')),
    few(http('a.com', 'GET', '/v1/c')),
  ]).toEqual([true, false, false]);
  const many = permits(learn(Array.from({ length: 9 }, (_, index) => http('a.com', 'GET', `/v1/i/${index}*`))));
  expect([
    many(http('a.com', 'GET', '/v1/i/z')),
    many(http('a.com', 'GET', '/v1/z')),
    many(http('a.com', 'PUT', '/v1/i/z')),
  ]).toEqual([true, false, false]);
  const odd = learn([http('a.com', 'GET', '/a//b')]);
  expect(textOf(odd)).not.toContain('context.path');
  expect(odd.statements).toMatchObject([{ widening: 'any path' }]);
});

test('any path of a forge is not its repositories', () => {
  const pages = Array.from({ length: 9 }, (_, index) => http('forge.com', 'GET', `/${index}`));
  const git = { operation: 'fetch', repository: 'forge.com/team/app' } as const;
  const fetch = { ...http('forge.com', 'GET', '/team/app.git/info/refs'), git } as Request;
  const may = permits(learn([...pages, fetch]));
  const push = { ...fetch, git: { ...git, operation: 'push' } } as Request;
  const other = { ...fetch, git: { ...git, repository: 'forge.com/team/b' } } as Request;
  expect([may(http('forge.com', 'GET', '/x')), may(fetch), may(push), may(other)]).toEqual([true, true, false, false]);
});

test('exact is exact', () => {
  const all = [
    ...three('/w/src/'),
    ...['a', 'b', 'c'].map((name) => connect(`${name}.example.com`)),
    file('/proc/12/stat'),
  ];
  const suggestion = learn(all, { isExact: true });
  expect(suggestion.statements.every(({ widening }) => widening === undefined)).toBe(true);
  const may = permits(suggestion);
  expect([may(file('/w/src/d.ts')), may(connect('d.example.com')), may(file('/proc/13/stat'))]).toEqual([
    false,
    false,
    false,
  ]);
});
