// Methods and paths that stand elsewhere than in the request line.
import { describe, expect, it } from 'vitest';
import { methodOverride, pathOverride, queryParameters } from '../../../../src/proxy/http/override.ts';

const message = (method: string, fields: Readonly<Record<string, string>> = {}) => ({
  method,
  path: '/x?y',
  fields: Object.entries(fields).map(([name, value]) => ({ name, value, line: `${name}: ${value}` })),
});

describe('methodOverride', () => {
  it.each([
    ['x-http-method-override', 'DELETE'],
    ['x-http-method', 'delete'],
    ['x-method-override', ' PUT'],
    ['x_http_method_override', 'DELETE'],
    ['x-http_method-override', 'DELETE'],
    ['x-http-method-override', ''],
  ])('%s: %s', (name, value) => {
    expect(methodOverride(message('POST', { [name]: value }), '')).toContain(name);
  });

  it.each([
    '_method=DELETE',
    'a=b&_method=delete',
    'a;_method=PUT',
    '%5fmethod=DELETE',
    '_Method=PATCH',
    '+_method=PUT',
    '_method',
  ])('the query %s', (query) => {
    expect(methodOverride(message('POST'), query)).toContain('_method');
  });

  it.each([
    ['POST', { 'x-http-method-override': 'post' }, ''],
    ['DELETE', {}, '_method=DELETE'],
    ['GET', { 'x-request-id': 'DELETE' }, 'method=DELETE&__method=PUT'],
  ])('%s with %j and %j names no other', (method, fields, query) => {
    expect(methodOverride(message(method, fields), query)).toBeUndefined();
  });

  it('finds the second of two', () => {
    expect(methodOverride(message('POST'), '_method=POST&_method=DELETE')).toBeDefined();
  });
});

it('pathOverride', () => {
  expect(pathOverride(message('GET', { 'x-original-url': '/admin' }))).toContain('x-original-url');
  expect(pathOverride(message('GET', { x_rewrite_url: '/admin' }))).toContain('x_rewrite_url');
  expect(pathOverride(message('GET', { 'x-original-url': '/x?y', 'x-forwarded-for': '/admin' }))).toBeUndefined();
});

it('queryParameters', () => {
  expect(queryParameters('')).toEqual([]);
  expect(queryParameters('a=1&b&%61=%32+3;c==&')).toEqual([
    ['a', '1'],
    ['b', ''],
    ['a', '2 3'],
    ['c', '='],
    ['', ''],
  ]);
});
