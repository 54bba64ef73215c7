// What a person sees of an agent's output.
import { describe, expect, test } from 'vitest';
import { transcriptLines } from '../../../../src/cli/demo/transcript.ts';
import { painter } from '../../../../src/cli/terminal.ts';

const plain = painter({});
const lines = (content: readonly unknown[]): readonly string[] =>
  transcriptLines(JSON.stringify({ type: 'assistant', message: { content } }), plain);

test('what the model says, what it calls, what came of it', () => {
  expect(lines([{ type: 'text', text: 'I look.' }])).toEqual(['  ● I look.']);
  expect(lines([{ type: 'tool_use', name: 'Bash', input: { command: 'ls' } }])).toEqual(['  ▸ Bash  ls']);
  expect(lines([{ type: 'tool_use', name: 'Read', input: { file_path: '/a' } }])).toEqual(['  ▸ Read  /a']);
  expect(lines([{ type: 'tool_result', content: 'one\n\ntwo' }])).toEqual(['      one', '      two']);
  expect(lines([{ type: 'tool_result', content: [{ type: 'text', text: 'one' }] }])).toEqual(['      one']);
});

test('long results and long lines are cut, and it is said how much is missing', () => {
  const shown = lines([{ type: 'tool_result', content: 'a\nb\nc\nd\ne' }]);
  expect(shown).toEqual(['      a', '      b', '      c', '      … 2 more lines']);
  expect(lines([{ type: 'text', text: 'x'.repeat(500) }])[0]?.length).toBeLessThan(120);
});

describe('the agent is not trusted', () => {
  test('it cannot drive the terminal', () => {
    const [line] = lines([{ type: 'text', text: 'a\u001b]0;title\u0007\u202eb\nc' }]);
    expect(line).toBe('  ● a\\u001b]0;title\\u0007\\u202eb\\nc');
  });

  test.each([
    'not JSON',
    'null',
    '7',
    '[]',
    '{"message":null}',
    '{"message":{"content":"text"}}',
    '{"message":{"content":[null,1,"x",{}]}}',
    '{"message":{"content":[{"type":"tool_result","content":7}]}}',
  ])('%s shows nothing', (line) => {
    expect(transcriptLines(line, plain)).toEqual([]);
  });

  test.each([
    '{"message":{"content":[{"type":"tool_use","name":null,"input":null}]}}',
    '{"message":{"content":[{"type":"tool_result","content":[null,{"text":{"a":1}}]}]}}',
  ])('%s does not throw', (line) => {
    expect(() => transcriptLines(line, plain)).not.toThrow();
  });
});
