// The Live screen in a browser, on a real session that reads files when it is told to: what is seen, what is filtered, and what is allowed from there.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fixtures/control.ts';
import { barriers, Interface, NO_BROWSER } from '../fixtures/interface.ts';
import { finished, Place, sessionsOf, startLeash } from '../fixtures/leash.ts';

/** `cat` of each line it reads. */
const AGENT = ['/bin/sh', '-c', 'while read -r name; do cat "$name"; done'];
const POLICY = `
@id("files") permit(principal, action in Action::"FileOpen", resource) unless { resource.path like "*/closed/*" };
@id("programs") permit(principal, action == Action::"ProcessExec", resource);
@id("no-forbidden") @reason("It is forbidden.")
forbid(principal, action in Action::"FileOpen", resource) when { resource.name like "forbidden*" };
`;

function rows(page: Page, hasText: RegExp = /./): Locator {
  return page
    .getByRole('listbox', { name: /^Events/ })
    .getByRole('option')
    .filter({ hasText });
}

describe.skipIf(NO_BROWSER !== undefined)(`in Chromium${NO_BROWSER === undefined ? '' : ` (${NO_BROWSER})`}`, () => {
  const place = new Place();
  let session: ReturnType<typeof startLeash>;
  let ui: Interface;
  let live = '';
  let printed = '';
  const read = (...names: readonly string[]): void => {
    session.stdin?.write(names.map((name) => `${name}\n`).join(''));
  };

  beforeAll(async () => {
    place.write('open/one.txt', 'the first\n');
    place.write('closed/it\'s "*".txt', 'what was closed\n');
    place.write('closed/other.txt', 'the other\n');
    place.write('forbidden.txt', 'never\n');
    const port = await freePort();
    session = startLeash(place, { policy: POLICY, command: AGENT, args: ['--listen', String(port)] });
    session.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    ui = await Interface.of(place, port);
    live = `/s/${sessionsOf(place).at(-1) ?? ''}/live`;
  });
  afterAll(async () => {
    await ui.close();
    session.stdin?.end();
    await finished(session);
    place.remove();
  });

  it('shows what the agent does; a filter is part of the address and is there after a reload', async () => {
    const page = await ui.open(live);
    await page.getByRole('listbox', { name: /^Events/ }).waitFor();
    read('open/one.txt');
    await rows(page, /cat.*open\/one\.txt/)
      .first()
      .waitFor();
    await page.getByRole('searchbox').fill('one.txt');
    await rows(page, /cat.*open\/one\.txt/)
      .first()
      .waitFor();
    await expect.poll(() => rows(page).filter({ hasNotText: 'one.txt' }).count()).toBe(0);
    await page.reload();
    await rows(page, /open\/one\.txt/)
      .first()
      .waitFor();
    expect(new URL(page.url()).searchParams.get('text')).toBe('one.txt');
    await expect.poll(() => rows(page).filter({ hasNotText: 'one.txt' }).count()).toBe(0);
    await page.context().close();
  });

  it('the key d shows denials only, and a process its own events', async () => {
    const page = await ui.open(live);
    read('forbidden.txt');
    await rows(page, /forbidden\.txt/)
      .first()
      .waitFor();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('d');
    await expect.poll(() => rows(page, /allowed/).count()).toBe(0);
    await page
      .getByRole('button', { name: /[1-9]\d* denied/, pressed: true })
      .first()
      .waitFor();
    await rows(page, /forbidden\.txt/)
      .first()
      .click();
    const detail = page.getByRole('region', { name: /^Event \d+/ });
    await detail.getByText('A forbid wins over every permit').waitFor();
    expect(await detail.getByRole('link', { name: 'no-forbidden' }).first().getAttribute('href')).toContain(
      'policy=no-forbidden',
    );
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
    await page.keyboard.press('d');
    const tree = page.getByRole('region', { name: 'Processes' });
    await tree.getByRole('button', { name: /cat forbidden\.txt/ }).click();
    await page
      .getByRole('region', { name: /What process \d+ used/ })
      .getByText('forbidden.txt')
      .waitFor();
    expect(new URL(page.url()).searchParams.get('pid')).toMatch(/^\d+$/);
    await page.context().close();
  });

  it('stands still while somebody looks back, tells how much is new, and goes on at the end', async () => {
    const page = await ui.open(live);
    const list = page.getByRole('listbox', { name: /^Events/ });
    read(...Array.from({ length: 20 }, () => 'open/one.txt'));
    await expect.poll(() => list.evaluate((box) => box.scrollHeight > box.clientHeight + 200)).toBe(true);
    await list.hover();
    await page.mouse.wheel(0, -400);
    await page.getByRole('button', { name: /To the end|new event/ }).waitFor();
    const first = await rows(page).first().getAttribute('id');
    read('open/one.txt');
    const more = page.getByRole('button', { name: /\d+ new events? ↓/ });
    await more.waitFor();
    expect(await rows(page).first().getAttribute('id')).toBe(first);
    await more.click();
    await more.waitFor({ state: 'detached' });
    await expect
      .poll(() => list.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 60))
      .toBe(true);
    await page.context().close();
  });

  it('a read that nothing permits is allowed from there: the statement, what it changes, and the next read', async () => {
    const page = await ui.open(`${live}?verdict=denied&text=closed`);
    const name = 'closed/it\'s "*".txt';
    read(name);
    await rows(page, /closed/)
      .first()
      .click();
    await page.getByRole('button', { name: 'Allow this…' }).click();
    const statement = page.locator('.live-statement');
    await statement.getByText('permit(principal, action == Action::"FileOpenReadOnly"').waitFor();
    expect(await statement.textContent()).toContain('it\'s \\"*\\".txt"');
    await page.getByText(/^newly allowed: FileOpenReadOnly/).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText(/In force since epoch \d+/).waitFor();
    read(name);
    await expect.poll(() => printed, { timeout: 20_000 }).toContain('what was closed');
    read('closed/other.txt', 'open/one.txt');
    // The list stands still at the event that was chosen.
    await page.getByRole('button', { name: /\d+ new events? ↓/ }).click();
    await rows(page, /closed\/other\.txt/)
      .first()
      .waitFor();
    expect(printed).not.toContain('the other');
    await page.context().close();
    expect(ui.complaints).toEqual([]);
  });

  it('the whole journal can be searched', async () => {
    const page = await ui.open(`${live}?text=forbidden.txt`);
    read('forbidden.txt');
    await rows(page, /cat.*forbidden\.txt/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Search the whole journal' }).click();
    await page.getByText(/^The whole journal: [1-9]\d* events/).waitFor();
    await rows(page, /cat.*forbidden\.txt/)
      .first()
      .waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.context().close();
  });
});
