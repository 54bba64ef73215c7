import { expect, test } from 'vitest';
import { type Head, objectionTo, safetyHeaders } from '../../../src/api/guard.ts';

const address = { host: '127.0.0.1', port: 18_080 };
const HOST = ['Host', '127.0.0.1:18080'];

const status = (rawHeaders: readonly string[], head: Partial<Head> = {}): number =>
  objectionTo({ method: 'GET', target: '/', rawHeaders, ...head }, address, 100)?.status ?? 200;

test.each([
  [HOST, 200],
  [['host', 'LOCALHOST:18080'], 200],
  [[...HOST, 'Origin', 'http://127.0.0.1:18080'], 200],
  [[...HOST, 'Sec-Fetch-Site', 'same-origin'], 200],
  [[...HOST, 'Sec-Fetch-Site', 'none'], 200],
  [[], 403],
  [['Host', ''], 403],
  [['Host', '127.0.0.1'], 403],
  [['Host', '127.0.0.1:80'], 403],
  [['Host', '127.0.0.2:18080'], 403],
  [['Host', '[::1]:18080'], 403],
  [['Host', '0.0.0.0:18080'], 403],
  [['Host', '127.0.0.1:18080.evil.example'], 403],
  [['Host', 'user@127.0.0.1:18080'], 403],
  [['Host', 'evil.example:18080'], 403],
  [[...HOST, 'Origin', 'null'], 403],
  [[...HOST, 'Origin', ''], 403],
  [[...HOST, 'Origin', 'https://127.0.0.1:18080'], 403],
  [[...HOST, 'Origin', 'http://localhost:18080'], 403],
  [[...HOST, 'Origin', 'http://127.0.0.1:18080/'], 403],
  [[...HOST, 'Origin', 'http://127.0.0.1:3000'], 403],
  [[...HOST, 'Sec-Fetch-Site', 'same-site'], 403],
  [[...HOST, 'Sec-Fetch-Site', 'cross-site'], 403],
  [[...HOST, ...HOST], 400],
  [[...HOST, 'Authorization', 'a', 'authorization', 'b'], 400],
  [[...HOST, 'Content-Length', '5'], 400],
])('a reading request with %j: %i', (headers, expected) => {
  expect(status(headers)).toBe(expected);
});

test('a page is opened from elsewhere, and nothing else is', () => {
  const from = (mode: string, dest: string, target: string): number =>
    status([...HOST, 'Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Mode', mode, 'Sec-Fetch-Dest', dest], { target });
  expect(from('navigate', 'document', '/')).toBe(200);
  expect(from('navigate', 'iframe', '/')).toBe(403);
  expect(from('no-cors', 'script', '/app.js')).toBe(403);
  expect(from('navigate', 'document', '/api/v1/sessions')).toBe(403);
});

test.each([
  [['Host', 'localhost'], 200],
  [['Host', 'localhost', 'Origin', 'http://localhost'], 200],
  [['Host', '127.0.0.1:18080'], 403],
  [['Host', 'evil.example'], 403],
  [['Host', 'localhost', 'Origin', 'http://evil.example'], 403],
  [['Host', 'localhost', 'Sec-Fetch-Site', 'cross-site'], 403],
  [[], 403],
])('on the socket, with %j: %i', (rawHeaders, expected) => {
  const objection = objectionTo({ method: 'GET', target: '/api/v1/sessions', rawHeaders }, undefined, 100);
  expect(objection?.status ?? 200).toBe(expected);
});

test('the address that is bound names itself', () => {
  const v6 = { host: '::1', port: 9 };
  expect(objectionTo({ method: 'GET', target: '/', rawHeaders: ['Host', '[::1]:9'] }, v6, 1)).toBeUndefined();
});

test.each([
  ['POST', ['Content-Type', 'application/json', 'Content-Length', '100'], 200],
  ['PUT', ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', '1'], 200],
  ['POST', ['Content-Type', 'application/json', 'Content-Length', '101'], 413],
  ['POST', ['Content-Type', 'text/plain', 'Content-Length', '1'], 415],
  ['POST', ['Content-Type', 'application/json-seq', 'Content-Length', '1'], 415],
  ['POST', ['Content-Type', 'multipart/form-data; boundary=a', 'Transfer-Encoding', 'chunked'], 415],
  ['POST', ['Content-Length', '1'], 415],
  ['POST', [], 200],
  ['OPTIONS', [], 405],
  ['TRACE', [], 405],
  ['CONNECT', [], 405],
])('%s with %j: %i', (method, headers, expected) => {
  expect(status([...HOST, ...headers], { method })).toBe(expected);
});

test.each([
  ['http://127.0.0.1:18080/', 400],
  ['//evil.example/', 400],
  ['*', 400],
  [`/${'a'.repeat(5_000)}`, 414],
])('the target %s: %i', (target, expected) => {
  expect(status(HOST, { target })).toBe(expected);
});

test('no header of CORS is among those of every answer', () => {
  expect(Object.keys(safetyHeaders()).filter((name) => /access-control/i.test(name))).toEqual([]);
});
