// TLS in whole sessions: what stays closed by `@passthrough` and `--tls`, what a person is told of a client that wants it to, and denials on 443.
import https from 'node:https';
import type net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSessionCa, type SessionCa } from '../../src/proxy/tls/session-ca.ts';
import type { Event } from '../../src/schema/event.ts';
import { IDENTITIES, type LeashResult, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const NAME = 'pinned.example.test';
const NETWORK = `permit(principal, action in [Action::"DnsResolve", Action::"NetworkConnect"], resource);`;
const PINNED = `@passthrough permit(principal, action in Action::"NetworkConnect", resource == Host::"${NAME}");`;

let authority: SessionCa;
let origin: https.Server;
let port: number;
beforeAll(async () => {
  authority = createSessionCa();
  const SNICallback: https.ServerOptions['SNICallback'] = (_name, done) => done(null, authority.contextFor(NAME));
  origin = https.createServer({ SNICallback }, (request, response) => response.end(`origin ${request.url}\n`));
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  ({ port } = origin.address() as net.AddressInfo);
});
afterAll(() => new Promise((resolve) => origin.close(resolve)));

const isSpliced = ({ detail }: Event): boolean => detail?.['tls'] === 'spliced';
const isRequest = ({ action }: Event): boolean => action === 'HttpRequest';

describe.each(IDENTITIES)('TLS of %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    // What a program that pins certificates has inside.
    place.write('pinned.pem', authority.certificatePem);
  });
  afterEach(() => place.remove());

  const shell = (script: string, policy: string, ...args: string[]): Promise<LeashResult> => {
    const ca = place.write('origin.pem', authority.certificatePem);
    const reach = ['--resolve', `${NAME}:443:127.0.0.1:${port}`, '--ca', ca];
    return runLeash(place, { policy: PERMISSIVE + policy, command: ['bash', '-c', script], args: [...reach, ...args] });
  };
  // Nor does it read the machine's hashed certificates.
  const PINNING = `curl -sS --max-time 20 --capath . --cacert pinned.pem https://${NAME}/x 2>&1; echo $?`;
  const TRUSTING = `curl -sS --max-time 20 https://${NAME}/x 2>&1; echo $?`;

  it('is opened by default, and each request recorded', async () => {
    const { stdout, events } = await shell(TRUSTING, NETWORK);
    expect(stdout.toString()).toBe('origin /x\n0\n');
    expect(events.filter(isRequest)).toMatchObject([{ detail: { path: '/x', status: 200 } }]);
  });

  it('stays closed by @passthrough', async () => {
    const { stdout, events } = await shell(PINNING, NETWORK + PINNED);
    expect(stdout.toString()).toBe('origin /x\n0\n');
    expect(events.filter(isRequest)).toEqual([]);
    expect(events.filter(isSpliced)).toMatchObject([
      { action: 'NetConnect', resource: { name: NAME }, effect: 'allow', detail: { sni: NAME, port: 443 } },
    ]);
  });

  it('stays closed by --tls splice, unless a rule is about requests', async () => {
    const all = await shell(PINNING, NETWORK, '--tls', 'splice');
    expect(all.stdout.toString()).toBe('origin /x\n0\n');
    expect(all.events.filter(isSpliced)).toHaveLength(1);
    const forbid = 'forbid(principal, action == Action::"HttpRequest", resource) when { context.method == "PUT" };';
    const some = await shell(TRUSTING, NETWORK + forbid, '--tls', 'splice');
    expect(some.stdout.toString()).toBe('origin /x\n0\n');
    expect(some.events.filter(isSpliced)).toEqual([]);
    expect(some.events.filter(isRequest)).toHaveLength(1);
  });

  it('that a client turns down is told of once, with the remedy, to the person and to the agent', async () => {
    const { stdout, stderr, events } = await shell(`${PINNING}; ${PINNING}; cat "$LEASH_DENIALS"`, NETWORK);
    const told = `TLS with ${NAME}:443 failed: the client rejected the session's certificate; `;
    expect(stderr.split(told)).toHaveLength(2);
    expect(stdout.toString().split(told)).toHaveLength(2);
    expect(stderr).toContain(`permit it with @passthrough for Host "${NAME}:443"`);
    expect(events.filter(({ error }) => error === 'EPROTO')).toHaveLength(2);
  });

  it('cannot be hidden from a rule that needs to see it: the policy is refused', async () => {
    const { status, stderr, events } = await shell(
      TRUSTING,
      `${NETWORK}\n${PINNED}\n@id("no-put") forbid(principal, action == Action::"HttpRequest", resource) when { context.method == "PUT" };`,
    );
    expect(status).not.toBe(0);
    expect(events).toEqual([]);
    expect(stderr).toMatch(/policy\.cedar:\d+:1: @passthrough would hide from Leash what the forbid "no-put" is about/);
  });

  it('to an address that Leash itself refuses is answered readably; what the policy denies fails at connect', async () => {
    const script = [
      'curl -sk --max-time 20 -i https://10.9.8.7/',
      'curl -s --max-time 20 https://192.0.2.1/; echo "connect: $?"',
    ].join('; ');
    const forbid = 'forbid(principal, action == Action::"NetConnect", resource in Host::"192.0.2.1");';
    const { stdout, events } = await shell(script, NETWORK + forbid);
    expect(stdout.toString()).toContain('HTTP/1.1 403 Forbidden');
    expect(stdout.toString()).toContain('X-Leash-Policy: none; reason="the destination is a private address"');
    expect(stdout.toString()).toContain('connect: 7');
    expect(events.filter(({ effect }) => effect === 'deny')).toMatchObject([
      { resource: { name: '10.9.8.7' }, detail: { status: 403 } },
      { resource: { name: '192.0.2.1' }, error: 'EACCES' },
    ]);
  });
});
