// Names that an agent chose to deceive: on every screen, in the report and in exported lines they are escapes, they run nothing, and break no layout.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/asking.ts';
import { freePort } from '../fixtures/control.ts';
import { Interface, NO_BROWSER } from '../fixtures/interface.ts';
import { eventsOf, finished, PERMISSIVE, Place, sessionsOf, startLeash } from '../fixtures/leash.ts';

/** Reorders, hides, clears a terminal, ends a line, an attribute and a script; and is as long as a name may be. */
const HOSTILE = `\u202egpj.\u2066x\u061c\u200b\u{e0041}\u3164\u001b[2J\n\t"><img src=x onerror=alert(1)>`.padEnd(
  200,
  'x',
);
const POLICY = `${PERMISSIVE}
@id("net") permit(principal, action in [Action::"DnsResolve", Action::"NetConnect", Action::"HttpRequest"], resource);
@id("ask\\u{202e}") @ask("May \\u{202e}it?") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name like "ask*" };
@id("no\\u{202e}") @reason("no\\u{202e}\\u{1b}[2J\\u{061c}") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name like "deny*" };
@id("later\\u{202e}") @mode("shadow") forbid(principal, action in Action::"FileOpen", resource) when { resource.name like "later*" };
`;
const AGENT = `
const { readFile, readFileSync, writeFileSync } = require('node:fs');
const [, hostile] = process.argv;
for (const kind of ['deny', 'later', 'made']) {
  writeFileSync(kind + hostile, 'x');
  try { readFileSync(kind + hostile); } catch {}
}
require('node:child_process').spawnSync('/bin/echo', [hostile, 'A'.repeat(4000)]);
require('node:http').get('http://' + 'h'.repeat(60) + '.example/' + encodeURIComponent(hostile) + 'p'.repeat(3000)).on('error', () => {});
readFile('ask' + hostile, () => {});
setInterval(() => {}, 1000);
`;
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;
/** Every text and every attribute that is told to people. */
const SAID = `[...document.querySelectorAll('body, body *')].flatMap((element) => [
  ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data),
  ...['title', 'aria-label', 'aria-valuetext', 'alt'].map((name) => element.getAttribute(name) ?? ''),
])`;

async function deceptions(page: Page): Promise<readonly string[]> {
  const said = await page.evaluate<string[]>(SAID);
  return said.filter((text) => UNSEEN.test(text)).map((text) => JSON.stringify(text.slice(0, 80)));
}

describe.skipIf(NO_BROWSER !== undefined)(`in Chromium${NO_BROWSER === undefined ? '' : ` (${NO_BROWSER})`}`, () => {
  const place = new Place();
  let session: ReturnType<typeof startLeash>;
  let over: ReturnType<typeof finished>;
  let ui: Interface;
  let id = '';
  beforeAll(async () => {
    place.write(`ask${HOSTILE}`, 'x');
    const port = await freePort();
    session = startLeash(place, {
      policy: POLICY,
      command: ['/usr/bin/env', 'node', '-e', AGENT, HOSTILE],
      args: ['--listen', String(port), '--ask-timeout', '600'],
    });
    over = finished(session);
    ui = await Interface.of(place, port);
    id = sessionsOf(place).at(-1) ?? '';
    await eventually('the request', async () => {
      const events = await eventsOf(place);
      return events.some(({ action }) => action === 'DnsResolve') || undefined;
    });
  });
  afterAll(async () => {
    await ui.close();
    session.kill('SIGTERM');
    await over;
    place.remove();
  });

  it.each([360, 1280])('on every screen, %i pixels wide', async (width) => {
    const browser = await ui.browser({ viewport: { width, height: 800 } });
    const screens = [
      '/',
      '/approvals',
      ...['live?verdict=denied', 'timeline', 'policy', 'learn', 'network'].map((name) => `/s/${id}/${name}`),
    ];
    for (const screen of screens) {
      const page = await ui.openIn(browser, screen);
      // What is there at first names the agent's command, its files or its question.
      await page.getByText('img src=x').first().waitFor({ state: 'attached' });
      if (screen.includes('live')) {
        await page
          .getByRole('listbox', { name: /^Events/ })
          .getByRole('option')
          .first()
          .click();
        await page.getByText('resource.path').waitFor();
      }
      expect([screen, ...(await deceptions(page))]).toEqual([screen]);
      expect(await page.evaluate('document.images.length')).toBe(0);
      expect([screen, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([screen, width]);
      await page.close();
    }
    expect(ui.complaints).toEqual([]);
    await browser.close();
  });

  it('in the report from disk, and in exported lines', async () => {
    const page = await ui.open(`/s/${id}/timeline`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save report' }).click();
    const file = path.join(place.root, 'report.html');
    await (await download).saveAs(file);
    await page.goto(pathToFileURL(file).href);
    await page.getByText(/^✓ The chain holds/).waitFor();
    await page.getByText('img src=x').first().waitFor();
    expect(await deceptions(page)).toEqual([]);
    expect(await page.evaluate('document.images.length')).toBe(0);
    await page.context().close();

    const main = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));
    const lines = execFileSync(process.execPath, [main, 'events', 'export', '--session', id], {
      env: place.environment,
      encoding: 'utf8',
    });
    expect(lines).not.toMatch(UNSEEN);
    const made = path.join(place.workspace, `made${HOSTILE}`);
    const names = lines
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly resource?: { readonly path?: string } }).resource?.path);
    expect(names).toContain(made);
  });
});
