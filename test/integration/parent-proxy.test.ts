// Sessions on a network that is left through a company's proxy, to servers that only the company's root vouches for.
import type http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authority, issue } from '../fixtures/certificates.ts';
import { IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';
import { type Parent, parentProxy } from '../fixtures/parent-proxy.ts';
import { listen } from './proxy-lab.ts';

const NAME = 'api.company.example';
const PASSWORD = 'hunter2-of-the-company';
const POLICY = `${PERMISSIVE} @id("company") permit(principal, action in [Action::"DnsResolve", Action::"NetConnect", Action::"HttpRequest"], resource);`;
const root = authority('Company root');
const { pem, keyPem } = issue({ subject: NAME, issuer: root, isAuthority: false, names: [NAME], purposes: ['server'] });

let origin: http.Server;
let parent: Parent;
let env: Record<string, string>;
const routes = new Map<string, number>();

beforeEach(async () => {
  origin = https.createServer({ cert: pem, key: keyPem }, (request, response) => response.end(`seen ${request.url}`));
  routes.set(`${NAME}:443`, await listen(origin));
  parent = parentProxy({ routes, credentials: `agent:${PASSWORD}` });
  env = { https_proxy: `http://agent:${PASSWORD}@127.0.0.1:${await listen(parent.server)}` };
});
afterEach(async () => {
  for (const server of [origin, parent.server as http.Server]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe.each(IDENTITIES)('behind a parent proxy, as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  it("an agent reaches a server that the company's root vouches for, and sees nothing of proxy or password", async () => {
    const company = place.write(path.join(place.root, 'company.pem'), root.pem);
    const script = `curl -sS https://${NAME}/path; env; cat /proc/*/environ /proc/*/cmdline`;
    const result = await runLeash(place, {
      policy: POLICY,
      command: ['sh', '-c', script],
      env: { ...env, NODE_EXTRA_CA_CERTS: company },
    });
    expect(result.stdout.toString()).toMatch(/^seen \/path/);
    expect(parent.asked).toHaveLength(1);
    const shown = result.stdout.toString() + result.stderr + JSON.stringify(result.events);
    expect(shown).not.toMatch(/https_proxy|hunter2|Proxy-Auth/i);
    expect(shown).not.toContain(Buffer.from(`agent:${PASSWORD}`).toString('base64'));
  });

  it('without the root the server is refused with the reason, in the answer and in the journal', async () => {
    const result = await runLeash(place, { policy: POLICY, command: ['curl', '-sS', `https://${NAME}/path`], env });
    expect(result.stdout.toString()).toMatch(/^leash: the certificate of api\.company\.example .*--ca/);
    expect(result.events.find(({ action }) => action === 'HttpRequest')).toMatchObject({
      error: expect.stringMatching(/ISSUER|VERIFY|SELF_SIGNED/),
      detail: { status: 502, message: expect.stringContaining('--ca') },
    });
  });

  it('a wrong password is a failure that does not show it', async () => {
    const wrong = { https_proxy: env['https_proxy']?.replace('hunter2', 'hunter3') ?? '' };
    const result = await runLeash(place, {
      policy: POLICY,
      command: ['curl', '-sS', `https://${NAME}/path`],
      env: wrong,
    });
    expect(result.stdout.toString()).toContain('does not accept the user and password in https_proxy');
    expect(result.stdout.toString() + result.stderr + JSON.stringify(result.events)).not.toContain('hunter3');
  });
});
