// Which header fields cross the proxy.
import { describe, expect, it } from 'vitest';
import {
  forwardedRequest,
  forwardedResponse,
  keepAliveHint,
  keepsAlive,
  requestedUpgrade,
} from '../../../../src/proxy/http/forward.ts';
import { parseRequestHead, parseResponseHead } from '../../../../src/proxy/http/head.ts';

const request = (fields: string, version = '1.1') =>
  parseRequestHead(`GET /ignored HTTP/${version}\r\nHost: A${fields}`);
const send = (fields: string) => forwardedRequest(request(fields), { path: '/p', host: 'a' });

describe('forwardedRequest', () => {
  it('writes the judged path and the one Host, keeps order and case, drops what is between two hops', () => {
    const fields =
      '\r\nX-One: 1\r\nConnection: keep-alive, X-Secret, content-length\r\nKeep-Alive: 5\r\nProxy-Authorization: x\r\nTE: trailers\r\nX-Secret: y\r\nContent-Length: 3\r\ncookie: \xe9';
    expect(send(fields)).toBe('GET /p HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nContent-Length: 3\r\ncookie: \xe9\r\n\r\n');
  });

  it('passes a WebSocket upgrade and no other kind of HTTP', () => {
    expect(send('\r\nConnection: Upgrade\r\nUpgrade: websocket')).toBe(
      'GET /p HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    for (const upgrade of ['h2c', 'H2', 'HTTP/2.0', 'websocket, h2c'])
      expect(requestedUpgrade(request(`\r\nConnection: upgrade\r\nUpgrade: ${upgrade}`))).toBeUndefined();
    expect(requestedUpgrade(request('\r\nUpgrade: websocket'))).toBeUndefined();
    expect(requestedUpgrade(request('\r\nConnection: upgrade\r\nUpgrade: websocket', '1.0'))).toBeUndefined();
  });
});

describe('forwardedResponse', () => {
  const head = parseResponseHead(
    'HTTP/1.1 200 Fine\r\nAlt-Svc: h3=":443"\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5, max=100\r\nSet-Cookie: a\r\nSet-Cookie: b',
  );
  it('drops Alt-Svc and connection fields, keeps duplicates', () => {
    expect(forwardedResponse(head, undefined)).toBe('HTTP/1.1 200 Fine\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n');
    expect(forwardedResponse(head, 'close')).toContain('\r\nConnection: close\r\n');
  });

  it('reads how long the server keeps the connection', () => {
    expect(keepAliveHint(head)).toBe(5);
    expect(keepAliveHint(parseResponseHead('HTTP/1.1 200 X'))).toBeUndefined();
    expect(keepsAlive(head)).toBe(true);
    expect(keepsAlive(parseResponseHead('HTTP/1.1 200 X\r\nConnection: Close'))).toBe(false);
    expect(keepsAlive(parseResponseHead('HTTP/1.0 200 X'))).toBe(false);
  });
});
