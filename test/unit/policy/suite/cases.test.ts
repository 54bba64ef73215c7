import { expect, test } from 'vitest';
import { CaseError, readCases } from '../../../../src/policy/suite/cases.ts';
import { FACTS } from '../judge.ts';

test('a line is effect, action, resource and the determining policies in any order', () => {
  const text = `# a comment

allow FileWrite   @workspace/a   b,a
deny  NetConnect  10.0.0.1:22    -
deny  DnsResolve  a.com          -
allow ProcessExec /bin/ls        run
allow HttpRequest https://a.com/x?y  web
deny  HttpRequest POST:http://a.com:8080  -
deny  McpCall add@x@localhost:3000  -
allow McpCall [::1]:3000:tools/list  greet
`;
  expect(readCases(text, FACTS)).toMatchObject([
    { number: 3, effect: 'allow', policies: ['a', 'b'], request: { action: 'FileWrite', resource: { path: '/w/a' } } },
    { number: 4, effect: 'deny', policies: [], request: { action: 'NetConnect', port: 22, ip: '10.0.0.1' } },
    { number: 5, request: { action: 'DnsResolve', qtype: 'A' } },
    { number: 6, policies: ['run'], request: { argv: ['/bin/ls'] } },
    { number: 7, request: { method: 'GET', scheme: 'https', port: 443, path: '/x', query: 'y' } },
    { number: 8, request: { method: 'POST', scheme: 'http', port: 8080, path: '/', query: '' } },
    { number: 9, request: { method: 'tools/call', resource: { name: 'add@x', server: 'localhost:3000' } } },
    { number: 10, request: { method: 'tools/list', resource: { type: 'server', name: '[::1]:3000' } } },
  ]);
});

test('a fifth word is the MCP server that the program belongs to', () => {
  expect(readCases('allow FileWrite /a b mcp:files\ndeny NetConnect a.com:1 - mcp:?x', FACTS)).toMatchObject([
    { policies: ['b'], request: { action: 'FileWrite', program: { via: 'mcp:files' } } },
    { request: { action: 'NetConnect', program: { via: 'mcp:?x' } } },
  ]);
  expect(readCases('allow FileWrite /a b', FACTS)[0]?.request).not.toHaveProperty('program.via');
});

test.each([
  ['permit FileWrite /a -', /"permit" is not allow or deny/],
  ['allow FileWrite /a', /a case is: effect, action/],
  ['\nallow FileOpen /a -', /no case has the action FileOpen on \/a/],
  ['allow HttpRequest a.com/x -', /no case has the action HttpRequest on a\.com\/x/],
  ['allow NetConnect a.com -', /no case has the action NetConnect on a\.com/],
  ['allow McpCall notes -', /no case has the action McpCall on notes/],
  ['allow FileWrite /a - files', /"files" is no MCP server/],
  ['allow DnsResolve a.com - mcp:files', /DnsResolve does not say which program asks/],
  ['allow FileWrite /a - mcp:files more', /"more" is one word too many/],
])('%j is refused with its line', (text, message) => {
  expect(() => readCases(text, FACTS)).toThrow(CaseError);
  expect(() => readCases(text, FACTS)).toThrow(message);
  expect(() => readCases(text, FACTS)).toThrow(expect.objectContaining({ number: text.startsWith('\n') ? 2 : 1 }));
});
