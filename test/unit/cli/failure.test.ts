import { afterEach, expect, test, vi } from 'vitest';
import { eventsCommand } from '../../../src/cli/commands/events.command.ts';
import { runCommand } from '../../../src/cli/commands/run.command.ts';
import { report } from '../../../src/cli/failure.ts';
import { LeashError } from '../../../src/host/errors.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Standard error is the other side of this unit; what is written there is kept instead. */
function told(error: unknown, command = runCommand): { readonly status: number; readonly text: string } {
  let text = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  return { status: report(error, command), text };
}

test('an error that a person can mend: code, message, details, hint; no stack', () => {
  const error = new LeashError('LEASH_POLICY_INVALID', 'p.cedar has 1 error', {
    details: ['1:8 unknown action', '  ^'],
    cause: new Error('inner'),
  });
  expect(told(error)).toEqual({
    status: 125,
    text: [
      'leash: LEASH_POLICY_INVALID: p.cedar has 1 error',
      '  1:8 unknown action',
      '    ^',
      '  hint: Correct the policy; `leash policy check` shows every fault.',
      '',
    ].join('\n'),
  });
});

test('is told in one line, whatever it names', () => {
  expect(told(new LeashError('LEASH_WORKSPACE', 'the workspace a\nb\u001b[2J is not there')).text).toContain(
    'leash: LEASH_WORKSPACE: the workspace a\\nb\\u001b[2J is not there\n',
  );
});

test('a current directory that was removed is nobody’s bug', () => {
  const error = Object.assign(new Error('ENOENT: uv_cwd'), { code: 'ENOENT', syscall: 'uv_cwd' });
  expect(told(error)).toEqual({
    status: 125,
    text: expect.stringMatching(/^leash: LEASH_WORKSPACE: the current directory does not exist any more \(ENOENT\)\n/),
  });
});

test('misuse ends with the status of the command misused', () => {
  const error = new LeashError('LEASH_USAGE', 'no');
  expect(told(error).status).toBe(125);
  expect(told(error, eventsCommand).status).toBe(2);
});

test.each([new Error('lost'), 'lost'])('a bug is told in one line: %s', (error) => {
  expect(told(error)).toEqual({ status: 125, text: 'leash: internal error: lost (set LEASH_DEBUG=1 for the stack)\n' });
});

test('LEASH_DEBUG shows the stack', () => {
  vi.stubEnv('LEASH_DEBUG', '1');
  expect(told(new Error('lost')).text).toMatch(/^leash: internal error: lost\nError: lost\n +at /);
});

test('a closed pipe is no failure, except while an agent runs', () => {
  const error = Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });
  expect(told(error, eventsCommand)).toEqual({ status: 0, text: '' });
  expect(told(error, runCommand).status).toBe(125);
});
