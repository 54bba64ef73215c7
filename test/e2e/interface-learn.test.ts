// A session recorded; a person has a policy suggested in the browser, tries it, follows an example, and puts it in force in a running session.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, freePort, tokenOf } from '../fixtures/control.ts';
import { barriers, Interface, NO_BROWSER } from '../fixtures/interface.ts';
import { finished, PERMISSIVE, Place, POLICY, runLeash, sessionsOf, startLeash } from '../fixtures/leash.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const AGENT = ['/bin/sh', '-c', 'while read -r name; do cat "$name"; done'];
const SHOTS = process.env['LEASH_SHOTS'];

describe.skipIf(NO_BROWSER !== undefined)(`in Chromium${NO_BROWSER === undefined ? '' : ` (${NO_BROWSER})`}`, () => {
  const place = new Place();
  let session: ReturnType<typeof startLeash>;
  let ui: Interface;
  let [port, recorded, running] = [0, '', ''];
  beforeAll(async () => {
    for (const name of ['a', 'b', 'c']) place.write(`src/${name}.txt`, `${name}\n`);
    place.write('forbidden.txt', 'no\n');
    const command = ['sh', '-c', 'cat src/a.txt src/b.txt src/c.txt forbidden.txt; echo > "<b>x"'];
    recorded = (await runLeash(place, { policy: PERMISSIVE, mode: 'record', command })).session ?? '';
    port = await freePort();
    session = startLeash(place, { policy: POLICY, command: AGENT, args: ['--listen', String(port)] });
    ui = await Interface.of(place, port);
    running = sessionsOf(place).at(-1) ?? '';
  });
  afterAll(async () => {
    await ui.close();
    session.stdin?.end();
    await finished(session);
    place.remove();
  });

  it('suggests, tries, leads to the event, and applies', async () => {
    const page = await ui.open(`/s/${recorded}/learn`);
    page.setDefaultTimeout(120_000);
    await page.getByRole('checkbox', { name: ', this session' }).waitFor();
    await page.getByRole('button', { name: 'Suggest' }).click();
    await page.getByText('Permits everything that it was made from').waitFor();
    await page.getByText('widened to').first().waitFor();
    const text = page.getByLabel('Policy', { exact: true });
    expect(await text.inputValue()).toContain('// Suggested from');
    expect(await barriers(page)).toEqual([]);

    await page.getByRole('button', { name: 'Backtest' }).click();
    await page.getByText('Nothing would have been decided otherwise.').waitFor();
    await text.fill(POLICY);
    await page.getByRole('button', { name: 'Backtest' }).click();
    await page.getByRole('heading', { name: 'newly denied: 1 event' }).waitFor();
    await page.getByText('no-forbidden: It is forbidden.').waitFor();
    expect(await barriers(page)).toEqual([]);
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/learn-light.png`, fullPage: true });
    const link = await page.getByRole('link', { name: /^event \d+$/ }).getAttribute('href');
    expect(link).toMatch(new RegExp(`^/s/${recorded}/live\\?event=\\d+$`));

    await text.fill(PERMISSIVE);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText(`In force in ${running}, epoch 2`).waitFor();
    const view = await ask(port, `/api/v1/sessions/${running}/policy`, { token: tokenOf(place) });
    expect(view.body).toMatchObject({ epoch: 2, text: PERMISSIVE });
    expect(readFileSync(`${place.root}/policy.cedar`, 'utf8')).not.toBe(PERMISSIVE);
    expect(ui.complaints).toEqual([]);
    await page.context().close();
  });

  it('says why a text cannot be tried, ends what is cancelled, and fits a narrow dark page', async () => {
    const page = await ui.open(`/s/${recorded}/learn`, {
      colorScheme: 'dark',
      viewport: { width: 360, height: 740 },
    });
    page.setDefaultTimeout(120_000);
    await page.getByRole('button', { name: 'Suggest' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    await page.getByLabel('Policy', { exact: true }).fill('permit(');
    // Until the thread that was cancelled is gone.
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Backtest' }).click();
          return await page.getByRole('alert').textContent();
        },
        { timeout: 60_000 },
      )
      .toContain('LEASH_POLICY_INVALID');
    expect(await barriers(page)).toEqual([]);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(wide).toBeLessThanOrEqual(360);
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/learn-dark.png`, fullPage: true });
    await page.context().close();
  });
});
