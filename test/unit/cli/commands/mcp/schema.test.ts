// Tools that a sample session saw, as a schema.
import { expect, test } from 'vitest';
import { ToolFile } from '../../../../../src/journal/tool-files.ts';
import { HOSTILE } from '../../mcp/sample-call.ts';
import { objects, state } from './sample-state.ts';

test('schema prints what Cedar reads, names what it left out, and takes one server alone', async () => {
  const { dir, leash } = await state();
  const file = new ToolFile(dir);
  const add = (server: string, name: string): void =>
    file.add(
      server,
      JSON.stringify({ name, inputSchema: { type: 'object', properties: { path: { type: 'string' } } } }),
    );
  add('files', 'read');
  add('files', HOSTILE);
  add('other', 'look');
  const { status, stdout, stderr } = leash('schema');
  expect(status).toBe(0);
  expect(stdout).toMatch(/namespace files \{[\s\S]*action "read"[\s\S]*namespace other \{[\s\S]*action "look"/);
  expect(stderr).toMatch(/^leash: left out: x\\u001b\]0;owned[^\u001b]*\n$/);
  const [json] = objects(leash('schema', '--json', '--server', 'other'));
  expect(Object.keys(json ?? {})).toEqual(['other']);
});
