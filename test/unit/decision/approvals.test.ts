import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Approvals, type ApprovalsOptions, type Asked } from '../../../src/decision/approvals.ts';
import { KeptApprovals } from '../../../src/decision/kept-approvals.ts';
import type { Subject } from '../../../src/decision/subject.ts';
import type { Approval, Question } from '../../../src/schema/approval.ts';

let folder: string;
let opened: Question[];
let withdrawn: Approval[];
let heard: unknown[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-approvals-'));
  [opened, withdrawn, heard] = [[], [], []];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const make = (changes: Partial<ApprovalsOptions> = {}): Approvals =>
  new Approvals({
    timeout: 60_000,
    kept: new KeptApprovals(folder),
    opened: (question) => opened.push(question),
    withdrawn: (_asked, approval) => withdrawn.push(approval),
    ...changes,
  });
const subject = (name: string): Subject => ({
  key: Buffer.from(name).toString('hex').padEnd(64, '0'),
  agent: 'a',
  exe: '/bin/cat',
  action: 'FileOpenReadOnly',
  resource: { type: 'path', path: `/w/${name}` },
  particulars: {},
});
const about = (...names: [string, ...string[]]): Asked => ({
  subjects: names.map(subject) as [Subject, ...Subject[]],
  who: { pid: 7, parent: 1, exe: '/bin/cat' },
  text: 'May it?',
  policies: ['p'],
});
const hear = (settled: unknown): void => void heard.push(settled);
const id = (): string => opened.at(-1)?.id ?? '';

test('what is asked the same is one question, and one word is for all who wait', () => {
  const approvals = make();
  expect(approvals.ask(about('x'), hear)).toBeTypeOf('function');
  vi.advanceTimersByTime(5_000);
  approvals.ask(about('x'), hear);
  approvals.ask(about('y'), hear);
  expect(opened).toHaveLength(2);
  expect(approvals.list()).toMatchObject([
    { text: 'May it?', actions: ['FileOpenReadOnly'], resource: { path: '/w/x' }, policies: ['p'], waiting: 2 },
    { waiting: 1 },
  ]);
  expect(approvals.rule(opened[0]?.id ?? '', { effect: 'allow', scope: 'once' })).toBe(true);
  expect(heard).toEqual(Array(2).fill({ by: 'once', waited: 5_000 }));
  expect(approvals.list()).toHaveLength(1);
  expect(approvals.rule(opened[0]?.id ?? '', { effect: 'allow', scope: 'once' })).toBe(false);
  expect(approvals.standing(subject('x'))).toBeUndefined();
});

test('a word for the session, and one for always', () => {
  const approvals = make();
  approvals.ask(about('x', 'x2'), hear);
  approvals.rule(id(), { effect: 'allow', scope: 'session' });
  approvals.ask(about('y'), hear);
  approvals.rule(id(), { effect: 'deny', scope: 'session' });
  approvals.ask(about('z'), hear);
  approvals.rule(id(), { effect: 'allow', scope: 'always' });
  expect(['x', 'x2', 'y', 'z', 'w'].map((name) => approvals.standing(subject(name))?.by)).toEqual([
    'session',
    'session',
    'denied',
    'always',
    undefined,
  ]);
  expect(['x', 'y', 'z'].map((name) => make().standing(subject(name))?.by)).toEqual([undefined, undefined, 'always']);
});

test('nobody answers: refused when the time of the question is over, however late others joined', () => {
  const approvals = make();
  approvals.ask(about('x'), hear);
  vi.advanceTimersByTime(59_000);
  approvals.ask(about('x'), hear);
  vi.advanceTimersByTime(1_000);
  expect(heard).toEqual(Array(2).fill({ by: 'timeout', waited: 60_000 }));
  expect(approvals.list()).toEqual([]);
});

test('where nobody can be asked, nothing is', () => {
  expect(make({ timeout: 0 }).ask(about('x'), hear)).toEqual({ by: 'nobody', waited: 0 });
  expect(opened).toEqual([]);
});

test('who gives up and comes back finds the question; when nobody does, it is withdrawn', () => {
  const approvals = make();
  const leave = approvals.ask(about('x'), hear) as () => void;
  leave();
  leave();
  vi.advanceTimersByTime(1_000);
  approvals.ask(about('x'), hear);
  vi.advanceTimersByTime(10_000);
  expect(opened).toHaveLength(1);
  const again = approvals.ask(about('x'), hear) as () => void;
  again();
  expect(approvals.list()).toMatchObject([{ waiting: 1 }]);
  approvals.rule(id(), { effect: 'deny', scope: 'once' });
  expect(heard).toEqual([{ by: 'denied', waited: 11_000 }]);
  (approvals.ask(about('x'), hear) as () => void)();
  vi.advanceTimersByTime(2_000);
  expect(withdrawn).toEqual([{ by: 'withdrawn', waited: 2_000 }]);
  expect(approvals.list()).toEqual([]);
});

test('a word that comes while the call is being begun again is for that call, once', () => {
  const approvals = make();
  (approvals.ask(about('x'), hear) as () => void)();
  approvals.rule(id(), { effect: 'allow', scope: 'once' });
  expect(approvals.ask(about('x'), hear)).toMatchObject({ by: 'once' });
  expect(approvals.ask(about('x'), hear)).toBeTypeOf('function');
  expect(withdrawn).toEqual([]);
});

test('questions and those who wait are bounded', () => {
  const approvals = make();
  for (let i = 0; i < 64; i++) expect(approvals.ask(about(`q${i}`), hear)).toBeTypeOf('function');
  expect(approvals.ask(about('one more'), hear)).toEqual({ by: 'flood', waited: 0 });
  expect(approvals.ask(about('q5'), hear)).toBeTypeOf('function');
  for (let i = 65; i < 2_048; i++) approvals.ask(about('q5'), hear);
  expect(approvals.ask(about('q5'), hear)).toEqual({ by: 'flood', waited: 0 });
  approvals.rule(opened[0]?.id ?? '', { effect: 'deny', scope: 'once' });
  expect(approvals.ask(about('one more'), hear)).toBeTypeOf('function');
});

test('after a reload everybody judges again, and finds the question as it was', () => {
  const approvals = make();
  approvals.ask(about('x'), (settled) => {
    hear(settled);
    if (settled === 'again') approvals.ask(about('x'), hear);
  });
  approvals.rejudge();
  expect(heard).toEqual(['again']);
  expect(approvals.list()).toMatchObject([{ id: id(), waiting: 1 }]);
  vi.advanceTimersByTime(60_000);
  expect(heard).toEqual(['again', { by: 'timeout', waited: 60_000 }]);
});

test('a pass is for one connection, and for a while', () => {
  const approvals = make();
  approvals.leavePass(subject('x'));
  expect([
    approvals.takePass(subject('y')),
    approvals.takePass(subject('x')),
    approvals.takePass(subject('x')),
  ]).toEqual([false, true, false]);
  approvals.leavePass(subject('x'));
  vi.advanceTimersByTime(10_001);
  expect(approvals.takePass(subject('x'))).toBe(false);
});

test('ids say nothing and are never the same', () => {
  const approvals = make();
  const ids = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    approvals.ask(about(`n${i}`), hear);
    ids.add(id());
    approvals.rule(id(), { effect: 'deny', scope: 'once' });
  }
  expect(ids.size).toBe(2_000);
  expect([...ids].every((text) => /^[0-9a-hjkmnp-tv-z]{6}$/.test(text))).toBe(true);
});

test('closing forgets all timers', () => {
  const approvals = make();
  approvals.ask(about('x'), hear);
  (approvals.ask(about('y'), hear) as () => void)();
  approvals.close();
  expect(vi.getTimerCount()).toBe(0);
});
