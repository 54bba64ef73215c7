import { expect, test } from 'vitest';
import { withdrawnEvents } from '../../../src/session/withdrawn.ts';

test('each thing that was asked about is an event: refused, because nobody waited any more', () => {
  const subject = (name: string) =>
    ({
      key: name,
      agent: 'a',
      exe: '/x',
      action: 'HttpRequest',
      resource: { type: 'host', name },
      particulars: { path: '/p?token=1', port: 443 },
    }) as const;
  const asked = { subjects: [subject('a'), subject('b')], text: 'May it?', policies: ['p'] } as const;
  const events = withdrawnEvents(asked, { by: 'withdrawn', waited: 7 }, 3);
  expect(events).toMatchObject(
    ['a', 'b'].map((name) => ({
      action: 'HttpRequest',
      resource: { name },
      detail: { port: 443 },
      effect: 'deny',
      policies: ['p'],
      ask: 'May it?',
      reason: expect.stringContaining('given up before anybody answered'),
      approval: { by: 'withdrawn', waited: 7 },
      epoch: 3,
    })),
  );
  expect(JSON.stringify(events)).not.toContain('token');
});
