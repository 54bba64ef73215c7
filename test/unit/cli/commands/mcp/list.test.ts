// Servers and tools of a sample journal, for people and for programs.
import { expect, test } from 'vitest';
import { ToolFile } from '../../../../../src/journal/tool-files.ts';
import { SESSION_ID } from '../../../journal/sample-session.ts';
import { EVENTS, lines, objects, state } from './sample-state.ts';

test('list has a line a tool, also of those that were only offered', async () => {
  const { dir, leash } = await state(EVENTS.slice(0, -1));
  new ToolFile(dir).add('files', '{"name":"move","inputSchema":{"type":"object"}}');
  const listed = lines(leash('list')).map((line) =>
    line.replaceAll(/ {2,}/g, '|').replace(/\d\d:\d\d:\d\d\.\d{3}$/, 'T'),
  );
  expect(listed).toEqual([
    'SERVER|BY|TOOL|ALLOWED|DENIED|WOULD DENY|ASKED|LAST',
    'files|stdio mcp:files|read|1|0|0|0|T',
    'files|stdio mcp:files|write|0|1|0|0|T',
    'files|stdio mcp:files|move|0|0|0|0|-',
    'files|stdio mcp:files|(initialize)|1|0|0|0|T',
  ]);
  expect(objects(leash('list', '--json'))).toMatchObject([
    {
      session: SESSION_ID,
      server: 'files',
      calls: 3,
      denied: 1,
      vias: ['mcp:files'],
      tools: [{ name: 'read' }, {}, {}],
    },
  ]);
});
