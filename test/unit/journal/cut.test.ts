import { expect, test } from 'vitest';
import { MAX_EVENT_BYTES } from '../../../src/journal/chain.ts';
import { eventJson } from '../../../src/journal/cut.ts';
import type { Event } from '../../../src/schema/event.ts';
import { sampleEvent } from './sample-session.ts';

function cut(event: Event): Event {
  const json = eventJson(event);
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
  return JSON.parse(json);
}

test('an event within the bound is written as it is', () => {
  const event = sampleEvent({ detail: { path: 'x'.repeat(200_000) } });
  expect(eventJson(event)).toBe(JSON.stringify(event));
});

test('the bound is in bytes, not characters', () => {
  const event = sampleEvent({ detail: { path: '€'.repeat(100_000) } });
  expect(cut(event).detail).toMatchObject({ cut: true });
});

test('a long field is cut and the others stay', () => {
  const event = sampleEvent({ detail: { method: 'GET', port: 443, path: `/${'a'.repeat(300_000)}` }, reason: 'why' });
  const { detail, ...rest } = cut(event);
  const { detail: _detail, ...whole } = event;
  expect(rest).toEqual(whole);
  expect(detail).toMatchObject({ method: 'GET', port: 443, cut: true });
  expect(detail?.['path']).toMatch(/^\/a{1000,}…$/);
});

test('an event without detail gets one that says it was cut', () => {
  const event = sampleEvent({
    who: { pid: 1, parent: 0, exe: '/bin/sh', argv: Array.from({ length: 40_000 }, () => 'argument') },
  });
  const { who, detail } = cut(event);
  expect(detail).toEqual({ cut: true });
  expect(who?.argv?.length).toBeGreaterThan(10);
});

test('no size and shape of strings from the agent escapes the bound', () => {
  const hostile = '\u0000'.repeat(400_000);
  const list = Array.from({ length: 300 }, () => hostile.slice(0, 300));
  const event = sampleEvent({
    who: { pid: 1, parent: 0, exe: hostile, argv: list },
    resource: { type: 'path', path: hostile },
    target: { type: 'path', path: hostile },
    reason: hostile,
    policies: list,
    detail: Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${index}${hostile.slice(0, 900)}`, list])),
  });
  expect(cut(event)).toMatchObject({ action: 'FileOpenReadOnly', effect: 'allow', epoch: 1, detail: { cut: true } });
});

test('a pair of surrogates is not cut in half', () => {
  const event = sampleEvent({ reason: `x${'😀'.repeat(200_000)}` });
  expect(cut(event).reason).toMatch(/^x(😀)+…$/u);
});
