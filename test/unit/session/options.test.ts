import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { agentOf, homeOf, type SessionOptions } from '../../../src/session/options.ts';

test('the home is what the environment says, else what the account says', () => {
  expect(homeOf({ env: { HOME: '/h' } } as unknown as SessionOptions)).toBe('/h');
  expect(homeOf({ env: { HOME: '' } } as unknown as SessionOptions)).toBe(homedir());
  expect(homeOf({ env: {} } as unknown as SessionOptions)).toBe(homedir());
});

test('the agent is the base name of its command', () => {
  expect(agentOf({ command: ['/opt/bin/claude', '-p'] } as unknown as SessionOptions)).toBe('claude');
  expect(agentOf({ command: [] as readonly string[] } as SessionOptions)).toBe('');
});
