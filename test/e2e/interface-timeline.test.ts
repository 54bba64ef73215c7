// Timeline, Network and MCP of a real session in Chromium: a moment that is chosen shows what was then, and the report opens from disk.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/asking.ts';
import { freePort } from '../fixtures/control.ts';
import { barriers, Interface, NO_BROWSER } from '../fixtures/interface.ts';
import { eventsOf, finished, Place, POLICY, sessionsOf, startLeash } from '../fixtures/leash.ts';

const NETWORK = `
@id("names") permit(principal, action == Action::"DnsResolve", resource);
@id("connect") permit(principal, action == Action::"NetConnect", resource == Host::"host.leash.internal");
@id("http") permit(principal, action == Action::"HttpRequest", resource == Host::"host.leash.internal");
@id("no-admin") @reason("Administration is not the agent's.")
forbid(principal, action == Action::"HttpRequest", resource) when { context.path like "/admin*" };
`;
/** What would run if a report took it for a part of the page. */
const HOSTILE = `</script><script>document.title='owned'</script>`;

describe.skipIf(NO_BROWSER !== undefined)(`in Chromium${NO_BROWSER === undefined ? '' : ` (${NO_BROWSER})`}`, () => {
  const place = new Place();
  const origin = http.createServer((_request, response) => response.end('hello'));
  let session: ReturnType<typeof startLeash>;
  let ui: Interface;
  let id = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    const at = `http://host.leash.internal:${(origin.address() as AddressInfo).port}`;
    place.write('old', 'content');
    place.write('forbidden.txt', 'secret');
    const script = [
      'echo one >first; mkdir made; mv first made/second; rm old',
      'cat forbidden.txt',
      `curl -s -o answer ${at}/public; curl -s -o refused ${at}/admin`,
      `/bin/echo "$0" >>answer`,
      'while read -r name; do echo more >"$name"; done',
    ].join('\n');
    const port = await freePort();
    const command = ['/bin/sh', '-c', script, HOSTILE];
    session = startLeash(place, { policy: POLICY + NETWORK, command, args: ['--listen', String(port)] });
    ui = await Interface.of(place, port);
    id = sessionsOf(place).at(-1) ?? '';
    await eventually('the end of the script', async () => {
      const events = await eventsOf(place);
      return events.some(({ who }) => who?.argv?.[0] === '/bin/echo') ? true : undefined;
    });
  });
  afterAll(async () => {
    await ui.close();
    session.stdin?.end();
    await finished(session);
    await new Promise((resolve) => origin.close(resolve));
    place.remove();
  });

  it('shows a session at the moment that is chosen, and follows it while it runs', async () => {
    const page = await ui.open(`/s/${id}/timeline`);
    const changed = page.locator('section[aria-labelledby=timeline-files] li');
    const change = (name: string): ReturnType<typeof changed.filter> =>
      changed.filter({ hasText: path.join(place.workspace, name) });
    await change('made/second').waitFor();
    expect(await change('made/second').textContent()).toMatch(/^created /);
    expect(await change('old').textContent()).toMatch(/^deleted /);
    const running = page.locator('section[aria-labelledby=timeline-ran]');
    expect(await running.textContent()).toContain('/bin/sh');

    const scrubber = page.getByLabel('Moment of the session');
    await scrubber.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => changed.count()).toBe(0);
    await page.getByRole('button', { name: 'Next event' }).click();
    expect(await scrubber.getAttribute('aria-valuetext')).not.toMatch(/^00:00\.000 of/);

    await page.getByLabel('64×').check();
    await page.getByRole('button', { name: 'Play' }).click();
    await change('made/second').waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();

    await page.getByText('The lanes as a table').click();
    await page.getByRole('columnheader', { name: 'Denials' }).waitFor();
    expect(await barriers(page)).toEqual([]);

    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'To the end' }).click();
    session.stdin?.write('later\n');
    await change('later').waitFor();
    await page.context().close();
  });

  it('tells hosts, what was asked of them and why it was refused; the filter is in the address', async () => {
    const page = await ui.open(`/s/${id}/network`);
    const host = page.getByRole('button', { name: 'host.leash.internal' });
    await host.first().waitFor();
    await page.getByLabel('Host, path or reason').fill('/admin');
    await page.getByText(/^1 of \d+ hosts$/).waitFor();
    await host.click();
    await page.getByText('Administration is not the agent’s.'.replace('’', "'")).waitFor();
    await expect.poll(() => page.getByRole('cell', { name: '/public' }).count()).toBe(1);
    expect(await barriers(page)).toEqual([]);
    expect(new URL(page.url()).search).toBe('?host=%2Fadmin');
    await page.reload();
    await page.getByText(/^1 of \d+ hosts$/).waitFor();
    await page.context().close();
  });

  it('says that there was no call of MCP or a model', async () => {
    const page = await ui.open(`/s/${id}/mcp`);
    await page.getByText('No event of this session is an MCP call.').waitFor();
    await page.getByText('No request to a language model was seen.').waitFor();
    await page.context().close();
  });

  it('saves a report that opens from disk, verifies its chain, and runs nothing that the agent wrote', async () => {
    const page = await ui.open(`/s/${id}/timeline`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save report' }).click();
    const file = path.join(place.root, (await download).suggestedFilename());
    expect(path.basename(file)).toBe(`leash-${id}.html`);
    await (await download).saveAs(file);

    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.context().setOffline(true);
    await page.goto(pathToFileURL(file).href);
    await page.getByText(/^✓ The chain holds: \d+ events/).waitFor();
    await page.getByRole('searchbox').fill('forbidden.txt');
    await page.getByRole('row').filter({ hasText: 'It is forbidden.' }).first().waitFor();
    await expect.poll(() => page.locator('main').textContent()).toContain(HOSTILE);
    expect(await page.title()).toBe('Leash journal viewer');
    expect(asked.filter((address) => !/^(?:file|data):/.test(address))).toEqual([]);
    await page.context().close();
  });

  it('complains of nothing', () => {
    expect(ui.complaints).toEqual([]);
  });
});
