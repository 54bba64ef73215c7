// A repository's leash.cedar tightens what rules a session and widens nothing, also when it or the policy is edited meanwhile.
import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finished, IDENTITIES, PERMISSIVE, Place, POLICY, runLeash, startLeash } from '../fixtures/leash.ts';

const TIGHTER =
  '@id("mine") @reason("Not here.")\nforbid(principal, action in Action::"FileOpen", resource) when { resource.name like "private*" };\n';

describe.each(IDENTITIES)("a repository's policy, as %s", (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('private.txt', 'private');
    place.write('forbidden.txt', 'forbidden');
    place.write('open.txt', 'open');
  });
  afterEach(() => place.remove());

  it('forbids beside the policy, and what happened says so', async () => {
    place.write('leash.cedar', TIGHTER);
    const { stdout, stderr, events } = await runLeash(place, {
      policy: POLICY,
      command: ['sh', '-c', 'cat open.txt private.txt forbidden.txt'],
    });
    expect(stdout.toString()).toBe('open');
    expect(stderr).toContain('policy.cedar,leash.cedar');
    expect(events.flatMap(({ policies = [] }) => policies)).toContain('mine');
  });

  it.each([
    [
      'a permit',
      `${TIGHTER}permit(principal, action, resource);\n`,
      'LEASH_POLICY_INVALID',
      'line 3 begins a statement that is no forbid',
    ],
    [
      'what cannot be enforced',
      'forbid(principal, action == Action::"Nothing", resource);\n',
      'LEASH_POLICY_INVALID',
      'leash.cedar:1:',
    ],
  ])('%s in it starts nothing', async (_what, text, code, message) => {
    place.write('leash.cedar', text);
    const { status, stdout, stderr } = await runLeash(place, { policy: POLICY, command: ['cat', 'forbidden.txt'] });
    expect([status, stdout.toString()]).toEqual([125, '']);
    expect(stderr).toContain(code);
    expect(stderr).toContain(message);
  });

  it('the agent cannot edit it, and edits of others change nothing, also not with an edit of the policy', async () => {
    const file = place.write('leash.cedar', TIGHTER);
    const script = `
      echo 'permit(principal, action, resource);' >leash.cedar; mv leash.cedar x; rm leash.cedar; echo y >y; mv y leash.cedar
      echo ready; read line; cat private.txt; echo end`;
    const child = startLeash(place, { policy: PERMISSIVE, command: ['sh', '-c', script] });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += String(chunk);
      if (/reloaded, epoch/.test(said)) child.stdin?.end('go\n');
    });
    let kept = '';
    child.stdout?.once('data', () => {
      kept = readFileSync(file, 'utf8');
      rmSync(file);
      place.write(`${place.root}/policy.cedar`, `${PERMISSIVE}// edited\n`);
    });
    const { stdout } = await finished(child);
    expect(stdout.toString()).toBe('ready\nend\n');
    expect(kept).toBe(TIGHTER);
  });
});
