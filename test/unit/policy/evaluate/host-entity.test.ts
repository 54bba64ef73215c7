import { describe, expect, test } from 'vitest';
import { hostAncestors, parseHostId, wildcardsOf } from '../../../../src/policy/evaluate/host-entity.ts';

function groups(...args: Parameters<typeof hostAncestors>): string[] {
  return [...hostAncestors(...args)].map((key) => key.replace('Host\0', '')).sort();
}

test('a wildcard never holds the bare domain', () => {
  expect(wildcardsOf('a.b.example')).toEqual(['*.b.example', '*.example', '*']);
  expect(wildcardsOf('localhost')).toEqual(['*']);
});

test('groups come with and without port', () => {
  expect(groups('b.example')).toEqual(['*', '*.example']);
  expect(groups('b.example', { port: 443, ip: '10.0.0.1' })).toEqual([
    '*',
    '*.example',
    '*.example:443',
    '*:443',
    '10.0.0.1',
    '10.0.0.1:443',
    'b.example:443',
  ]);
});

test('IPv6 addresses stand in brackets before a port, in canonical text', () => {
  expect(groups('fe80::1', { port: 22, ip: 'FE80:0::1' })).toContain('[fe80::1]:22');
});

test.each([
  ['a.example', { name: 'a.example' }],
  ['a.example:0', { name: 'a.example', port: 0 }],
  ['*:65535', { name: '*', port: 65535 }],
  ['*.example:80', { name: '*.example', port: 80 }],
  ['fe80::1', { name: 'fe80::1' }],
  ['[fe80::1]:22', { name: 'fe80::1', port: 22 }],
  ['10.0.0.1:1', { name: '10.0.0.1', port: 1 }],
  ['my_host-1', { name: 'my_host-1' }],
])('takes %s apart', (id, pattern) => {
  expect(parseHostId(id)).toEqual(pattern);
});

test.each([
  '',
  'A.example',
  'a..example',
  'a.example.',
  'a.example:',
  'a:080',
  'a:65536',
  '*.',
  'a.*',
  '**',
  '[fe80::1]',
  'FE80::1',
  '10.0.0.0/8',
  'a b',
  'é.example',
  '*.*.example',
])('no request has %j', (id) => {
  expect(parseHostId(id)).toBeUndefined();
});

describe('registries of the user', () => {
  const registries = { npm: ['r.example:443', 'r.example:4873'], pip: ['[fe80::1]:80'], cargo: [] };

  test.each([
    ['r.example', { port: 443 }, ['@registry/npm']],
    ['r.example', { port: 4873, ip: '10.0.0.1' }, ['@registry/npm']],
    ['r.example', { port: 80 }, []],
    ['r.example', {}, ['@registry/npm']],
    ['x.r.example', { port: 443 }, []],
    ['r.example', { port: 44 }, []],
    ['fe80::1', { port: 80, ip: 'fe80::1' }, ['@registry/pip']],
    ['fe80::1', {}, ['@registry/pip']],
    // Only the name asked for counts: an address anyone may point a name at.
    ['other.example', { port: 80, ip: 'fe80::1' }, []],
  ])('%s %j is in %j', (host, peer, roles) => {
    expect(groups(host, peer, registries).filter((group) => group.startsWith('@'))).toEqual(roles);
  });

  test('no host is called like a group of them', () => expect(parseHostId('@registry/npm')).toBeUndefined());
});
