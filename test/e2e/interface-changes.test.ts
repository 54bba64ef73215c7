// The Changes, Doctor and Sessions screens in a browser, on sessions that really ran under review: what a person chooses there is what happens on the disk.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fixtures/control.ts';
import { barriers, Interface, NO_BROWSER } from '../fixtures/interface.ts';
import { finished, PERMISSIVE, Place, runLeash, sessionsOf, startLeash } from '../fixtures/leash.ts';

/** Beside other suites a page takes its time. */
const soon = <T>(seen: () => Promise<T>) => expect.poll(seen, { timeout: 60_000 });

const AGENT = `
printf 'one\\nzwei\\n\\tthree\\n' >text; rm gone; mkdir made; echo new >made/file; echo other >other
printf 'a\\0b' >binary; echo x >"$(printf '<img src=x onerror=alert(1)>\\033[2J')"
`;

describe.skipIf(NO_BROWSER !== undefined)(`in Chromium${NO_BROWSER === undefined ? '' : ` (${NO_BROWSER})`}`, () => {
  const place = new Place();
  let keeper: ReturnType<typeof startLeash>;
  /** From its start: a test ends it. */
  let over: ReturnType<typeof finished>;
  let ui: Interface;
  let reviewed = '';
  let running = '';
  const onDisk = (name: string): string | undefined => {
    const file = path.join(place.workspace, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const row = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^[ADMT] \\w+ ${name}/? `) });
  const confirmed = async (page: Page, word: string): Promise<void> => {
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await dialog.getByRole('button', { name: word }).click();
    await dialog.waitFor({ state: 'hidden' });
  };

  beforeAll(async () => {
    place.write('text', 'one\ntwo\n\tthree\n');
    place.write('gone', 'x\n');
    await runLeash(place, { policy: PERMISSIVE, args: ['--review'], command: ['sh', '-c', AGENT] });
    reviewed = sessionsOf(place).at(-1) ?? '';
    const port = await freePort();
    const args = ['--review', '--listen', String(port)];
    keeper = startLeash(place, { policy: PERMISSIVE, args, command: ['sh', '-c', 'while read -r _; do :; done'] });
    over = finished(keeper);
    ui = await Interface.of(place, port);
    running = sessionsOf(place).at(-1) ?? '';
  });
  afterAll(async () => {
    await ui.close();
    keeper.stdin?.end();
    await over;
    place.remove();
  });

  it('shows each change: what is new, what is gone, and what is not text', async () => {
    const page = await ui.open(`/s/${reviewed}/changes`);
    await row(page, 'text').click();
    const lines = page.locator('.changes-lines');
    await lines.getByText('zwei').waitFor();
    expect(await lines.textContent()).toMatch(/-\s*two[\s\S]*\+\s*zwei/);
    await row(page, 'binary').click();
    await page.getByText('It is binary').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await page.getByText('<img src=x onerror=alert(1)>\\u001b[2J').first().waitFor();
    await page.getByLabel('Find').fill('TEXT');
    await soon(() => page.getByRole('checkbox').count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?find=TEXT');
    await page.context().close();
  });

  it('takes over what is chosen, drops what is discarded, and leaves the rest waiting', async () => {
    const page = await ui.open(`/s/${reviewed}/changes`);
    await page.getByLabel('Choose text').check();
    await page.getByLabel('Choose made', { exact: true }).check();
    await soon(() => page.getByLabel('Choose made/file').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Accept chosen' }).click();
    await page.keyboard.press('Escape');
    expect(onDisk('text')).toContain('two');
    await page.getByRole('button', { name: 'Accept chosen' }).click();
    await confirmed(page, 'Accept');
    await page.getByText('3 changes accepted.').waitFor();
    expect([onDisk('text'), onDisk('made/file'), onDisk('other')]).toEqual([
      'one\nzwei\n\tthree\n',
      'new\n',
      undefined,
    ]);

    await page.getByLabel('Choose gone').check();
    await page.getByRole('button', { name: 'Discard chosen' }).click();
    await page.getByText('1 change will be dropped for good').waitFor();
    await confirmed(page, 'Discard');
    await page.getByText('1 change discarded.').waitFor();
    await soon(() => page.getByLabel('Choose gone').count()).toBe(0);
    expect(onDisk('gone')).toBe('x\n');

    await page.getByRole('button', { name: 'Accept all' }).click();
    await confirmed(page, 'Accept');
    await page.getByText('Nothing waits').waitFor();
    expect(onDisk('other')).toBe('other\n');
    await page.context().close();
  });

  it('says why there is nothing to see yet', async () => {
    const page = await ui.open(`/s/${running}/changes`);
    await page.getByText('The agent is still at work').waitFor();
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('Doctor says what this machine has, and what to do: %s', async (colorScheme) => {
    const page = await ui.open('/doctor', { colorScheme });
    await page.getByText('Leash would run an agent with the seccomp engine').waitFor();
    const findings = page.getByRole('list', { name: 'Findings' });
    expect(await findings.getByText('seccomp user notification').count()).toBe(1);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText('As of').waitFor();
    await page.context().close();
  });

  it('sessions are found, ordered, and stopped when a person confirms it', async () => {
    const page = await ui.open('/?find=running');
    const rows = page.locator('tbody tr');
    await soon(() => rows.count()).toBe(1);
    await page.getByLabel('Find').fill('');
    await soon(() => rows.count()).toBe(2);
    await page.getByRole('button', { name: 'State' }).click();
    await soon(() => rows.first().textContent()).toContain('ended');
    await page.getByRole('button', { name: 'State' }).click();
    await soon(() => rows.first().textContent()).toContain('running');
    expect(new URL(page.url()).search).toBe('?sort=-State');
    await page.getByRole('button', { name: /^Stop / }).click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Stop / }).click();
    const over = finished(keeper);
    await page.getByRole('button', { name: 'Stop it' }).click();
    await over;
    expect(ui.complaints.filter((text) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY/.test(text))).toEqual([]);
    await page.context().close();
  });
});
