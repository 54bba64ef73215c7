// Which hosts a NO_PROXY covers.
import { describe, expect, it } from 'vitest';
import { readNoProxy } from '../../../../src/proxy/upstream/no-proxy.ts';

describe('readNoProxy', () => {
  it.each([
    ['*', 'any.example.com', 443],
    ['example.com', 'example.com', 443],
    ['example.com', 'a.b.example.com', 443],
    ['EXAMPLE.com.', 'www.example.com', 443],
    ['.example.com', 'www.example.com', 443],
    ['*.example.com', 'www.example.com', 443],
    ['bücher.example', 'xn--bcher-kva.example', 443],
    ['a.test, example.com', 'example.com', 443],
    ['a.test example.com', 'example.com', 443],
    [' ,, example.com,', 'example.com', 443],
    ['example.com:8443', 'www.example.com', 8443],
    ['192.0.2.1', '192.0.2.1', 443],
    ['192.0.2.1:80', '192.0.2.1', 80],
    ['10.0.0.0/8', '10.200.0.1', 22],
    ['2001:db8::1', '2001:db8::1', 443],
    ['[2001:db8::1]', '2001:db8::1', 443],
    ['[2001:DB8::1]:443', '2001:db8::1', 443],
    ['2001:db8::/32', '2001:db8:1::1', 443],
  ])('%j covers %s:%i', (text, host, port) => {
    expect(readNoProxy(text)).toMatchObject({ unread: [] });
    expect(readNoProxy(text).covers(host, port)).toBe(true);
  });

  it.each([
    ['', 'example.com', 443],
    ['example.com', 'evilexample.com', 443],
    ['example.com', 'example.com.evil.test', 443],
    ['.example.com', 'example.com', 443],
    ['*.example.com', 'example.com', 443],
    ['example.com:8443', 'example.com', 443],
    ['10.0.0.0/8', '11.0.0.1', 443],
    ['10.0.0.0/8', '10.example.com', 443],
    ['192.0.2.1', '192.0.2.10', 443],
    ['192.0.2.1:80', '192.0.2.1', 443],
    ['2001:db8::/32', '2001:db9::1', 443],
    ['0.0.0.0/0', '2001:db8::1', 443],
  ])('%j does not cover %s:%i', (text, host, port) => {
    expect(readNoProxy(text).covers(host, port)).toBe(false);
  });

  it.each([
    '10.0.0.*',
    '10.0.0.0/33',
    '10.0.0.0/',
    'host/8',
    '*.10.0.0.1',
    'exa*mple.com',
    '[example.com]',
    'a:b',
    'http://example.com',
    'example.com:123456',
  ])('%j is told apart as meaningless and covers nothing', (entry) => {
    const { covers, unread } = readNoProxy(`${entry},good.test`);
    expect(unread).toEqual([entry]);
    expect(covers('10.0.0.1', 443)).toBe(false);
    expect(covers('example.com', 443)).toBe(false);
    expect(covers('good.test', 443)).toBe(true);
  });
});
