// A session runs; afterwards each of its events is explained under the policy that was in force when it happened.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Event } from '../../src/schema/event.ts';
import { finished, Place, POLICY, runLeash, startLeash } from '../fixtures/leash.ts';

const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));

let place: Place;
beforeEach(() => {
  place = new Place('self');
});
afterEach(() => place.remove());

function policy(...args: readonly string[]): string {
  const env = { ...place.environment, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'policy', ...args], { encoding: 'utf8', env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const numberOf = (events: readonly Event[], isWanted: (event: Event) => boolean): string =>
  `latest:${events.findIndex(isWanted)}`;

test('what was denied is explained with statement, place and reason; what no policy decides is told so', async () => {
  place.write('forbidden.txt', 'x');
  const { events, session } = await runLeash(place, {
    policy: POLICY,
    command: ['sh', '-c', 'cat forbidden.txt; true'],
  });
  const denied = numberOf(events, ({ effect, action }) => effect === 'deny' && action === 'FileOpenReadOnly');
  const said = policy('explain', '--event', denied);
  expect(said).toMatch(/✗ denied .*forbidden\.txt — It is forbidden\. \(by no-forbidden\)/);
  expect(said).toMatch(/forbidden by no-forbidden \(.*policy\.cedar:4\): It is forbidden\./);
  expect(said).toContain('decided by the table in the warden');
  expect(JSON.parse(policy('explain', '--json', '--event', denied))).toMatchObject({
    effect: 'deny',
    determining: [{ id: 'no-forbidden', line: 4 }],
    event: { session, effect: 'deny', policies: ['no-forbidden'], epoch: 1 },
  });
  expect(
    policy(
      'explain',
      '--event',
      numberOf(events, ({ action }) => action === 'SessionStart'),
    ),
  ).toContain('no policy decides this');
  const shown = policy('show', '--session', 'latest');
  expect(shown).toContain(`@workspace/ is ${place.workspace}/`);
  expect(shown).toContain('// leash:policy-file');
});

test('an event before an edit is explained by the text before it, one after by the text after', async () => {
  const first = '@id("first") permit(principal, action, resource);';
  const second = `${first}\n@id("second") forbid(principal, action in Action::"FileOpen", resource) when { resource.name == "late" };`;
  place.write('early', '');
  place.write('late', '');
  const wait = 'cat early late; while cat late 2>/dev/null; do :; done';
  const child = startLeash(place, { policy: first, command: ['sh', '-c', wait] });
  const end = finished(child);
  const sessions = (): Event[] => {
    const listed = spawnSync(process.execPath, [MAIN, 'events', '--json'], {
      encoding: 'utf8',
      env: place.environment,
    });
    return listed.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event]));
  };
  const isLate = ({ resource }: Event): boolean => 'path' in resource && resource.path.endsWith('/late');
  await expect.poll(() => sessions().filter(isLate).length, { timeout: 50_000 }).toBeGreaterThan(0);
  writeFileSync(path.join(place.root, 'policy.cedar'), second);
  expect((await end).status).toBe(0);
  const events = sessions();
  expect(policy('explain', '--event', numberOf(events, isLate))).toContain('permitted by first');
  const denied = numberOf(events, (event) => isLate(event) && event.effect === 'deny');
  expect(policy('explain', '--event', denied)).toContain('forbidden by second');
  expect(policy('show', '-s', 'latest')).toContain('epoch 2');
});
