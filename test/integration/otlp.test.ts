// Sessions whose events are sent by OTLP to a receiver on loopback: all arrive, without secrets, and no session waits for an endpoint.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';
import { OtlpReceiver } from '../fixtures/otlp-receiver.ts';

const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));
const SECRET = 'hunter2-correct-horse';
const HEADER = 'battery-staple-header';

let place: Place;
let receiver: OtlpReceiver;
let endpoint = '';
beforeEach(async () => {
  place = new Place();
  receiver = new OtlpReceiver();
  endpoint = await receiver.listen();
});
afterEach(() => {
  receiver.close();
  place.remove();
});

test('every event of the journal arrives, in its order, and no secret', async () => {
  place.write('a.key', 'k');
  const { status, events, stdout } = await runLeash(place, {
    policy: `${PERMISSIVE}\n@id("no-keys") forbid(principal, action in Action::"FileOpen", resource) when { resource.path like "*.key" };`,
    command: ['sh', '-c', `env; cat /${SECRET}/x a.key; exit 3`],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${HEADER}`,
    },
    args: ['--env', `MY_TOKEN=${SECRET}`],
  });
  expect(status).toBe(3);
  expect(receiver.logs.map(({ attributes }) => [attributes['leash.seq'], attributes['leash.action']])).toEqual(
    events.map(({ action }, seq) => [seq, action]),
  );
  expect(receiver.logs.some(({ attributes }) => attributes['leash.resource'] === '/[MY_TOKEN]/x')).toBe(true);
  expect(
    receiver.logs.some(
      ({ severityText, attributes }) => severityText === 'WARN' && String(attributes['file.path']).endsWith('/a.key'),
    ),
  ).toBe(true);
  expect(receiver.spans.map(({ name }) => name)).toContain('leash session');
  expect(receiver.headers[0]?.authorization).toBe(HEADER);
  expect(receiver.text).not.toContain(SECRET);
  expect(receiver.text).not.toContain(HEADER);
  // The credential of the collector is not the agent's.
  expect(stdout.toString()).not.toContain(HEADER);
  expect(stdout.toString()).toContain(endpoint);
});

test('an endpoint that never answers ends no session late, and what it missed is told', async () => {
  receiver.behaviour = 'hangs';
  const { status, stderr, events } = await runLeash(place, {
    policy: PERMISSIVE,
    command: ['true'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
  });
  expect(status).toBe(0);
  expect(events.length).toBeGreaterThan(2);
  expect(stderr).toContain(`${events.length} of ${events.length} events did not reach the OTLP endpoint`);
});

test('what is no endpoint is told in one line, without its password, and the agent runs', async () => {
  const { status, stderr } = await runLeash(place, {
    policy: PERMISSIVE,
    command: ['true'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'user:swordfish@collector:4317' },
  });
  expect(status).toBe(0);
  expect(stderr).toContain('events are not exported: OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL');
  expect(stderr).not.toContain('swordfish');
});

test('a session that is over is exported whole, under the same identifiers; what a collector refuses is a failure', async () => {
  const session = await runLeash(place, { policy: PERMISSIVE, command: ['true'] });
  expect(receiver.logs).toEqual([]);
  const leash = async (...words: string[]): Promise<{ status: number | null; stderr: string }> => {
    const child = spawn(process.execPath, [MAIN, 'events', 'export', ...words], { env: place.environment });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { status, stderr };
  };
  expect(await leash('--format', 'otlp', '--endpoint', endpoint)).toMatchObject({ status: 0 });
  expect(receiver.logs.map(({ attributes }) => attributes['leash.action'])).toEqual(
    session.events.map(({ action }) => action),
  );
  receiver.behaviour = 'refuses';
  const refused = await leash('--format', 'otlp', '--endpoint', endpoint);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('LEASH_EXPORT') });
  expect(await leash('--format', 'otlp')).toMatchObject({ status: 2, stderr: expect.stringContaining('--endpoint') });
});
