// Each attempt is recognised by its own traces only.
import { expect, test } from 'vitest';
import { demoAttempts } from '../../../../src/cli/demo/attempts.ts';
import type { Event } from '../../../../src/schema/event.ts';

test('no event counts for two attempts', () => {
  const attempts = demoAttempts({ workspace: '/w', forbiddenProgram: '/usr/bin/su', outsideFile: '/o', hasCurl: true });
  const paths = ['/w/secrets/prod.key', '/home/me/.ssh/id_ed25519', '/usr/bin/su', '/o', '/w/NOTES.md'];
  const actions = ['FileOpenReadOnly', 'FileWrite', 'FileCreate', 'FileDelete', 'ProcessExec'] as const;
  const base = { v: 1, time: 0, effect: 'allow', enforced: true, policies: [], epoch: 1 } as const;
  let recognised = 0;
  for (const path of paths) {
    for (const action of actions) {
      const event: Event = { ...base, action, resource: { type: 'path', path } };
      const matches = attempts.filter(({ concerns }) => concerns(event)).length;
      expect(matches).toBeLessThanOrEqual(1);
      recognised += matches;
    }
  }
  expect(recognised).toBeGreaterThanOrEqual(paths.length);
});
