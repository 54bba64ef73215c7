// Which protocol the first bytes are taken for; anything an HTTP server might accept must be HTTP.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../../src/proxy/connection/first-bytes.ts';

const kind = (text: string) => {
  const result = classify(Buffer.from(text, 'latin1'));
  return result === 'incomplete' ? result : result.kind;
};

describe('classify', () => {
  it.each([
    'GET / HTTP/1.1',
    'GET /',
    'get /',
    'GET\t/',
    '\r\nGET /',
    ' \t\r\n POST http://x',
    'OPTIONS *',
    'M-SEARCH * HTTP/1.1',
    'CONNECT a:1 HTTP/1.1',
    'FOO bar HTTP/9',
    'PRI * HTTP/2.0\r\n\r\nSN',
    'PRI * HTTP/2.1',
    '\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'X_Y https://',
  ])('%j is HTTP', (text) => {
    expect(kind(text)).toBe('http');
  });

  it.each([
    'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n',
    '\0\0\0\x08\x04\xd2\x16\x2f',
    '*1\r\n$4\r\nPING\r\n',
    'PING\r\n',
    'NICK agent\r\nUSER a\r\n',
    '0032git-upload-pack /project.git\0host=a\0',
    'EHLO x\r\n',
    '\x80\x2e\x02\x03\x01',
    '\x80\x2e\x01\x05\x00',
    '\x15\x02\x01',
    '{"jsonrpc"',
  ])('%j is another protocol', (text) => {
    expect(kind(text)).toBe('other');
  });

  it.each([
    '',
    'G',
    'GET',
    'PRI * HTTP/2.0',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r',
    'GET ',
    '\r\n',
    'FOO bar',
    'FOO bar HTTP',
    '\x16',
    '\x15',
    '\x80\x2e\x01',
    '\x16\x03\x01\x02\0\x01',
  ])('%j is not decided yet', (text) => {
    expect(kind(text)).toBe('incomplete');
  });

  it('the preface of HTTP/2, with whatever follows', () => {
    expect(kind('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toBe('http2');
    expect(kind('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04')).toBe('http2');
  });

  it.each([
    // TLS that does not begin with a ClientHello record: a warning alert, a change of cipher, application data; SSL 2.0's ClientHello.
    '\x15\x03\x01\0\x02\x01\x5a',
    '\x14\x03\x03\0\x01\x01',
    '\x17\x03\x03\0\0',
    '\x80\x2e\x01\x03\x01',
    '\x80\x2e\x01\0\x02',
    '\x16\x02\x01',
    '\x16\x03\x01\0\0',
    `${' '.repeat(9000)}`,
    `FOO ${'x'.repeat(9000)}`,
  ])('case %# is malformed', (text) => {
    expect(kind(text)).toBe('malformed');
  });
});
