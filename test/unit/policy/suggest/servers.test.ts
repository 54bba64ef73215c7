// What an MCP server did is suggested for that server alone; the official Cedar says so.
import { expect, test } from 'vitest';
import { splitStatements } from '../../../../src/policy/text/statements.ts';
import type { Request } from '../../../../src/schema/request.ts';
import { FACTS, judge, prepare } from '../judge.ts';
import { connect, exec, file, http, learn, textOf } from './learn.ts';

let sets = 0;

function officially(text: string): (request: Request) => boolean {
  const name = `servers${++sets}`;
  prepare(name, Object.fromEntries(splitStatements(text).map((statement, index) => [`p${index}`, statement.text])));
  return (request) => judge(name, request, FACTS).effect === 'allow';
}

/** The same, done by a program of the server. */
function via(server: string, request: Request): Request {
  return 'program' in request ? ({ ...request, program: { ...request.program, via: server } } as Request) : request;
}

const DONE = [
  file('/w/notes/a', 'FileWrite'),
  file('/w/notes/'),
  exec('/usr/bin/git'),
  connect('a.com'),
  connect('a.com', 53, 'udp'),
  http('a.com', 'GET', '/x'),
];

test.each([true, false])(
  'what only a server did is permitted to it, not to the shell and not to another (exactly: %s)',
  (isExact) => {
    const permits = officially(
      textOf(
        learn(
          DONE.map((request) => via('mcp:files', request)),
          { isExact },
        ),
      ),
    );
    for (const request of DONE) {
      expect(permits(via('mcp:files', request))).toBe(true);
      for (const other of [request, via('mcp:./files', request), via('mcp:?files', request), via('mcp:file', request)])
        expect([other, permits(other)]).toEqual([other, false]);
    }
  },
);

test('folders that a server proves are widened for it alone', () => {
  const seen = ['a', 'b', 'c', 'd'].map((name) => via('mcp:files', file(`/w/notes/${name}`, 'FileWrite')));
  const suggestion = learn(seen);
  expect(suggestion.statements.map(({ widening }) => widening)).toEqual(['all files directly in these folders']);
  const permits = officially(textOf(suggestion));
  expect(permits(via('mcp:files', file('/w/notes/z', 'FileWrite')))).toBe(true);
  expect(permits(file('/w/notes/a', 'FileWrite'))).toBe(false);
});

test('what programs of no server did needs no statement for a server; what each did has one', () => {
  const [read, write] = [file('/w/a'), file('/w/b', 'FileWrite')];
  const { statements, added } = learn([read, via('mcp:x', read), via('mcp:x', write), via('mcp:y', write)]);
  expect(added).toBe(4);
  expect(statements.map(({ text }) => text.split('\n').slice(1).join(' '))).toEqual([
    'permit(principal, action == Action::"FileOpenReadOnly", resource) when { resource in [File::"/w/a"] };',
    'permit(principal, action == Action::"FileWrite", resource) when { resource in [File::"/w/b"] } when { context.proc.via == "mcp:x" };',
    'permit(principal, action == Action::"FileWrite", resource) when { resource in [File::"/w/b"] } when { context.proc.via == "mcp:y" };',
  ]);
});

test('a name that anybody can take is told to be one', () => {
  const wideningOf = (server: string): unknown => learn([via(server, file('/w/a'))]).statements[0]?.widening;
  expect(wideningOf('mcp:x')).toBeUndefined();
  expect(wideningOf('mcp:./x')).toBe('whatever the workspace declares under this name');
  expect(wideningOf('mcp:?x')).toBe('whatever is started under this name');
});

test.each(['mcp:"); permit(principal, action, resource); @', 'mcp:a\\', 'mcp:*', 'mcp:\n\u202e'])(
  'a server called %j stands in a literal',
  (server) => {
    const suggestion = learn([via(server, file('/w/a'))]);
    expect(suggestion.statements).toHaveLength(1);
    const permits = officially(textOf(suggestion));
    expect([permits(via(server, file('/w/a'))), permits(file('/w/a')), permits(via('mcp:a', file('/w/a')))]).toEqual([
      true,
      false,
      false,
    ]);
  },
);

test('what no literal names is left alone', () => {
  const { statements, leftAlone } = learn([
    via('mcp:\ud800', file('/w/a')),
    via(`mcp:${'x'.repeat(2_000)}`, file('/w/a')),
  ]);
  expect([statements, leftAlone.map(({ why }) => why)]).toEqual([[], ['nameless', 'nameless']]);
});

test('a rename by a server is possible for it: what its new name permits, its old one does', () => {
  const move = {
    requests: [
      via('mcp:x', file('/w/a', 'FileRename')),
      via('mcp:x', file('/w/b', 'FileRename')),
      via('mcp:x', file('/w/b', 'FileCreate')),
    ],
    target: '/w/b',
  };
  const permits = officially(textOf(learn([move, via('mcp:x', file('/w/b'))])));
  for (const request of [file('/w/a'), file('/w/a', 'FileCreate'), file('/w/b', 'FileCreate')])
    expect([permits(via('mcp:x', request)), permits(request)]).toEqual([true, false]);
});
