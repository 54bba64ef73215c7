import { expect, test } from 'vitest';
import { packageVersion } from '../../../../src/cli/commands/version.ts';

test('the version is a semantic version', () => {
  expect(packageVersion()).toMatch(/^\d+\.\d+\.\d+/);
});
