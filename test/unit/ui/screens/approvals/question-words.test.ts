import { expect, test } from 'vitest';
import type { Question } from '../../../../../src/schema/approval.ts';
import {
  commandLine,
  countdown,
  endText,
  facts,
  waitingText,
} from '../../../../../ui/src/screens/approvals/question-words.ts';

const QUESTION: Question = {
  id: 'a',
  opened: 0,
  expires: 1,
  who: { pid: 57, parent: 1, exe: '/usr/bin/git\u202e', argv: ['git', 'push it', ''] },
  actions: ['NetConnect'],
  resource: { type: 'host', name: 'forge.example' },
  particulars: { port: 443, protocol: 'tcp' },
  text: 'Push?',
  policies: ['ask'],
  waiting: 1,
};

test('what, by whom and why, with nothing hidden', () => {
  expect(facts(QUESTION)).toEqual([
    { name: 'What', text: 'NetConnect forge.example:443' },
    { name: 'protocol', text: 'tcp' },
    { name: 'Program', text: '/usr/bin/git\\u202e (pid 57)' },
    { name: 'Command', text: 'git "push it" ""' },
    { name: 'Asked by', text: 'ask' },
  ]);
  const { who: _who, ...nobody } = QUESTION;
  expect(facts(nobody)).toContainEqual({ name: 'Program', text: 'the agent' });
});

test('two command lines never look alike', () => {
  expect(commandLine(['a b'])).not.toBe(commandLine(['a', 'b']));
});

test('the time that is left', () => {
  expect([65_000, 59_001, 1, 0, -5_000].map(countdown)).toEqual(['1:05', '1:00', '0:01', '0:00', '0:00']);
});

test('words for one and more', () => {
  expect([waitingText(1), waitingText(2), endText('once')]).toEqual(['1 call waits', '2 calls wait', 'allowed once']);
});
