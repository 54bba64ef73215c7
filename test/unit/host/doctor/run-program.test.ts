import path from 'node:path';
import { expect, test } from 'vitest';
import { firstLine, runProgram } from '../../../../src/host/doctor/run-program.ts';
import { sampleHost } from './sample-host.ts';

test('a program’s output and whether it succeeded', async () => {
  const { bin } = sampleHost({ programs: { tool: 'echo "$1 $LC_ALL"; echo careful >&2; exit "$2"' } });
  const tool = path.join(bin, 'tool');
  expect(await runProgram(tool, ['a b', '0'], {})).toEqual({ ok: true, stdout: 'a b C\n', stderr: 'careful\n' });
  expect(await runProgram(tool, ['x', '3'], {})).toMatchObject({ ok: false, stdout: 'x C\n' });
});

test('a program that cannot be started says why', async () => {
  expect(await runProgram('/nonexistent/tool', [])).toMatchObject({
    ok: false,
    stdout: '',
    stderr: expect.stringContaining('ENOENT'),
  });
});

test('a program that waits for input sees its end', async () => {
  expect(await runProgram('/bin/cat', [])).toEqual({ ok: true, stdout: '', stderr: '' });
});

test('the first line', () => {
  expect(firstLine('\n one\ntwo\n')).toBe('one');
  expect(firstLine('')).toBe('');
});
