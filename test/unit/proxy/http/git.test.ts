// What requests do to which repository; above all, no push may be seen as anything else.
import { describe, expect, it } from 'vitest';
import { judgedRequest } from '../../../../src/proxy/http/request.ts';

const git = (line: string, fields: Readonly<Record<string, string>> = {}, host = 'forge.test') => {
  const [method = '', path = ''] = line.split(' ');
  const message = {
    method,
    path,
    fields: Object.entries(fields).map(([name, value]) => ({ name, value, line: '' })),
  };
  return judgedRequest(message, { name: host, port: 443, scheme: 'https' }, { exe: '', uid: 0 }).git;
};

const APP = 'forge.test/team/app';

describe('the smart protocol', () => {
  it.each([
    ['GET /team/app.git/info/refs?service=git-upload-pack', 'fetch', APP],
    ['GET /team/app/info/refs?service=git-upload-pack', 'fetch', APP],
    ['POST /team/app.git/git-upload-pack', 'fetch', APP],
    ['GET /team/app.git/info/refs?service=git-receive-pack', 'push', APP],
    ['POST /team/app.git/git-receive-pack', 'push', APP],
    ['POST /team/app/git-receive-pack?x=y', 'push', APP],
    ['POST /Team/App.git/git-upload-pack', 'fetch', 'forge.test/Team/App'],
    ['POST /a/b/c/d.git/git-upload-pack', 'fetch', 'forge.test/a/b/c/d'],
    ['POST /git-upload-pack', 'fetch', 'forge.test/'],
    ['POST /w/.git/git-upload-pack', 'fetch', 'forge.test/w'],
    ['POST /.git/git-upload-pack', 'fetch', 'forge.test/'],
    ['POST /t%65am/%61pp.git/git-upload-pack', 'fetch', APP],
  ])('%s is a %s of %s', (line, operation, repository) => {
    expect(git(line)).toEqual({ operation, repository });
  });

  it('puts IPv6 in brackets', () => {
    expect(git('POST /a.git/git-upload-pack', {}, '2001:db8::1')?.repository).toBe('[2001:db8::1]/a');
  });
});

describe('a push seen as a fetch, tried', () => {
  const attempts: readonly [string, string, Readonly<Record<string, string>>?][] = [
    ['the parameter twice, fetch first', 'GET /team/app/info/refs?service=git-upload-pack&service=git-receive-pack'],
    ['the parameter twice, push first', 'GET /team/app/info/refs?service=git-receive-pack&service=git-upload-pack'],
    ['parted by a semicolon', 'GET /team/app/info/refs?service=git-upload-pack;service=git-receive-pack'],
    ['an encoded value', 'GET /team/app/info/refs?service=git-%72eceive-pack'],
    ['an encoded name', 'GET /team/app/info/refs?%73ervice=git-receive-pack'],
    ['capitals in the name', 'GET /team/app/info/refs?Service=git-receive-pack'],
    ['a blank before the value', 'GET /team/app/info/refs?service=+git-receive-pack'],
    ['without the prefix', 'GET /team/app/info/refs?service=receive-pack'],
    ['an encoded letter in the path', 'POST /team/app.git/git-%72eceive-pack'],
    ['an encoded hyphen', 'POST /team/app.git/git%2Dreceive%2dpack'],
    ['capitals in the path', 'POST /team/app.git/Git-Receive-Pack'],
    ['a slash at the end', 'POST /team/app.git/git-receive-pack/'],
    ['a blank at the end', 'POST /team/app.git/git-receive-pack%20'],
    ['a format at the end', 'POST /team/app.git/git-receive-pack.json'],
    ['more path behind', 'POST /team/app.git/git-receive-pack/git-upload-pack'],
    ['another service before', 'POST /team/app.git/git-upload-pack/git-receive-pack'],
    ['a parameter of the path', 'POST /team/app.git/git-receive-pack;x'],
    [
      'the type of a push',
      'POST /team/app.git/git-upload-pack',
      { 'content-type': 'application/x-git-receive-pack-request' },
    ],
    ['another method', 'PUT /team/app.git/git-receive-pack'],
    ['GET for a server that takes it', 'GET /team/app.git/git-receive-pack'],
    ['WebDAV: an object', `PUT /team/app.git/objects/ab/${'0'.repeat(38)}`],
    ['WebDAV: a reference', 'PUT /team/app.git/refs/heads/main'],
    ['WebDAV: a lock', 'LOCK /team/app.git/info/refs'],
    ['WebDAV: a move', 'MOVE /team/app.git/objects/x'],
    ['a batch of large files', 'POST /team/app.git/info/lfs/objects/batch'],
    ['a lock of large files', 'POST /team/app.git/info/lfs/locks'],
    ['a large file itself', `PUT /team/app.git/info/lfs/objects/${'a'.repeat(64)}`],
  ];
  it.each(attempts)('%s', (_, line, fields = {}) => {
    expect(git(line, fields)).toMatchObject({ operation: 'push' });
  });

  it('is of the same repository', () => {
    for (const line of [
      'POST /team/app.git/git-receive-pack/',
      'POST /team/app.git/git-receive-pack.json',
      'POST /team/app/info/lfs/objects/batch',
      'PUT /team/app.git/refs/heads/main',
      'POST /team/app.git/git-%72eceive-pack',
    ])
      expect(git(line)?.repository).toBe(APP);
  });
});

describe('the dumb protocol and large files', () => {
  it.each([
    ['GET /team/app.git/info/refs', 'fetch'],
    ['GET /team/app.git/HEAD', 'fetch'],
    ['GET /team/app/objects/info/packs', 'fetch'],
    [`GET /team/app/objects/ab/${'0'.repeat(38)}`, 'fetch'],
    [`GET /team/app/objects/ab/${'0'.repeat(62)}`, 'fetch'],
    [`HEAD /team/app/objects/pack/pack-${'a'.repeat(40)}.idx`, 'fetch'],
    ['GET /team/app/info/refs?service=git-upload-archive', 'info'],
    ['GET /team/app.git/info/lfs/locks', 'info'],
  ])('%s is a %s', (line, operation) => {
    expect(git(line)).toEqual({ operation, repository: APP });
  });
});

it.each([
  'GET /',
  'GET /team/app',
  'GET /team/app.git',
  'GET /git/git/blob/master/Documentation/git-receive-pack.txt',
  'GET /api/v4/projects/1/repository',
  'POST /graphql',
  'GET /info/version',
  'GET /objects/photo.png',
  'GET /team/app/HEAD',
  'PUT /objects/1',
  'POST /digit',
  'GET /legit/info/refreshed',
])('%s is no request of Git', (line) => {
  expect(git(line)).toBeUndefined();
});
