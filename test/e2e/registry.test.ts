// The real npm, in the sandbox, with a registry that only the user's own configuration names.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, type LeashResult, Place, runLeash } from '../fixtures/leash.ts';
import { NpmRegistry, REGISTRY_HOST } from '../fixtures/npm-registry.ts';

const OTHER = 'attacker.example';
const QUICK = ['--fetch-retries=0', '--no-audit', '--no-fund', '--no-update-notifier'];

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let registry: NpmRegistry;
  let port: number;
  beforeEach(async () => {
    place = new Place(as);
    registry = new NpmRegistry();
    port = await registry.listen();
    place.write('package.json', '{ "name": "project", "version": "1.0.0" }');
  });
  afterEach(() => {
    registry.close();
    place.remove();
  });

  const npm = (policy: string, ...words: readonly string[]): Promise<LeashResult> => {
    const reached = [REGISTRY_HOST, OTHER].flatMap((host) => ['--resolve', `${host}:80:127.0.0.1:${port}`]);
    return runLeash(place, { args: ['--policy', policy, ...reached], command: ['npm', ...words, ...QUICK] });
  };
  const refused = ({ events }: LeashResult): readonly string[] =>
    events.flatMap(({ effect, resource }) => (effect === 'deny' && 'name' in resource ? [resource.name] : []));

  it('the profile node lets npm use the registry of ~/.npmrc, and install from it', async () => {
    place.write(path.join(place.home, '.npmrc'), `registry=http://${REGISTRY_HOST}/\n`);
    const view = await npm('node', 'view', 'small-thing', 'version');
    expect([view.status, view.stdout.toString().trim()]).toEqual([0, '1.0.0']);
    const install = await npm('node', 'install', 'small-thing');
    expect([install.status, install.stderr.includes('npm error')]).toEqual([0, false]);
    expect(readFileSync(path.join(place.workspace, 'node_modules/small-thing/main.js'), 'utf8')).toContain('small');
    expect(registry.asked).toContain('/small-thing/-/small-thing-1.0.0.tgz');
  });

  it('without the profile the same registry is refused', async () => {
    place.write(path.join(place.home, '.npmrc'), `registry=http://${REGISTRY_HOST}/\n`);
    const view = await npm('coder', 'view', 'small-thing', '--registry', `http://${REGISTRY_HOST}`);
    expect(view.status).not.toBe(0);
    expect(refused(view)).toContain(REGISTRY_HOST);
    expect(registry.asked).toEqual([]);
  });

  it('no-network outweighs it', async () => {
    place.write(path.join(place.home, '.npmrc'), `registry=http://${REGISTRY_HOST}/\n`);
    expect((await npm('node,no-network', 'view', 'small-thing')).status).not.toBe(0);
    expect(registry.asked).toEqual([]);
  });

  it('a token of the registry is not in the sandbox', async () => {
    place.write(
      path.join(place.home, '.npmrc'),
      `registry=http://${REGISTRY_HOST}/\n//${REGISTRY_HOST}/:_authToken=s3cret\n`,
    );
    const script = 'cat "$npm_config_userconfig" ~/.npmrc; env; grep -r s3cret /run ~ /tmp 2>/dev/null';
    const { stdout } = await runLeash(place, { args: ['--policy', 'node'], command: ['sh', '-c', script] });
    expect(stdout.toString()).toContain(`registry=http://${REGISTRY_HOST}/`);
    expect(stdout.toString()).not.toContain('s3cret');
  });
});
