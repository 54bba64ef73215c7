import { expect, test } from 'vitest';
import { questionMessage } from '../../../../src/api/webhook/message.ts';
import type { Question } from '../../../../src/schema/approval.ts';

const question = (argv: readonly string[], path = '/w/x'): Question => ({
  id: 'k3f9qa',
  opened: 0,
  expires: 1,
  who: { pid: 12, parent: 1, exe: '/usr/bin/cat', argv },
  actions: ['FileOpenReadOnly'],
  resource: { type: 'path', path },
  particulars: { argv },
  text: 'May it?',
  policies: ['ask'],
  waiting: 1,
});

test('what an agent chose is a text of JSON', () => {
  const path = '/w/"}\n\u0000</script>\u2028';
  const message = JSON.parse(questionMessage('s', question(['cat'], path), 2));
  expect(message).toEqual({
    type: 'question.opened',
    timestamp: '1970-01-01T00:00:00.000Z',
    data: { session: 's', question: question(['cat'], path), answer: '/api/v1/sessions/s/questions/k3f9qa', missed: 2 },
  });
});

test('it stays short, however long what the agent chose is', () => {
  const huge = question(
    Array.from({ length: 5_000 }, () => 'x'.repeat(9_000)),
    'y'.repeat(1 << 20),
  );
  const text = questionMessage('s', huge, 0);
  expect(text.length).toBeLessThan(64 << 10);
  expect(JSON.parse(text).data.question.who.argv.at(-1)).toBe('…');
});
