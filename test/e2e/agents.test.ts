// Each of the five real agents in a session of its own: what it does, what it is refused, and what its model gets to know of its key.
import { afterAll, afterEach, describe, test } from 'vitest';
import { AgentStore, playScript } from '../fixtures/agent-script.ts';
import { AGENT_SETUPS } from '../fixtures/agent-sessions.ts';
import { IDENTITIES, Place } from '../fixtures/leash.ts';

const RUN_LIMIT_MS = 240_000;

const store = new AgentStore();
afterAll(() => store.remove());

describe.each(AGENT_SETUPS)('$name', (setup) => {
  let place: Place | undefined;
  afterEach(() => place?.remove());

  test.for(IDENTITIES)(
    'as %s it works under its own profile, and is refused the rest',
    { timeout: RUN_LIMIT_MS },
    async (as, context) => {
      const found = await store.install(setup.name);
      if ('missing' in found) return context.skip(found.missing);
      place = new Place(as);
      await playScript(setup, found.version, place, store);
    },
  );
});
