// The demo's script is one the scripted model accepts, and holds every attempt.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { demoAttempts, FORBIDDEN_HOST } from '../../../../src/cli/demo/attempts.ts';
import { demoScript } from '../../../../src/cli/demo/script.ts';
import { PACKAGE_ROOT } from '../../../../src/host/paths.ts';

const surroundings = { workspace: '/w', forbiddenProgram: '/usr/bin/su', outsideFile: '/store/it', hasCurl: true };

test.each([true, false])('with curl: %s', async (hasCurl) => {
  const attempts = demoAttempts({ ...surroundings, hasCurl });
  const script = demoScript('/w', attempts);
  const { checkScript } = await import(
    pathToFileURL(path.join(PACKAGE_ROOT, 'test/fixtures/scripted-model/script.mjs')).href
  );
  expect(() => checkScript(script)).not.toThrow();
  for (const { step } of attempts) expect(script.steps).toContain(step);
  expect(JSON.stringify(script).includes('curl')).toBe(hasCurl);
  expect(JSON.stringify(script)).toContain(`https://${FORBIDDEN_HOST}/`);
});

test('what is to be deleted is the one file that is made for it', () => {
  const steps = JSON.stringify(demoScript('/w', demoAttempts(surroundings)).steps);
  expect(steps.match(/\brm\b/g)).toHaveLength(1);
  expect(steps).toContain("rm -f '/store/it'");
});
