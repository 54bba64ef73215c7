import { expect, test } from 'vitest';
import { askTool } from '../../../../src/session/registries/ask-tool.ts';

const ask = (script: string): ReturnType<typeof askTool> =>
  askTool('/bin/sh', ['-c', script], { PATH: '/usr/bin:/bin' });

test('what the tool prints is read, from a folder without a project', async () => {
  expect(await ask('printf \'{"cwd":"%s","home":"%s"}\' "$PWD" "$HOME"')).toEqual({ cwd: '/', home: '' });
});

test.each([
  ['fails', 'echo "{}"; exit 1'],
  ['prints no JSON', 'echo registry'],
  ['prints no object', 'echo "[]"'],
  ['prints without end', 'yes'],
])('a tool that %s says nothing', async (_, script) => expect(await ask(script)).toBeUndefined());

test('a tool that is absent says nothing', async () => expect(await askTool('/nonexistent', [], {})).toBeUndefined());
