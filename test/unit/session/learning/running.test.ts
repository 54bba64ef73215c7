// What events imply is said once, and for the MCP server that it was done for.
import { expect, test } from 'vitest';
import { RunningPrograms } from '../../../../src/session/learning/running.ts';
import { sampleEvent } from '../../journal/sample-session.ts';

type Step = readonly [pid: number, exe: string, via: string, started?: string];

/** `ProcessExec /usr/bin/node mcp:files`, of each step. */
function implied(...steps: readonly Step[]): readonly (readonly string[])[] {
  const running = new RunningPrograms();
  return steps.map(([pid, exe, via, started]) => {
    const who = { pid, parent: 1, exe, ...(via !== '' && { via }) };
    const resource = { type: 'path', path: started ?? '/w/a' } as const;
    const event = sampleEvent({ who, action: started === undefined ? 'FileOpenReadOnly' : 'ProcessExec', resource });
    return running.impliedBy(event).map((request) => {
      const { action, resource: of } = request;
      const program = 'program' in request ? request.program : undefined;
      return `${action} ${'path' in of ? of.path : of.name} ${program?.via ?? '-'}`;
    });
  });
}

/** Nothing on this machine, so no loader is implied. */
const [AGENT, SCRIPT, PYTHON] = ['/none/agent', '/none/script', '/none/python'];

test('the interpreter of a script is implied once', () => {
  expect(implied([7, AGENT, '', SCRIPT], [7, PYTHON, ''], [8, PYTHON, ''])).toEqual([
    [`ProcessExec ${AGENT} -`],
    [`ProcessExec ${PYTHON} -`],
    [],
  ]);
});

test('who starts the first program of an MCP server is the agent: it is permitted without the server', () => {
  expect(implied([7, AGENT, '', SCRIPT], [7, PYTHON, 'mcp:files'], [9, PYTHON, 'mcp:files']).slice(1)).toEqual([
    [`ProcessExec ${PYTHON} -`],
    [],
  ]);
});

test('what a server starts is permitted to it alone, and to the agent when the agent does it, too', () => {
  const steps = implied(
    [9, PYTHON, 'mcp:files', SCRIPT],
    [9, '/none/perl', 'mcp:files'],
    [7, AGENT, '', SCRIPT],
    [7, '/none/perl', ''],
  );
  expect(steps[1]).toEqual(['ProcessExec /none/perl mcp:files']);
  expect(steps[3]).toEqual(['ProcessExec /none/perl -']);
});

test('what the agent did already holds for every server', () => {
  expect(
    implied([7, AGENT, '', SCRIPT], [7, PYTHON, ''], [9, '/none/node', 'mcp:a', SCRIPT], [9, PYTHON, 'mcp:a']).at(-1),
  ).toEqual([]);
});
