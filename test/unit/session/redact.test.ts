import { expect, test } from 'vitest';
import type { Event } from '../../../src/schema/event.ts';
import { redactor } from '../../../src/session/redact.ts';

const event: Event = {
  v: 1,
  time: 1,
  action: 'ProcessExec',
  resource: { type: 'path', path: '/bin/curl' },
  detail: { argv: ['curl', '-H', 'Authorization: sk-12345678'] },
  effect: 'allow',
  enforced: true,
  policies: [],
  epoch: 1,
};

test('a credential is replaced by its name wherever it stands', () => {
  const clean = redactor({ API_KEY: 'sk-12345678' })(event);
  expect(clean).toEqual({ ...event, detail: { argv: ['curl', '-H', 'Authorization: [API_KEY]'] } });
});

test('an event without one is the same object', () => {
  expect(redactor({ API_KEY: 'sk-other-key' })(event)).toBe(event);
  expect(redactor({ PATH: 'sk-12345678' })(event)).toBe(event);
});

test('short values are words, not secrets', () => expect(redactor({ TOKEN: 'curl' })(event)).toBe(event));

test('a value that JSON escapes is found too', () => {
  const value = 'pass"word\\\n8';
  const path = `/tmp/${value}/x`;
  expect(redactor({ PASSWORD: value })({ ...event, resource: { type: 'path', path } }).resource).toEqual({
    type: 'path',
    path: '/tmp/[PASSWORD]/x',
  });
});

test('of two values the longer goes first, so nothing of it is left', () => {
  const clean = redactor({ A_TOKEN: 'abcdefgh', B_TOKEN: 'abcdefgh-and-more' })({
    ...event,
    detail: { x: 'abcdefgh-and-more abcdefgh' },
  });
  expect(clean.detail).toEqual({ x: '[B_TOKEN] [A_TOKEN]' });
});
