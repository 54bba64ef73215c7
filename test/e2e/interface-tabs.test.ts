// Tabs of one browser, hidden and asleep ones, on a real session: they have six connections together, and all of them go on.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fixtures/control.ts';
import { barriers, Interface, NO_BROWSER } from '../fixtures/interface.ts';
import { finished, PERMISSIVE, Place, sessionsOf, startLeash } from '../fixtures/leash.ts';

const ASK = `${PERMISSIVE} @id("ask-notes") @ask("May it read a note?") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name like "notes*" };`;
const AGENT = ['/bin/sh', '-c', 'while read -r name; do cat "$name"; done'];

describe.skipIf(NO_BROWSER !== undefined)(`in Chromium${NO_BROWSER === undefined ? '' : ` (${NO_BROWSER})`}`, () => {
  const place = new Place();
  let session: ReturnType<typeof startLeash>;
  let ui: Interface;
  let printed = '';
  let live = '';
  let port = 0;
  const started = (): ReturnType<typeof startLeash> => {
    const args = ['--listen', String(port), '--ask-timeout', '600'];
    return startLeash(place, { policy: ASK, command: AGENT, args });
  };
  const read = (name: string): void => void session.stdin?.write(`${name}\n`);
  const row = (page: Page, name: string) =>
    page
      .getByRole('listbox', { name: /^Events/ })
      .getByRole('option')
      .filter({ hasText: name });

  beforeAll(async () => {
    for (const name of ['first.txt', 'second.txt', 'third.txt', 'notes.txt']) place.write(name, `content of ${name}\n`);
    port = await freePort();
    session = started();
    session.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    ui = await Interface.of(place, port);
    live = `/s/${sessionsOf(place).at(-1)}/live`;
  });
  afterAll(async () => {
    await ui.close();
    session.kill('SIGTERM');
    await finished(session);
    place.remove();
  });

  it('eight tabs show what happens, and the last of them answers a question', async () => {
    const browser = await ui.browser();
    read('first.txt');
    const tabs: Page[] = [];
    for (let count = 0; count < 8; count++) {
      const tab = await ui.openIn(browser, live);
      await row(tab, 'first.txt').first().waitFor();
      tabs.push(tab);
    }
    read('second.txt');
    for (const tab of tabs) await row(tab, 'second.txt').first().waitFor();
    read('notes.txt');
    for (const tab of tabs) await expect.poll(() => tab.title()).toBe('(1) Leash');
    const last = await ui.openIn(browser, '/approvals');
    await last.getByRole('article').locator('button[aria-disabled="false"]').first().waitFor();
    await last.getByRole('button', { name: 'Allow once' }).click();
    await expect.poll(() => printed).toContain('content of notes.txt');
    for (const tab of tabs) await expect.poll(() => tab.title()).toBe('Leash');

    // A tab that is closed gives its place to one that had none; nothing is lost between.
    for (const tab of tabs.splice(0, 4)) await tab.close();
    read('third.txt');
    for (const tab of tabs) {
      await row(tab, 'third.txt').first().waitFor();
      expect(await row(tab, 'third.txt').count()).toBe(1);
    }
    expect(ui.complaints).toEqual([]);
    await browser.close();
  });

  it('a tab that slept shows all that happened meanwhile', async () => {
    const page = await ui.open(live);
    await row(page, 'first.txt').first().waitFor();
    const browser = await page.context().newCDPSession(page);
    await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
    for (let count = 0; count < 50; count++) read('second.txt');
    const before = printed.length;
    await expect.poll(() => printed.slice(before).split('content of second.txt').length).toBeGreaterThan(40);
    await browser.send('Page.setWebLifecycleState', { state: 'active' });
    read('third.txt');
    await expect.poll(() => row(page, 'third.txt').count()).toBeGreaterThan(0);
    await page.getByText(/^live$/).waitFor();
    expect(ui.complaints).toEqual([]);
    await page.context().close();
  });

  it('says that nobody serves the page any more, and goes on when somebody does', async () => {
    const page = await ui.open('/');
    await page.getByText('running').first().waitFor();
    expect(await page.getByText('Nobody serves this page any more').count()).toBe(0);
    const over = finished(session);
    session.kill('SIGKILL');
    await over;
    await page.getByText('Nobody serves this page any more').waitFor();
    expect(await barriers(page)).toEqual([]);
    session = started();
    await page.getByText('Nobody serves this page any more').waitFor({ state: 'detached' });
    await page.getByText('crashed').waitFor();
    await page.getByText('running').first().waitFor();
    await page.context().close();
  });
});
