import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { homeOf, type SessionOptions } from '../../../src/session/options.ts';

test('the home is what the environment says, else what the account says', () => {
  expect(homeOf({ env: { HOME: '/h' } } as unknown as SessionOptions)).toBe('/h');
  expect(homeOf({ env: { HOME: '' } } as unknown as SessionOptions)).toBe(homedir());
  expect(homeOf({ env: {} } as unknown as SessionOptions)).toBe(homedir());
});
