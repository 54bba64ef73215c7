// The methods of all revisions are in the table, with what the rest of the folder relies on.
import { expect, test } from 'vitest';
import { METHODS } from '../../../src/mcp/methods.ts';

/** `method: "…"` in schema.ts of each revision, without what an earlier one has. */
const REVISIONS: Readonly<Record<string, string>> = {
  '2024-11-05': `completion/complete initialize logging/setLevel notifications/cancelled notifications/initialized
    notifications/message notifications/progress notifications/prompts/list_changed notifications/resources/list_changed
    notifications/resources/updated notifications/roots/list_changed notifications/tools/list_changed ping prompts/get prompts/list
    resources/list resources/read resources/subscribe resources/templates/list resources/unsubscribe roots/list
    sampling/createMessage tools/call tools/list`,
  '2025-06-18': 'elicitation/create',
  '2025-11-25':
    'notifications/elicitation/complete notifications/tasks/status tasks/cancel tasks/get tasks/list tasks/result',
  '2026-07-28': 'notifications/subscriptions/acknowledged server/discover subscriptions/listen',
  'SEP-2663': 'notifications/tasks tasks/update',
};

test('the table has the methods of the revisions, and no other', () => {
  const names = Object.values(REVISIONS).flatMap((list) => list.split(/\s+/));
  expect([...METHODS.keys()].sort()).toEqual(names.sort());
});

test('what begins with notifications/ is one, and nothing else', () => {
  for (const [name, { isNotification }] of METHODS) expect(isNotification).toBe(name.startsWith('notifications/'));
});

test('what a server asks of a client is about the client', () => {
  const asked = [...METHODS].filter(([, { sender, isNotification }]) => sender === 'server' && !isNotification);
  expect(asked.map(([name, { subject }]) => `${name} ${subject}`)).toEqual([
    'sampling/createMessage client',
    'elicitation/create client',
    'roots/list client',
  ]);
});
