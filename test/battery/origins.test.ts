// The battery's policy for the network in; what it permits is reached, so that attacks on the rest fail for the right reason.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, Place, runLeash } from '../fixtures/leash.ts';
import { origins } from './runner/origins.ts';
import { batteryPolicy } from './runner/policy.ts';
import type { Standing } from './runner/standing.ts';

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let internet: Standing;
  beforeEach(async () => {
    place = new Place(as);
    internet = await origins(place);
  });
  afterEach(async () => {
    await internet.end();
    place.remove();
  });

  it.each(['http', 'https'])('a permitted request over %s, and no other', async (scheme) => {
    const fetched = (path: string) =>
      `fetch('${scheme}://allowed.example${path}').then((r) => r.text()).then(console.log)`;
    const { stdout } = await runLeash(place, {
      policy: batteryPolicy('network', {}).text,
      args: internet.options ?? [],
      command: [process.execPath, '-e', `${fetched('/public/page')}.then(() => ${fetched('/private/page')})`],
    });
    expect(stdout.toString()).toMatch(/^reached\n\n/);
    expect(stdout.toString().match(/reached/g)).toHaveLength(1);
    expect(internet.facts(Buffer.alloc(0))).toEqual([]);
  });
});
