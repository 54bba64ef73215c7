// Attacks of every area in containers: each succeeds where it should, and is stopped where it must be. `npm run battery:containers` runs all that are written in C.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, engineMissing, Lab } from '../fixtures/containers.ts';
import { attacksMatching } from './runner/catalogue.ts';
import { containerGround } from './runner/container-ground.ts';
import type { Ground } from './runner/grounds.ts';
import { runAttack } from './runner/run.ts';

/** What the backend has a part in: mounts, namespaces, users, the first process, the network, and one attack of each kind besides. */
const CHOSEN = [
  ...['aliases/proc-pid-root', 'aliases/inherited-descriptors', 'exec/fexecve', 'exec/memory-file'],
  ...['files/proc-self-root', 'files/set-user-id', 'files/create-by-procfs', 'matrix/refer-exchange-unread'],
  ...['network/udp-connected', 'network/udp-own-address', 'races/link-exchanged', 'sockets/datagram-to-path'],
];
const attacks = attacksMatching(/^/).filter(({ area, name }) => CHOSEN.includes(`${area}/${name}`));

test('every chosen attack exists', () => {
  expect(attacks).toHaveLength(CHOSEN.length);
});

describe.each(ENGINES.map((name) => ({ name, missing: engineMissing(name) })))('$name', ({ name, missing }) => {
  let lab: Lab;
  let ground: Ground;
  beforeAll(async () => {
    if (missing !== undefined) return;
    lab = await Lab.open(name);
    ground = containerGround(lab);
  }, 120_000);
  afterAll(() => lab?.close());

  test.for(attacks.map((attack) => [`${attack.area}/${attack.name}`, attack] as const))(
    '%s',
    { timeout: 240_000 },
    async ([, attack], context) => {
      if (missing !== undefined) context.skip(missing);
      const { verdict, detail } = await runAttack(attack, 'self', ground);
      if (verdict === 'skipped') context.skip(detail);
      expect(verdict, detail).toBe('stopped');
    },
  );
});
