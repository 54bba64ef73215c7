// The demo's model: HTTPS on loopback under the official name, and what it has learned.
import https from 'node:https';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MODEL_HOST, type Model, startModel } from '../../../../src/cli/demo/model.ts';

let model: Model;

beforeEach(async () => {
  model = await startModel({ steps: [{ shell: 'ls' }, { text: 'end' }] });
});

afterEach(() => model.close());

function ask(body: object, servername: string = MODEL_HOST): Promise<string> {
  const options = { host: '127.0.0.1', port: model.port, servername, ca: model.caCertificate, method: 'POST' };
  return new Promise((resolve, reject) => {
    const request = https.request({ ...options, path: '/v1/messages' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve(text));
    });
    request.once('error', reject).end(JSON.stringify(body));
  });
}

const tools = [{ name: 'Bash', input_schema: {} }];
const result = (content: string): object => ({
  model: 'm',
  tools,
  messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_step_0_a', content }] }],
});

test('answers by the script, with a certificate for the official name', async () => {
  expect(JSON.parse(await ask({ model: 'm', tools }))).toMatchObject({
    content: [{ name: 'Bash', input: { command: 'ls' } }],
  });
});

test('knows what tools have told it, and side requests do not make it forget', async () => {
  expect(model.learned()).toBe('');
  await ask(result('total.mjs README.md'));
  await ask({ model: 'm' });
  expect(model.learned()).toBe('total.mjs README.md');
});

test('has no certificate for another name', async () => {
  await expect(ask({}, 'example.com')).rejects.toThrow();
});
