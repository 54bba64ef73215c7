// How a request reads once a forward proxy is to pass it on.
import { expect, test } from 'vitest';
import { absoluteForm } from '../../../../src/proxy/upstream/absolute-form.ts';
import { type ParentProxy, readParentProxies } from '../../../../src/proxy/upstream/parent-proxies.ts';

function proxy(url: string): ParentProxy {
  const [one] = readParentProxies({ http_proxy: url })?.all ?? [];
  if (one === undefined) throw new Error('no proxy');
  return one;
}

test.each([
  ['GET /a?b HTTP/1.1', 'example.com', 80, 'GET http://example.com/a?b HTTP/1.1'],
  ['GET /$&$1 HTTP/1.1', 'example.com', 80, 'GET http://example.com/$&$1 HTTP/1.1'],
  ['GET // HTTP/1.0', 'example.com', 8080, 'GET http://example.com:8080// HTTP/1.0'],
  ['OPTIONS * HTTP/1.1', 'example.com', 80, 'OPTIONS http://example.com HTTP/1.1'],
  ['GET / HTTP/1.1', '2001:db8::1', 80, 'GET http://[2001:db8::1]/ HTTP/1.1'],
])('%s to %s:%i becomes %s', (line, name, port, expected) => {
  const rest = '\r\nHost: example.com\r\nX: GET / HTTP/1.1\r\n\r\n';
  expect(absoluteForm(line + rest, { name, port }, proxy('http://p.test:1'))).toBe(expected + rest);
});

test('user and password go into a field of their own', () => {
  const head = absoluteForm('GET / HTTP/1.1\r\nHost: a\r\n\r\n', { name: 'a', port: 80 }, proxy('http://u:p@p.test:1'));
  expect(head).toBe('GET http://a/ HTTP/1.1\r\nProxy-Authorization: Basic dTpw\r\nHost: a\r\n\r\n');
});
