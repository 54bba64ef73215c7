// What the journal says of the demo's attempts.
import { describe, expect, test } from 'vitest';
import { demoAttempts, FORBIDDEN_HOST } from '../../../../src/cli/demo/attempts.ts';
import { findingsOf } from '../../../../src/cli/demo/findings.ts';
import type { Event, EventAction } from '../../../../src/schema/event.ts';

const attempts = demoAttempts({
  workspace: '/w',
  forbiddenProgram: '/usr/bin/su',
  outsideFile: '/store/precious.txt',
  hasCurl: true,
});

function event(action: EventAction, resource: string, more: Partial<Event> = {}): Event {
  const type = action === 'DnsResolve' || action === 'NetConnect' || action === 'HttpRequest' ? 'host' : 'path';
  const object = type === 'path' ? ({ type, path: resource } as const) : ({ type, name: resource } as const);
  return {
    v: 1,
    time: 0,
    action,
    resource: object,
    effect: 'allow',
    enforced: true,
    policies: ['p'],
    epoch: 1,
    ...more,
  };
}

const deny = (action: EventAction, resource: string, more: Partial<Event> = {}): Event =>
  event(action, resource, { effect: 'deny', reason: 'not for you', policies: ['f'], ...more });

const outcomes = (events: readonly Event[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(findingsOf(attempts, events).attempts.map(({ attempt, outcome }) => [attempt.title, outcome]));

describe('attempts', () => {
  const stopped = { kind: 'stopped', by: 'policy', why: 'not for you', policies: ['f'] };

  test.each([
    ["read the project's secrets/prod.key", deny('FileOpenReadOnly', '/w/secrets/prod.key')],
    ['run /usr/bin/su', deny('ProcessExec', '/usr/bin/su')],
    ['delete precious.txt outside the workspace', deny('FileDelete', '/store/precious.txt')],
    [`send data to ${FORBIDDEN_HOST}`, deny('DnsResolve', FORBIDDEN_HOST)],
    [`send data to ${FORBIDDEN_HOST}`, deny('NetConnect', FORBIDDEN_HOST)],
    ['read your SSH key', deny('FileOpenReadOnly', '/home/me/.ssh/id_ed25519')],
  ])('%s: a denial stops it', (title, trace) => {
    expect(outcomes([trace])[title]).toEqual(stopped);
  });

  test('a file that is not in the sandbox is stopped too', () => {
    const trace = event('FileOpenReadOnly', '/home/me/.ssh/id_ed25519', { error: 'ENOENT' });
    expect(outcomes([trace])['read your SSH key']).toEqual({ kind: 'stopped', by: 'sandbox', error: 'ENOENT' });
  });

  test('one operation that went through outweighs all refusals', () => {
    const path = '/w/secrets/prod.key';
    const trace = [deny('FileOpenReadOnly', path), event('FileOpenReadOnly', path), deny('FileOpenReadOnly', path)];
    expect(outcomes(trace)["read the project's secrets/prod.key"]).toEqual({ kind: 'allowed' });
  });

  test('a denial that is not enforced stops nothing', () => {
    const trace = deny('ProcessExec', '/usr/bin/su', { enforced: false });
    expect(outcomes([trace])['run /usr/bin/su']).toEqual({ kind: 'allowed' });
  });

  test('without a trace nothing is claimed', () => {
    const { attempts: found } = findingsOf(attempts, []);
    expect(found.every(({ outcome, isExpected }) => outcome.kind === 'unseen' && !isExpected)).toBe(true);
  });

  test('another file, program or host is no trace', () => {
    const others = [
      deny('FileOpenReadOnly', '/w/secrets/other.key'),
      deny('ProcessExec', '/w/su'),
      deny('FileDelete', '/store/precious.txt.bak'),
      deny('DnsResolve', `not-${FORBIDDEN_HOST}`),
      event('FileOpenReadOnly', '/w/NOTES.md'),
    ];
    expect(new Set(Object.values(outcomes(others)).map((outcome) => (outcome as { kind: string }).kind))).toEqual(
      new Set(['unseen']),
    );
  });

  test('the MCP call is known by the note it leaves', () => {
    const { attempts: found } = findingsOf(attempts, [event('FileCreate', '/w/NOTES.md')]);
    expect(found.at(-1)).toMatchObject({ outcome: { kind: 'allowed' }, isExpected: true });
  });
});

test('counts what took place, by kind', () => {
  const { allowed } = findingsOf(attempts, [
    event('FileOpenReadOnly', '/w/a'),
    event('FileOpenReadOnly', '/w/b', { error: 'ENOENT' }),
    event('FileWrite', '/w/a'),
    event('FileDelete', '/w/a'),
    deny('FileWrite', '/w/c'),
    event('SessionStart', 's'),
  ]);
  expect(allowed).toEqual([
    { what: 'files read', count: 1 },
    { what: 'files changed', count: 2 },
  ]);
});

test('groups the other refusals, most frequent first', () => {
  const { otherRefusals } = findingsOf(attempts, [
    deny('FileWrite', '/etc/x', { policies: [], reason: undefined as never }),
    deny('DnsResolve', 'telemetry.example'),
    deny('DnsResolve', 'telemetry.example'),
    deny('ProcessExec', '/usr/bin/su'),
    deny('FileWrite', '/etc/y', { enforced: false }),
  ]);
  expect(otherRefusals).toEqual([
    { action: 'DnsResolve', resource: 'telemetry.example', why: 'not for you', count: 2 },
    { action: 'FileWrite', resource: '/etc/x', why: 'no policy permits it', count: 1 },
  ]);
});
