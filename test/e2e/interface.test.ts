// The interface in a browser, on a real session: every screen can be reached, by keys too, and shuts nobody out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fixtures/control.ts';
import { barriers, Interface, NO_BROWSER } from '../fixtures/interface.ts';
import { finished, Place, POLICY, sessionsOf, startLeash } from '../fixtures/leash.ts';

const AGENT = ['/bin/sh', '-c', 'while read -r name; do cat "$name"; done'];
const SCREENS = ['/', '/approvals', '/doctor'];
const SESSION_SCREENS = ['live', 'timeline', 'policy', 'learn', 'network', 'mcp', 'changes'];

describe.skipIf(NO_BROWSER !== undefined)(`in Chromium${NO_BROWSER === undefined ? '' : ` (${NO_BROWSER})`}`, () => {
  const place = new Place();
  let session: ReturnType<typeof startLeash>;
  let ui: Interface;
  let id = '';
  beforeAll(async () => {
    const port = await freePort();
    session = startLeash(place, { policy: POLICY, command: AGENT, args: ['--listen', String(port)] });
    ui = await Interface.of(place, port);
    id = sessionsOf(place).at(-1) ?? '';
  });
  afterAll(async () => {
    await ui.close();
    session.stdin?.end();
    await finished(session);
    place.remove();
  });

  it.each(['light', 'dark'] as const)('no screen has a barrier, and none complains: %s', async (colorScheme) => {
    for (const screen of [...SCREENS, ...SESSION_SCREENS.map((name) => `/s/${id}/${name}`)]) {
      const page = await ui.open(screen, { colorScheme });
      await page.locator('#content').waitFor();
      expect([screen, ...(await barriers(page))]).toEqual([screen]);
      expect(new URL(page.url()).hash).toBe('');
      await page.context().close();
    }
    expect(ui.complaints).toEqual([]);
  });
});
