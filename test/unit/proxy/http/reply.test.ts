// The responses Leash gives itself.
import { describe, expect, it } from 'vitest';
import { parseRequestHead } from '../../../../src/proxy/http/head.ts';
import { refusal, renderReply } from '../../../../src/proxy/http/reply.ts';

const decision = {
  effect: 'deny' as const,
  policies: ['a', 'b\r\nX-Evil: 1'],
  reason: 'line\r\nbreak',
  enforced: true,
  epoch: 1,
};
const render = (fields: string, close = false, method = 'GET') =>
  renderReply(
    refusal('GET https://a:443/', decision),
    parseRequestHead(`${method} / HTTP/1.1${fields}`),
    close,
  ).toString('latin1');

describe('renderReply', () => {
  it('never lets policy text break the head', () => {
    const [head = '', body = ''] = render('').split('\r\n\r\n');
    expect(head.split('\r\n').map((line) => line.split(':', 1)[0])).toEqual([
      'HTTP/1.1 403 Forbidden',
      'Content-Type',
      'Content-Length',
      'Cache-Control',
      'X-Leash-Policy',
    ]);
    expect(body).toContain('leash: GET https://a:443/ is not permitted');
    expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(Buffer.byteLength(body, 'latin1'));
  });

  it('speaks JSON to those who ask for it, and sends no body to HEAD', () => {
    expect(
      JSON.parse(render('\r\nAccept: text/html, application/vnd.api+json').split('\r\n\r\n')[1] ?? ''),
    ).toMatchObject({ status: 403, reason: 'line\r\nbreak' });
    expect(render('', false, 'HEAD')).toMatch(/\r\n\r\n$/);
    expect(render('', true)).toContain('Connection: close');
  });

  it('says when nothing permitted the request', () => {
    expect(refusal('GET x', { effect: 'deny', policies: [], enforced: true, epoch: 1 }).message).toBe(
      'GET x is not permitted: no policy permits it',
    );
  });
});
