import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { noticeLine, QuestionNotice } from '../../../src/cli/question-notice.ts';
import type { Question } from '../../../src/schema/approval.ts';

const question = (id: string): Question => ({
  id,
  opened: 0,
  expires: 1,
  who: { pid: 12, parent: 1, exe: '/usr/bin/cat' },
  actions: ['FileOpenReadOnly'],
  resource: { type: 'path', path: '/w/\u001b[31mx\n' },
  particulars: {},
  text: 'May it?',
  policies: [],
  waiting: 1,
});

let written: string[];
const notice = (isTerminal: boolean, isTaken = false): QuestionNotice =>
  new QuestionNotice({ isTerminal, isTakenOver: async () => isTaken, write: (text) => written.push(text) });
beforeEach(() => {
  written = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test('one line, printable, with the way to answer', () => {
  expect(noticeLine(question('aaaaaa'))).toBe(
    'question aaaaaa: May it? /usr/bin/cat (pid 12): FileOpenReadOnly /w/\\u001b[31mx\\n; leash approve aaaaaa, or leash deny aaaaaa',
  );
});

test.each([
  ['no terminal', false, false, /^leash: question aaaaaa: .*\n$/],
  ['a terminal in lines', true, false, /^leash: question aaaaaa: .*\n$/],
  ['a program that draws on the terminal', true, true, /^\u0007$/],
])('%s', async (_what, isTerminal, isTaken, sign) => {
  notice(isTerminal, isTaken).tell(question('aaaaaa'));
  await vi.advanceTimersByTimeAsync(0);
  expect(written).toEqual([expect.stringMatching(sign)]);
});

test('one sign a second, which says how many there were', async () => {
  const it = notice(false);
  for (let i = 0; i < 50; i++) it.tell(question('aaaaaa'));
  expect(written).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written).toEqual([
    expect.anything(),
    'leash: 49 more questions were asked; leash approvals lists what is open\n',
  ]);
  await vi.advanceTimersByTimeAsync(1_000);
  it.tell(question('bbbbbb'));
  expect(written).toHaveLength(3);
});

test.each([
  ['no terminal', false, false, 1],
  ['a terminal in lines', true, false, 1],
  ['a program that draws on the terminal', true, true, 0],
])('what can wait is said at once, or at the end: %s', async (_what, isTerminal, isTaken, atOnce) => {
  const before = process.listeners('exit');
  notice(isTerminal, isTaken).say('no webhook');
  await vi.advanceTimersByTimeAsync(0);
  expect(written).toHaveLength(atOnce);
  for (const end of process.listeners('exit').filter((each) => !before.includes(each))) {
    process.off('exit', end);
    end(0);
  }
  expect(written).toEqual(['leash: no webhook\n']);
});
