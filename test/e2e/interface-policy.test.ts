// The Policy screen in a browser, on a real session: what is written is checked, compared, put in force for the running agent, and taken back.
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/asking.ts';
import { freePort } from '../fixtures/control.ts';
import { barriers, Interface, NO_BROWSER } from '../fixtures/interface.ts';
import { finished, Place, POLICY, sessionsOf, startLeash } from '../fixtures/leash.ts';

/** Says of each file that it is named whether it could be read. */
const AGENT = [
  '/bin/sh',
  '-c',
  'while read -r name; do read -r line <"$name" && echo "read $name" || echo "not $name"; done 2>/dev/null',
];
const SHADOWED = `${POLICY}@id("soon") @mode("shadow")
forbid(principal, action in Action::"FileOpen", resource) when { resource.name == "soon.txt" };
`;
const STRICTER = 'forbid(principal, action in Action::"FileOpen", resource) when { resource.name == "plain.txt" };';

describe.skipIf(NO_BROWSER !== undefined)(`in Chromium${NO_BROWSER === undefined ? '' : ` (${NO_BROWSER})`}`, () => {
  const place = new Place();
  let session: ChildProcess;
  let ui: Interface;
  let screen = '';
  let printed = '';
  const file = path.join(place.root, 'policy.cedar');

  /** What the agent says of a file, now. */
  async function tries(name: string): Promise<string> {
    const before = printed.length;
    session.stdin?.write(`${name}\n`);
    return await eventually(`a word on ${name}`, () => /(read|not) \S+\n/.exec(printed.slice(before))?.[1]);
  }

  const written = (page: Page) => page.getByRole('textbox', { name: 'Policy text' });
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

  /** A further line at the end of the text. */
  async function append(page: Page, line: string): Promise<void> {
    await written(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.insertText(line);
  }

  async function apply(page: Page, how = 'Apply until the session ends'): Promise<void> {
    await button(page, 'Review the change…').click();
    await button(page, how).click();
    await page.getByText(/in force: epoch \d/).waitFor();
  }

  async function opened(options = {}): Promise<Page> {
    const page = await ui.open(screen, options);
    await written(page).waitFor();
    return page;
  }

  beforeAll(async () => {
    const port = await freePort();
    for (const name of ['forbidden.txt', 'plain.txt', 'soon.txt']) place.write(name, 'line\n');
    session = startLeash(place, { policy: SHADOWED, command: AGENT, args: ['--listen', String(port)] });
    session.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    ui = await Interface.of(place, port);
    screen = `/s/${sessionsOf(place).at(-1)}/policy`;
  });
  afterAll(async () => {
    await ui.close();
    session.stdin?.end();
    await finished(session);
    place.remove();
  });

  it('a fault is underlined at its place, words are offered and explained, and a letter is no key of the page', async () => {
    const page = await opened();
    await append(page, 'permit(principal, action, resource) when { context.g');
    // Words that come after the next change of the text, or not at all, are asked for again.
    const offered = page.locator('.cm-tooltip-autocomplete li');
    await expect
      .poll(async () => {
        if ((await offered.count()) === 0) await page.keyboard.press('Control+Space');
        await sleep(1_000);
        return await offered.count();
      })
      .toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await page.keyboard.type('l == };');
    const fault = page.locator('.cm-lintRange-error');
    await fault.first().waitFor();
    const line = POLICY.split('\n').length + 3;
    await page.getByRole('button', { name: new RegExp(`fault ${line}:`) }).waitFor();
    expect(await button(page, 'Review the change…').isDisabled()).toBe(true);
    expect(page.url()).toContain('/policy');
    await page.getByText('"FileOpen"', { exact: true }).first().hover();
    await page.locator('.cm-word-doc').getByText('Group: any access').waitFor();
    await button(page, 'Discard my changes').click();
    await fault.first().waitFor({ state: 'detached' });
    await button(page, /Bring back set aside/).waitFor();
    await page.context().close();
  });

  it('what would change is said first; then it holds for the running agent, and is undone', async () => {
    expect(await tries('plain.txt')).toBe('read');
    const page = await opened();
    await append(page, STRICTER);
    await button(page, 'Review the change…').click();
    await page
      .getByText(/newly denied: .*FileOpen/)
      .first()
      .waitFor();
    expect(await page.getByText('may allow what the policy in force does not').count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(await tries('plain.txt')).toBe('read');
    await button(page, 'Apply until the session ends').click();
    await page.getByText('in force: epoch 2, until the session ends').waitFor();
    expect(await tries('plain.txt')).toBe('not');
    expect(readFileSync(file, 'utf8')).toBe(SHADOWED);

    await button(page, 'Bring back epoch 1').click();
    await page
      .getByText(/newly allowed: .*FileOpen/)
      .first()
      .waitFor();
    await button(page, 'Apply and keep in policy.cedar').click();
    await page.getByText('in force: epoch 3, kept in the file').waitFor();
    expect(await tries('plain.txt')).toBe('read');
    await page.context().close();
  });

  it('of two tabs neither writes over the other, and both changes can be had', async () => {
    const [one, two] = [await opened(), await opened()];
    await append(two, '// of the second tab');
    await written(one).click();
    await one.keyboard.press('Control+Home');
    await one.keyboard.insertText('// of the first tab');
    await one.keyboard.press('Enter');
    await apply(one);
    await two.getByText('Somebody else changed the policy').waitFor();
    expect(await button(two, 'Review the change…').isDisabled()).toBe(true);
    await button(two, 'Put my changes on top of theirs').click();
    await apply(two, 'Apply and keep in policy.cedar');
    expect(readFileSync(file, 'utf8')).toBe(`// of the first tab\n${SHADOWED}\n// of the second tab`);
    await one.getByText('// of the second tab').waitFor();
    await one.context().close();
    await two.context().close();
  });

  it('what would reorder or hide a part of the text is shown where it stands, and kept as it is', async () => {
    const page = await opened();
    await append(page, '// \u202e;tihw dnes\u202c \u200b \u061c end');
    for (const name of ['202e', '202c', '200b', '061c'])
      await page.getByText(`\\u{${name}}`, { exact: true }).waitFor();
    expect(await written(page).textContent()).not.toMatch(/[\u202e\u202c\u200b\u061c]/);
    await button(page, 'Review the change…').click();
    const change = page.getByRole('textbox', { name: /./ }).filter({ hasText: '\\u{202e}' });
    await expect.poll(() => change.count()).toBe(2);
    await button(page, 'Apply and keep in policy.cedar').click();
    await page.getByText(/in force: epoch \d/).waitFor();
    expect(readFileSync(file, 'utf8')).toContain('// \u202e;tihw dnes\u202c \u200b \u061c end');
    await page.context().close();
  });

  /** Two tabs that wrote at the end of the same text; the first one's is in force. */
  async function conflict(theirs: string, mine: string): Promise<readonly [Page, Page]> {
    const [one, two] = [await opened(), await opened()];
    await append(two, mine);
    await append(one, theirs);
    await apply(one);
    await two.getByText('Somebody else changed the policy').waitFor();
    await two.getByText('Both changed the same lines').waitFor();
    expect(await button(two, 'Put my changes on top of theirs').count()).toBe(0);
    return [one, two];
  }

  it('a second save meets the first: who keeps theirs reviews it against what is in force now, and it holds for the agent', async () => {
    const before = readFileSync(file, 'utf8');
    const [one, two] = await conflict('// the first tab came first', STRICTER);
    expect(await tries('plain.txt')).toBe('read');
    await two
      .getByRole('region', { name: 'Conflict' })
      .getByText(/the first tab came first/)
      .waitFor();
    expect(await barriers(two)).toEqual([]);
    await button(two, 'Keep my text, without theirs').click();
    await apply(two);
    expect(await tries('plain.txt')).toBe('not');
    await expect.poll(() => written(one).textContent()).toContain('plain.txt');
    expect(await written(one).textContent()).not.toContain('the first tab came first');
    // What gave way is a version still.
    await button(one, /^Bring back epoch \d+$/)
      .first()
      .click();
    await expect.poll(() => written(one).textContent()).toContain('the first tab came first');
    // Their own text was in force, and is not any more.
    await one.getByText('changed, not in force').waitFor();
    await button(one, 'Apply until the session ends').click();
    await one.getByText(/in force: epoch \d/).waitFor();
    expect(await tries('plain.txt')).toBe('read');
    expect(readFileSync(file, 'utf8')).toBe(before);
    await one.context().close();
    await two.context().close();
  });

  it('who takes theirs has the own text set aside, over a reload, and can bring it back', async () => {
    const [one, two] = await conflict('// theirs', STRICTER);
    await button(two, 'Take theirs, set mine aside').click();
    await two.getByText('Somebody else changed the policy').waitFor({ state: 'detached' });
    await expect.poll(() => written(two).textContent()).toContain('// theirs');
    expect(await button(two, 'Review the change…').isDisabled()).toBe(true);
    expect(await tries('plain.txt')).toBe('read');
    await two.reload();
    await button(two, /Bring back set aside/)
      .first()
      .click();
    await two
      .getByText(/newly denied: .*FileOpen/)
      .first()
      .waitFor();
    await expect.poll(() => written(two).textContent()).not.toContain('// theirs');
    await button(two, 'Discard my changes').click();
    await one.context().close();
    await two.context().close();
  });

  it('what a shadow statement would stop is listed, and a text is put in the official layout', async () => {
    expect(await tries('soon.txt')).toBe('read');
    const page = await opened();
    const results = page.getByRole('region', { name: 'Shadow results' });
    await results.getByRole('row', { name: /denied FileOpenReadOnly .*soon\.txt/ }).waitFor();
    await append(page, 'forbid   (principal,action,resource)when{false};');
    await button(page, 'Format').click();
    await page.getByText('when { false };').waitFor();
    await page.context().close();
  });

  it.each([
    ['light', 360],
    ['dark', 1280],
  ] as const)('it shuts nobody out: %s, %i pixels wide', async (colorScheme, width) => {
    const page = await opened({ colorScheme, viewport: { width, height: 800 } });
    await page.getByRole('row', { name: /soon\.txt/ }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  it('nothing was refused by the policy of the page itself', () => {
    expect(ui.complaints).toEqual([]);
  });
});
