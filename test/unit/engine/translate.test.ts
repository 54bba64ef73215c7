import { describe, expect, test } from 'vitest';
import { ProcessTable } from '../../../src/engine/process-table.ts';
import { fileActions, requestOf, translate } from '../../../src/engine/translate.ts';
import { FLAG, OPERATION } from '../../../src/engine/wire-layout.ts';
import type { ExecRequest, FileRequest } from '../../../src/schema/request.ts';
import type { Verdict } from '../../../src/schema/verdict.ts';
import { wireEvent } from './wire-samples.ts';

const processes = new ProcessTable();
processes.learn({
  line: 7,
  lineUp: 0,
  server: 0,
  pid: 7,
  parent: 2,
  hostPid: 1,
  uid: 1000,
  exe: '/bin/sh',
  argv: ['sh'],
});

type Request = FileRequest | ExecRequest;
const allow = (): Verdict => ({ effect: 'allow', policies: ['yes'], reason: 'never shown' });
const deny = (): Verdict => ({ effect: 'deny', policies: ['no'], reason: 'because' });

test('an allowed read', () => {
  expect(translate(wireEvent(), processes, allow)).toEqual({
    v: 1,
    time: 1_700_000_000_000.5,
    who: { pid: 7, parent: 2, exe: '/bin/sh', argv: ['sh'] },
    action: 'FileOpenReadOnly',
    resource: { type: 'path', path: '/w/file' },
    effect: 'allow',
    enforced: true,
    policies: ['yes'],
    epoch: 3,
  });
});

test('a denied write names its policy, its reason and the error the agent got', () => {
  const event = translate(wireEvent({ actions: 0b11, denied: 0b10, error: 13 }), processes, deny);
  expect(event).toMatchObject({
    action: 'FileWrite',
    detail: { actions: ['FileOpenReadOnly', 'FileWrite'] },
    effect: 'deny',
    enforced: true,
    policies: ['no'],
    reason: 'because',
    error: 'EACCES',
  });
});

test('a denial that the mode let pass is not enforced, and has no error', () => {
  const event = translate(wireEvent({ denied: 1, flags: FLAG.observed }), processes, deny);
  expect(event).toMatchObject({ effect: 'deny', enforced: false });
  expect(event).not.toHaveProperty('error');
});

test.each([
  [0, 'deny'],
  [1, 'allow'],
] as const)('when shadow policies differ from denied=%i they say %s', (denied, shadow) => {
  const explain = (): Verdict => ({ ...(denied ? deny() : allow()), shadow });
  expect(translate(wireEvent({ denied, flags: FLAG.shadowDiffers }), processes, explain).shadow).toBe(shadow);
  expect(translate(wireEvent({ denied }), processes, explain).shadow).toBeUndefined();
});

test('a table that cannot tell whether shadow policies differ leaves it to the policies', () => {
  expect(translate(wireEvent({ flags: FLAG.shadowDiffers }), processes, allow).shadow).toBeUndefined();
});

test('a question that nobody answered is kept with the denial', () => {
  const explain = (): Verdict => ({ effect: 'deny', policies: ['q'], reason: 'nobody was asked', ask: 'May it?' });
  expect(translate(wireEvent({ denied: 1 }), processes, explain)).toMatchObject({ effect: 'deny', ask: 'May it?' });
});

test.each([OPERATION.open, OPERATION.rename, OPERATION.link, OPERATION.exec])(
  'a rule of Leash itself (operation %i) names no policy',
  (operation) => {
    const event = translate(wireEvent({ operation, denied: 1, flags: FLAG.builtin, error: 13 }), processes, deny);
    expect(event.policies).toEqual([]);
    expect(event.reason).toMatch(/\.$/);
  },
);

test('a refused system call is named', () => {
  const event = translate(
    wireEvent({ operation: OPERATION.syscall, path: 'ptrace', denied: 1, error: 1 }),
    processes,
    allow,
  );
  expect(event).toMatchObject({
    action: 'SystemCall',
    resource: { type: 'name', name: 'ptrace' },
    effect: 'deny',
    enforced: true,
    error: 'EPERM',
  });
});

test('an exec carries its arguments', () => {
  const event = translate(
    wireEvent({ operation: OPERATION.exec, path: '/bin/cat', path2: 'cat\0-n\0' }),
    processes,
    allow,
  );
  expect(event).toMatchObject({
    action: 'ProcessExec',
    resource: { path: '/bin/cat' },
    detail: { argv: ['cat', '-n'] },
  });
});

describe('two names', () => {
  const rename = wireEvent({ operation: OPERATION.rename, actions: 0b10100, path: '/w/a', path2: '/w/b' });

  test('are both shown and both explained', () => {
    const asked: string[] = [];
    const explain = (request: Request): Verdict => {
      asked.push(request.resource.path);
      return { effect: 'allow', policies: [request.resource.path] };
    };
    expect(translate(rename, processes, explain)).toMatchObject({
      action: 'FileRename',
      resource: { path: '/w/a' },
      target: { type: 'path', path: '/w/b' },
      policies: ['/w/a', '/w/b'],
    });
    expect(asked).toEqual(['/w/a', '/w/b']);
  });

  test('a denial is explained by the name that was denied', () => {
    const explain = (request: Request): Verdict => (request.resource.path === '/w/b' ? deny() : allow());
    expect(translate({ ...rename, denied: 0b100 }, processes, explain)).toMatchObject({
      policies: ['no'],
      reason: 'because',
    });
  });
});

test.each([
  [1, ['FileOpenReadOnly']],
  [0b1111111, ['FileOpenReadOnly', 'FileWrite', 'FileCreate', 'FileDelete', 'FileRename', 'FileLink', 'FileSetAttr']],
  [0, []],
])('actions of %i', (bits, actions) => expect(fileActions(bits)).toEqual(actions));

test('a request is made for what was denied, else for what changes most', () => {
  expect(requestOf(wireEvent({ actions: 0b111 }), processes).action).toBe('FileCreate');
  expect(requestOf(wireEvent({ actions: 0b111, denied: 1 }), processes).action).toBe('FileOpenReadOnly');
  expect(requestOf(wireEvent({ pid: 8 }), processes).program).toEqual({ exe: '', uid: 0 });
});

test('a program that was judged by its content is recorded with it', () => {
  const exec = wireEvent({ operation: OPERATION.exec, path: '/w/tool', path2: 'tool\0' });
  expect(translate(exec, processes, allow).detail).toEqual({ argv: ['tool'] });
  expect(translate({ ...exec, sha256: 'ab' }, processes, allow).detail).toEqual({ argv: ['tool'], sha256: 'ab' });
});
