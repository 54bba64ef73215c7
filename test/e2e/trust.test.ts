// Every client of the trust table that this machine has, inside `leash` with no action of the user: the session's authority is trusted, a stranger's is not.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/schema/event.ts';
import { IDENTITIES, Place, runLeash } from '../fixtures/leash.ts';
import type { Client } from '../fixtures/trust/client.ts';
import { CLIENTS } from '../fixtures/trust/clients.ts';
import { ORIGIN, Origin } from '../fixtures/trust/origin.ts';

const RUNNER = fileURLToPath(new URL('../fixtures/trust/run.mjs', import.meta.url));
/** Folders of further clients, before the system's; they must be visible inside. */
const SEARCH_PATH = [process.env['LEASH_TEST_PATH'], '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']
  .filter((folders) => folders !== undefined)
  .join(':');
/** A rule about paths, so that no connection to the origin passes uninspected. */
const POLICY = `
@id("everything") permit(principal, action, resource);
@id("never") forbid(principal, action == Action::"HttpRequest", resource) when { context.path like "*/never" };
`;

function isThere({ program, probe }: Client): boolean {
  const env = { ...process.env, PATH: SEARCH_PATH };
  const found = spawnSync('sh', ['-c', `command -v ${program} >/dev/null && { ${probe ?? 'true'}; }`], { env });
  return found.status === 0;
}

const present = CLIENTS.filter(isThere);
const absent = CLIENTS.filter((client) => !present.includes(client));
if (absent.length > 0) console.warn(`skipped, not on this machine: ${absent.map(({ name }) => name).join('; ')}`);

interface Outcome {
  readonly status: number | null;
  readonly said: string;
}

interface Outcomes {
  readonly good: Outcome;
  readonly bad: Outcome & { readonly attempts: number; readonly requests: number };
}

/** Certificates that nobody vouches for: of a server that clients meet, and a bundle that their configurations name. */
function makeStrangers(place: Place): void {
  for (const name of ['stranger', 'other']) {
    const files = ['-keyout', `${name}-key.pem`, '-out', `${name}.pem`];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', ...kind, ...files, ...names], { cwd: place.workspace, stdio: 'ignore' });
    for (const file of [`${name}-key.pem`, `${name}.pem`]) place.own(path.join(place.workspace, file));
  }
}

describe.each(IDENTITIES)('as %s', (as) => {
  const clients = as === 'user' ? present.filter(({ isCore }) => isCore) : present;
  const place = new Place(as);
  const origin = new Origin();
  let outcomes: Record<string, Outcomes>;
  let events: readonly Event[];

  beforeAll(async () => {
    makeStrangers(place);
    const ca = place.write(path.join(place.root, 'origin-ca.pem'), origin.ca.certificatePem);
    place.write('run.mjs', readFileSync(RUNNER));
    const port = await origin.listen();
    const result = await runLeash(place, {
      policy: POLICY,
      command: ['node', 'run.mjs'],
      args: ['--resolve', `${ORIGIN}:443:127.0.0.1:${port}`, '--ca', ca],
      input: JSON.stringify({
        clients,
        origin: ORIGIN,
        searchPath: SEARCH_PATH,
      }),
    });
    const last = result.stdout.toString().trim().split('\n').at(-1) ?? '';
    if (!last.startsWith('{')) throw new Error(`the clients did not run: ${result.stderr}`);
    outcomes = JSON.parse(last) as Record<string, Outcomes>;
    events = result.events;
  }, 900_000);
  afterAll(() => {
    origin.close();
    place.remove();
  });

  it.each(clients)('$name trusts the session, whose proxy sees the request', ({ id }) => {
    const good = outcomes[id]?.good;
    expect(good, good?.said).toMatchObject({ status: 0 });
    expect(good?.said).toMatch(/7\.4\.2/);
    const seen = events.filter(
      ({ action, detail }) => action === 'HttpRequest' && String(detail?.['path']).startsWith(`/${id}/`),
    );
    expect(seen.map(({ detail }) => detail?.['scheme'])).toContain('https');
    expect(origin.asked.some((asked) => asked.startsWith(`/${id}/`))).toBe(true);
  });

  it.each(clients)('$name does not trust a stranger', ({ id }) => {
    const bad = outcomes[id]?.bad;
    expect(bad?.status, bad?.said).not.toBe(0);
    expect(bad?.status, 'it ended by itself').not.toBeNull();
    expect(bad?.attempts).toBeGreaterThan(0);
    expect(bad?.requests).toBe(0);
  });
});
