// Credentials over HTTP/2: put in for each stream, and taken out of what comes back, trailers and interim responses too.
import { Buffer } from 'node:buffer';
import type { ClientHttp2Session } from 'node:http2';
import { afterEach, expect, it } from 'vitest';
import { SecretBroker } from '../../src/proxy/secrets/broker.ts';
import { ask, connect, http2Origin } from './proxy-http2-lab.ts';
import { ALLOWED, Lab } from './proxy-lab.ts';
import { binding, PLACEHOLDER, VALUE } from './proxy-secrets-lab.ts';

let lab: Lab | undefined;
let session: ClientHttp2Session | undefined;
afterEach(async () => {
  session?.destroy();
  await lab?.close();
});

async function site(name: string): Promise<{ client: ClientHttp2Session; seen: string[] }> {
  const seen: string[] = [];
  const broker = new SecretBroker({ bindings: [binding()], decide: () => ALLOWED, alert: () => {} });
  const made = new Lab({ brokers: [broker] });
  lab = made;
  await http2Origin(made, name, (stream, headers) => {
    seen.push(String(headers['authorization'] ?? ''));
    stream.additionalHeaders({ ':status': 103, 'x-early': VALUE });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '7', 'grpc-message': VALUE }));
    stream.respond({ ':status': 200, 'x-echo': VALUE }, { waitForTrailers: true });
    stream.write(`key ${VALUE.slice(0, 9)}`);
    stream.end(`${VALUE.slice(9)} ${Buffer.from(VALUE).toString('base64')} end`);
  });
  session = connect(made, await made.dialledName(name, 443), name);
  return { client: session, seen };
}

it('the server gets the value, the client none of it', async () => {
  const { client, seen } = await site('api.test');
  const answer = await ask(client, { ':path': '/', authorization: `Bearer ${PLACEHOLDER}` });
  expect(seen).toEqual([`Bearer ${VALUE}`]);
  const text = JSON.stringify({ ...answer, body: answer.body.toString() });
  expect(text).toContain(`key ${PLACEHOLDER} `);
  expect(text).toContain(PLACEHOLDER);
  for (const value of [VALUE, VALUE.slice(4, -4), Buffer.from(VALUE).toString('base64')])
    expect(text.includes(JSON.stringify(value).slice(1, -1))).toBe(false);
});

it('another host gets nothing', async () => {
  const { client, seen } = await site('evil.test');
  const answer = await ask(client, { ':path': '/', authorization: `Bearer ${PLACEHOLDER}` });
  expect(JSON.stringify(answer)).toContain('is for api.test:443 only');
  expect(seen).toEqual([]);
});
