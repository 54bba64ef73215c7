import { expect, test } from 'vitest';
import { profileReference } from '../../../src/cli/profile-reference.ts';
import { listProfiles, profileNames } from '../../../src/policy/profile.ts';

test('the page has a row for every profile, with its first sentence', () => {
  const page = profileReference(listProfiles());
  for (const name of profileNames())
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\| (addition|stands alone) \\|.*\\. \\|$`, 'm'));
  expect(page).toContain("| `strict` | stands alone | `base`, the model's hosts of the agent's profile |");
});
