import { expect, test } from 'vitest';
import type { Asked } from '../../../src/decision/approvals.ts';
import { withdrawnEvents } from '../../../src/session/withdrawn.ts';

test('a question that nobody answered is one denial for each operation that waited', () => {
  const file = (path: string) => ({
    action: 'FileWrite' as const,
    resource: { type: 'path' as const, path },
    particulars: {},
  });
  const asked = {
    subjects: [file('/a'), { ...file('/b'), particulars: { path: '/x?secret=1' } }],
    text: 'May it?',
    policies: ['ask-it'],
    who: { pid: 7, parent: 2, exe: '/bin/cat' },
  } as unknown as Asked;
  const events = withdrawnEvents(asked, { by: 'timeout', seconds: 3 } as never, 4);
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({
    action: 'FileWrite',
    resource: { path: '/a' },
    effect: 'deny',
    ask: 'May it?',
    epoch: 4,
  });
  expect(JSON.stringify(events)).not.toContain('secret');
});
