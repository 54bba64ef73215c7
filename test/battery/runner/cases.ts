// A share of the battery in; a test for each of its attacks, as every identity, on every engine and backend, out.
import { describe, expect, it } from 'vitest';
import { IDENTITIES } from '../../fixtures/leash.ts';
import { unless } from '../../fixtures/unless.ts';
import { attacksMatching } from './catalogue.ts';
import { GROUNDS } from './grounds.ts';
import { identityName } from './report.ts';
import { obstacle, runAttack } from './run.ts';

/** Test files run side by side, so the battery is in three. */
export type Share = 'files' | 'programs' | 'machine';

const SHARES: Readonly<Record<string, Share>> = {
  aliases: 'files',
  files: 'files',
  matrix: 'files',
  exec: 'programs',
  races: 'programs',
  tools: 'programs',
};

/** An area that nobody shared out is run with the last. */
const shareOf = (area: string): Share => SHARES[area] ?? 'machine';

/** Defines the tests. A title says why an attack is skipped here. */
export function describeAttacks(share: Share): void {
  const attacks = attacksMatching(/^/).filter(({ area }) => shareOf(area) === share);
  describe.each(GROUNDS)('on $engine and $backend', (ground) => {
    describe.each(IDENTITIES.map((as) => [identityName(as), as] as const))('as %s', (_, as) => {
      for (const attack of attacks) {
        const options = { timeout: 240_000, ...unless(obstacle(attack, as, ground)) };
        it(`${attack.area}/${attack.name}`, options, async () => {
          const { verdict, detail } = await runAttack(attack, as, ground);
          // An attack that is known to succeed must be taken off that list when it no longer does.
          expect(verdict, detail).toBe(attack.expectedAfter === undefined ? 'stopped' : 'expected');
        });
      }
    });
  });
}
