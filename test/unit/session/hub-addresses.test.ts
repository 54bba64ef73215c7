import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { announceHub, isHubPort } from '../../../src/session/hub-addresses.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(path.join(tmpdir(), 'leash-hubs-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

test('a port is a hub’s while the hub lives', () => {
  expect(isHubPort(state, 9)).toBe(false);
  const withdraw = announceHub(state, 9);
  expect(isHubPort(state, 9)).toBe(true);
  expect(isHubPort(state, 10)).toBe(false);
  withdraw();
  expect(isHubPort(state, 9)).toBe(false);
});

test('who was killed has none, and who took over keeps its own', () => {
  const withdraw = announceHub(state, 9);
  writeFileSync(path.join(state, 'hubs/9'), '4194305 gone');
  expect(isHubPort(state, 9)).toBe(false);
  writeFileSync(path.join(state, 'hubs/9'), '1 ');
  withdraw();
  expect(isHubPort(state, 9)).toBe(true);
});

test('what cannot be read counts as one', () => {
  mkdirSync(path.join(state, 'hubs/9'), { recursive: true });
  expect(isHubPort(state, 9)).toBe(true);
});
