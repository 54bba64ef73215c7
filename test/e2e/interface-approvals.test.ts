// The Approvals screen in a browser, on a real session whose policy asks: what is held is shown, answered by button and by key, in one tab for all.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/asking.ts';
import { freePort } from '../fixtures/control.ts';
import { barriers, Interface, NO_BROWSER } from '../fixtures/interface.ts';
import { finished, PERMISSIVE, Place, sessionsOf, startLeash } from '../fixtures/leash.ts';

const ASK = `${PERMISSIVE} @id("ask-notes") @reason("Notes are private.") @ask("May it read a note?") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name like "notes*" };`;
const AGENT = ['/bin/sh', '-c', 'while read -r name; do cat "$name" 2>&1; echo "done $name"; done'];

describe.skipIf(NO_BROWSER !== undefined)(`in Chromium${NO_BROWSER === undefined ? '' : ` (${NO_BROWSER})`}`, () => {
  const place = new Place();
  let session: ReturnType<typeof startLeash>;
  let ui: Interface;
  let printed = '';
  beforeAll(async () => {
    for (const name of ['1', '2', '3', '4', '5', '6', '7', '8']) place.write(`notes-${name}.txt`, `content ${name}\n`);
    const port = await freePort();
    session = startLeash(place, {
      policy: ASK,
      command: AGENT,
      args: ['--listen', String(port), '--ask-timeout', '600'],
    });
    session.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    ui = await Interface.of(place, port);
  });
  afterAll(async () => {
    await ui.close();
    session.kill('SIGTERM'); // what is still held would be waited for
    await finished(session);
    place.remove();
  });

  const open = async (): Promise<Page> => {
    const page = await ui.open('/approvals');
    await page.getByRole('heading', { name: 'Approvals' }).waitFor();
    return page;
  };
  const read = (name: string): void => void session.stdin?.write(`${name}\n`);
  const says = (text: string): Promise<true> =>
    eventually(
      () => `${text} (it printed ${printed})`,
      () => printed.includes(text) || undefined,
    ) as Promise<true>;
  const question = (page: Page, name: string) => page.getByRole('article').filter({ hasText: name });
  const keysAreMeant = (page: Page, name: string) =>
    question(page, name).locator('button[aria-disabled="false"]').first().waitFor();

  it('a question shows who asks for what, counts down, and is allowed once', async () => {
    const page = await open();
    read('notes-1.txt');
    const card = question(page, 'notes-1.txt');
    await card.waitFor();
    await expect.poll(() => page.title()).toBe('(1) Leash');
    const text = (await card.textContent()) ?? '';
    for (const part of [
      'May it read a note?',
      'FileOpenReadOnly',
      '/usr/bin/cat (pid ',
      'cat notes-1.txt',
      'ask-notes',
      '1 call waits',
    ])
      expect(text).toContain(part);
    const left = card.getByRole('timer');
    const before = await left.textContent();
    expect(before).toMatch(/^\d+:\d\d$/);
    await expect.poll(() => left.textContent()).not.toBe(before);
    await card.getByText('What the process did before').waitFor();
    expect(await barriers(page)).toEqual([]);
    await card.getByRole('button', { name: 'Allow once' }).click();
    await says('content 1\ndone notes-1.txt');
    await card.waitFor({ state: 'detached' });
    await page.getByRole('listitem').filter({ hasText: 'notes-1.txt' }).filter({ hasText: 'allowed once' }).waitFor();
    await expect.poll(() => page.title()).toBe('Leash');
    await page.context().close();
  });

  it('what one tab refuses is gone in the other, and the read fails', async () => {
    const [one, other] = [await open(), await open()];
    read('notes-2.txt');
    await question(other, 'notes-2.txt').waitFor();
    await question(one, 'notes-2.txt').getByRole('button', { name: 'Deny once' }).click();
    await question(other, 'notes-2.txt').waitFor({ state: 'detached' });
    await says('notes-2.txt: Permission denied');
    await other
      .getByRole('listitem')
      .filter({ hasText: 'notes-2.txt' })
      .filter({ hasText: 'denied by a person' })
      .waitFor();
    for (const page of [one, other]) await page.context().close();
  });

  it('keys answer, but not while somebody goes to another screen, nor a question that was not seen yet', async () => {
    const page = await open();
    read('notes-3.txt');
    await keysAreMeant(page, 'notes-3.txt');
    // The second key of `g a` is of a way, not a word.
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.keyboard.press('x');
    expect(await question(page, 'notes-3.txt').count()).toBe(1);
    await page.keyboard.press('d');
    await says('notes-3.txt: Permission denied');
    await question(page, 'notes-3.txt').waitFor({ state: 'detached' });
    read('notes-4.txt');
    await keysAreMeant(page, 'notes-4.txt');
    await page.keyboard.press('a');
    await says('content 4\n');
    await page.context().close();
  });

  it('a question that just came is not answered by a key that is pressed then', async () => {
    const page = await open();
    // In the page, at the moment the card is there: no time passes between.
    await page.evaluate(`new MutationObserver((_records, observer) => {
      if (document.querySelector('article') === null) return;
      observer.disconnect();
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }));
      document.querySelector('article button').click();
    }).observe(document.body, { childList: true, subtree: true })`);
    read('notes-5.txt');
    await keysAreMeant(page, 'notes-5.txt');
    expect(printed).not.toContain('content 5');
    await page.keyboard.press('Shift+D');
    await says('notes-5.txt: Permission denied');
    // For the rest of the session nobody is asked about it.
    read('notes-5.txt');
    await eventually(
      'a second refusal',
      () => printed.split('notes-5.txt: Permission denied').length === 3 || undefined,
    );
    await page.context().close();
  });

  it('a new question sounds in one of the tabs that were clicked in, whatever their screen; it stands in every title', async () => {
    const browser = await ui.browser();
    // Counts what the browser is asked to play, and lets it.
    await browser.addInitScript(`{
      const { start } = OscillatorNode.prototype;
      window.started = [];
      OscillatorNode.prototype.start = function (when) {
        window.started.push(this.frequency.value);
        start.call(this, when);
      };
    }`);
    const sounded = (page: Page): Promise<number> => page.evaluate('window.started.length');
    const approvals = await ui.openIn(browser, '/approvals');
    await approvals.getByLabel('Sound').check();
    expect(await sounded(approvals)).toBe(1);
    await approvals.close();
    const tabs = [await ui.openIn(browser, '/'), await ui.openIn(browser, '/doctor')];
    for (const tab of tabs) await tab.getByRole('heading', { level: 1 }).click();
    const untouched = await ui.openIn(browser, '/');
    for (const tab of [...tabs, untouched]) await expect.poll(() => tab.title()).toBe('Leash');
    const before = await Promise.all(tabs.map(sounded));
    read('notes-6.txt');
    for (const tab of [...tabs, untouched]) await expect.poll(() => tab.title()).toBe('(1) Leash');
    const after = await Promise.all(tabs.map(sounded));
    expect(after.reduce((sum, count) => sum + count) - before.reduce((sum, count) => sum + count)).toBe(1);
    expect(await sounded(untouched)).toBe(0);
    const [sessions] = tabs;
    await sessions?.getByRole('link', { name: /^Approvals/ }).click();
    await sessions?.getByRole('article').waitFor();
    await sessions?.getByRole('button', { name: 'Deny once' }).click();
    await says('notes-6.txt: Permission denied');
    for (const tab of [...tabs, untouched]) await expect.poll(() => tab.title()).toBe('Leash');
    await browser.close();
  });

  it('a new question is a notice of the system where the page is hidden, and nowhere else', async () => {
    const browser = await ui.browser({ permissions: ['notifications'] });
    // Keeps what the system shows. No page of a browser without a screen is ever hidden: one believes that it is.
    await browser.addInitScript(`{
      window.shown = [];
      window.Notification = class extends Notification {
        constructor(title, options) {
          super(title, options);
          this.addEventListener('show', () => window.shown.push(title + ': ' + options.body));
        }
      };
      if (location.pathname === '/doctor') Object.defineProperty(document, 'hidden', { get: () => true });
    }`);
    const shown = (page: Page): Promise<readonly string[]> => page.evaluate('window.shown');
    const approvals = await ui.openIn(browser, '/approvals');
    const notices = approvals.getByLabel('Notices of the system');
    expect(await notices.isChecked()).toBe(false);
    await notices.check();
    const hidden = await ui.openIn(browser, '/doctor');
    // Of what is open already nothing is told.
    const isListed = "performance.getEntriesByType('resource').some(({ name }) => name.includes('/api/v1/questions'))";
    await expect.poll(() => hidden.evaluate(isListed)).toBe(true);
    read('notes-7.txt');
    await expect.poll(() => shown(hidden)).toEqual(['Leash: a question: May it read a note?']);
    await question(approvals, 'notes-7.txt').getByRole('button', { name: 'Deny once' }).click();
    await says('notes-7.txt: Permission denied');
    expect(await shown(approvals)).toEqual([]);
    await browser.close();
  });

  it('an answer from before a question came, late on its way, does not hide it', async () => {
    const browser = await ui.browser();
    let arrive = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    await browser.route('**/api/v1/questions', async (route) => {
      const response = await route.fetch();
      await late;
      await route.fulfill({ response });
    });
    const page = await ui.openIn(browser, '/approvals');
    await page.getByRole('heading', { name: 'Approvals' }).waitFor();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    read('notes-8.txt');
    await question(page, 'notes-8.txt').waitFor();
    arrive();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await question(page, 'notes-8.txt').getByRole('button', { name: 'Deny once' }).click();
    await says('notes-8.txt: Permission denied');
    await browser.close();
  });

  it('sound is off until somebody wants it, and is remembered', async () => {
    const page = await open();
    const sound = page.getByLabel('Sound');
    expect(await sound.isChecked()).toBe(false);
    await sound.check();
    await page.reload();
    await page.getByLabel('Sound').waitFor();
    await expect.poll(() => page.getByLabel('Sound').isChecked()).toBe(true);
    expect(ui.complaints).toEqual([]);
    expect(sessionsOf(place)).toHaveLength(1);
    await page.context().close();
  });
});
