// The same agents with the same script in containers: of podman all five, of docker two. As root, and as an ordinary user where that user runs the tests.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AgentStore, playScript } from '../fixtures/agent-script.ts';
import { AGENT_SETUPS } from '../fixtures/agent-sessions.ts';
import { ENGINES, engineMissing, Lab } from '../fixtures/containers.ts';
import { Place } from '../fixtures/leash.ts';

const RUN_LIMIT_MS = 240_000;
/** Programs that agents and the script start; Leash brings the agents. */
const PROGRAMS = ['node', 'bash', 'env', 'curl', 'su', 'git'];
const names = AGENT_SETUPS.map(({ name }) => name);
const AGENTS: Readonly<Record<(typeof ENGINES)[number], readonly string[]>> = {
  podman: names,
  docker: ['claude', 'codex'],
};

const store = new AgentStore();
afterAll(() => store.remove());

describe.each(ENGINES)('%s', (name) => {
  const missing = engineMissing(name);
  let lab: Lab | undefined;
  let image: string;
  let place: Place | undefined;
  beforeAll(async () => {
    if (missing !== undefined) return;
    lab = await Lab.open(name);
    image = lab.imageWith({ programs: PROGRAMS }, 'agents');
  }, RUN_LIMIT_MS);
  afterAll(() => lab?.close());
  afterEach(() => {
    if (lab === undefined) return;
    expect(lab.containers()).toEqual([]);
    place?.remove();
  });

  test.for(AGENT_SETUPS.filter((setup) => AGENTS[name].includes(setup.name)))(
    '$name works under its own profile, and is refused the rest',
    { timeout: RUN_LIMIT_MS },
    async (setup, context) => {
      if (lab === undefined) return context.skip(missing);
      const found = await store.install(setup.name);
      if ('missing' in found) return context.skip(found.missing);
      place = new Place();
      await playScript(setup, found.version, place, store, {
        args: ['--backend', name, '--image', image],
        env: lab.env,
      });
    },
  );
});
