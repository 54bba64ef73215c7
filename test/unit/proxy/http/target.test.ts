// Which requests belong to the verified peer, and under which path and Host they are forwarded.
import { describe, expect, it } from 'vitest';
import { parseRequestHead } from '../../../../src/proxy/http/head.ts';
import { type Origin, requestTarget } from '../../../../src/proxy/http/target.ts';

const ORIGIN: Origin = { name: 'a.test', port: 443, scheme: 'https' };
const read = (target: string, host = 'a.test', origin = ORIGIN, method = 'GET') =>
  requestTarget(parseRequestHead(`${method} ${target} HTTP/1.1\r\nHost: ${host}`), origin);

describe('requestTarget', () => {
  it.each([
    ['/x?y=/../z', '/x?y=/../z'],
    ['https://a.test/x', '/x'],
    ['HTTPS://A.test:443?q', '/?q'],
    ['https://a.test', '/'],
    ['/@scope%2fname', '/@scope%2fname'],
    ['/v1.2/..hidden/a..b/...', '/v1.2/..hidden/a..b/...'],
    ['//double//slash', '//double//slash'],
    ['/100%25/%2540scope/%C0-%af', '/100%25/%2540scope/%C0-%af'],
  ])('forwards %s as %s', (target, path) => {
    expect(read(target)).toEqual({ path, host: 'a.test' });
  });

  it.each([
    ['A.TEST', 'a.test'],
    ['a.test.', 'a.test'],
    ['a.test:443', 'a.test:443'],
    ['A.test.:443', 'a.test:443'],
  ])('sends Host %s as %s', (host, sent) => {
    expect(read('/', host)).toEqual({ path: '/', host: sent });
  });

  it('brackets an IPv6 address', () => {
    const origin: Origin = { name: '2606:4700::1111', port: 8080, scheme: 'http' };
    expect(read('/', '[2606:4700:0::1111]:8080', origin)).toEqual({ path: '/', host: '[2606:4700::1111]:8080' });
    expect(read('/', '2606:4700::1111', origin)).toMatchObject({ status: 421 });
  });

  it('allows * for OPTIONS only', () => {
    expect(read('*', 'a.test', ORIGIN, 'OPTIONS')).toMatchObject({ path: '*' });
    expect(read('*')).toMatchObject({ status: 400 });
  });

  it.each([
    'b.test',
    'a.test:80',
    'a.test:0443x',
    'a.test:',
    'xa.test',
    'a.test.evil.test',
    '',
    'user@a.test',
    'a.test, b.test',
    'a.test:443:443',
    '[a.test]',
  ])('refuses Host %j as misdirected', (host) => {
    expect(read('/', host)).toMatchObject({ status: 421 });
  });

  it.each([
    '/..',
    '/.',
    '/a/../b',
    '/a/%2e%2E/b',
    '/a/.%2e',
    '/a\\..\\b',
    '/a%5c..%5cb',
    '/a/..%2fb',
    '/a/..;x=1/b',
    '/a/..%3bx/b',
    '/a/..%00/b',
    '/a/%252e%252e/b',
    '/a/%25252e./b',
    '/a/%25%32%65./b',
    '/a/%25c0%25ae./b',
    '/a/%c0%ae%C0%AE/b',
    '/a/..%c0%afb',
    '/a/..%c1%9cb',
    '/a/%e0%80%ae%u002e/b',
    '/#/../',
    'a.test/x',
    'ftp://a.test/',
    'https://u@a.test/',
  ])('refuses target %s', (target) => {
    expect(read(target)).toMatchObject({ status: 400 });
  });
});
