import { expect, test } from 'vitest';
import { docAt } from '../../../../../ui/src/screens/policy/words.ts';

const WORDS = {
  actions: [{ name: 'FileOpen', doc: 'Any access.' }],
  entityTypes: [
    { name: 'Host', doc: 'A host.' },
    { name: 'MCP::Tool', doc: 'A tool.' },
  ],
  context: { HttpRequest: [{ name: 'path', doc: 'Of the request.' }], ProcessExec: [{ name: 'path', doc: 'Other.' }] },
  attributes: { File: [{ name: 'path', doc: 'Of the file.' }], Dir: [{ name: 'path', doc: 'Of the file.' }] },
};
const at = (marked: string) => {
  const found = docAt(marked.replace('|', ''), marked.indexOf('|'), WORDS);
  return found?.lines.map(({ name, doc }) => `${name}: ${doc}`);
};

test.each([
  ['permit(principal, action == Action::"File|Open", resource);', ['FileOpen: Any access.']],
  ['resource is Ho|st', ['Host: A host.']],
  ['resource is MCP::To|ol', ['MCP::Tool: A tool.']],
  ['@a|sk("why")', [expect.stringContaining('@ask: The statement holds')]],
  ['action == Action::"HttpRequest" when { context.pa|th }', ['context.path: Of the request.']],
  ['action == Action::"Other" when { context.pa|th }', ['context.path: Of the request.', 'context.path: Other.']],
  [
    'resource.pa|th',
    ['File.path, Dir.path: Of the file.', 'HttpRequest.path: Of the request.', 'ProcessExec.path: Other.'],
  ],
])('%s', (marked, lines) => {
  expect(at(marked)).toEqual(lines);
});

test.each(['// Ho|st', 'per|mit', 'Host::"Ho|st"', ' |  '])('nothing is said of %s', (marked) => {
  expect(at(marked)).toBeUndefined();
});
