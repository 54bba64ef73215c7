// MCP over HTTP where a server asks what policy denies: Leash answers it in the client's place, in the client's session, and nowhere else.
import { Buffer } from 'node:buffer';
import type { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { SecretBroker } from '../../src/proxy/secrets/broker.ts';
import type { Event } from '../../src/schema/event.ts';
import { ALLOWED } from './proxy-lab.ts';
import { ALL, call, type McpSite, mcpSite, type Says } from './proxy-mcp-site.ts';
import { binding, PLACEHOLDER, VALUE } from './proxy-secrets-lab.ts';

const EVENTS = { 'content-type': 'text/event-stream' };
const NO_SAMPLING = `${ALL}
@id("no-sampling") @reason("Nobody samples.") forbid(principal, action == Action::"McpCall", resource)
when { context.method == "sampling/createMessage" };`;
const asks = (id: unknown = 's1', method = 'sampling/createMessage'): string =>
  `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, method, params: {} })}\n\n`;
const RESULT = 'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{"content":[]}}\n\n';
const SESSION = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-session-id': 's-1',
  'mcp-protocol-version': '2025-06-18',
  authorization: 'Bearer old',
  'x-api-key': 'key',
  'idempotency-key': 'once',
  'x-other': 'other',
};
const DENIAL = {
  jsonrpc: '2.0',
  id: 's1',
  error: {
    code: -33403,
    message: 'Leash does not permit sampling/createMessage: Nobody samples.',
    data: { reason: 'policy_denied', policies: ['no-sampling'] },
  },
};

const isAnswer = (body: string): boolean => body.includes('"error"');
const answersIn = (site: McpSite): unknown[] => site.reached.filter(isAnswer).map((body) => JSON.parse(body));
const own = (site: McpSite): Event[] => site.lab.events.filter(({ detail }) => detail?.['sent_by'] === 'leash');

/** Asks on the answer to a call, and ends it when it is answered. */
function asking(question: string): { says: Says; urls: string[] } {
  const urls: string[] = [];
  let open: Writable | undefined;
  const says: Says = (body, url) => {
    urls.push(url);
    if (!isAnswer(body))
      return {
        headers: EVENTS,
        text: question,
        more: (answer) => {
          open = answer;
        },
      };
    open?.end(RESULT);
    return { status: 202, text: '' };
  };
  return { says, urls };
}

it('on the stream of a call: the server has its answer, and the call goes on', async () => {
  const { says, urls } = asking(asks());
  const site = await mcpSite(NO_SAMPLING, { says });
  const { text } = await site.speak(call('add'), { path: '/mcp?a=1', headers: SESSION });
  expect(text).toBe(RESULT);
  expect(answersIn(site)).toEqual([DENIAL]);
  expect(urls).toEqual(['/mcp?a=1', '/mcp?a=1']);
  expect(site.heads[1]).toMatchObject({
    host: 'tools.test',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-session-id': 's-1',
    'mcp-protocol-version': '2025-06-18',
    authorization: 'Bearer old',
    'x-api-key': 'key',
  });
  expect(Object.keys(site.heads[1] ?? {})).not.toContain('idempotency-key');
  expect(Object.keys(site.heads[1] ?? {})).not.toContain('x-other');
});

it('its request is an event of its own, by the program whose session it is; the request of the server is denied', async () => {
  const { says } = asking(asks());
  const site = await mcpSite(NO_SAMPLING, { says });
  await site.speak(call('add'), { headers: SESSION });
  await expect.poll(() => own(site)).toHaveLength(1);
  expect(own(site)).toMatchObject([
    {
      action: 'HttpRequest',
      who: { exe: '/usr/bin/curl' },
      resource: { name: 'tools.test' },
      effect: 'allow',
      detail: { method: 'POST', path: '/mcp', status: 202, mcp: true },
    },
  ]);
  expect(site.calls().map(({ effect, detail }) => [effect, detail?.['method'], detail?.['outcome']])).toEqual([
    ['deny', 'sampling/createMessage', 'denied'],
    ['allow', 'tools/call', 'result'],
  ]);
});

it('where the client listens, with what its last request in the session had', async () => {
  let stream: Writable | undefined;
  const listened = (answer: Writable): void => {
    stream = answer;
  };
  const site = await mcpSite(NO_SAMPLING, {
    says: (body) => {
      if (body === '') return { headers: EVENTS, text: ': hello\n\n', more: listened };
      if (isAnswer(body)) stream?.end();
      return { status: 202, text: '' };
    },
  });
  const listening = site.speak('', { method: 'GET', headers: { ...SESSION, accept: 'text/event-stream' } });
  await expect.poll(() => stream).toBeDefined();
  const renewed = { ...SESSION, authorization: 'Bearer new' };
  await site.speak('{"jsonrpc":"2.0","method":"notifications/initialized"}', { headers: renewed });
  await site.speak('{"jsonrpc":"2.0","method":"notifications/initialized"}', {
    headers: { ...SESSION, 'mcp-session-id': 's-2', authorization: 'Bearer of another' },
  });
  stream?.write(asks());
  await listening;
  expect(answersIn(site)).toEqual([DENIAL]);
  expect(site.heads.at(-1)).toMatchObject({ 'mcp-session-id': 's-1', authorization: 'Bearer new' });
});

it('of 2024-11-05: where the stream wants messages, and only if that is the server itself', async () => {
  const urls: string[] = [];
  const says =
    (endpoint: string): Says =>
    (body, url) => {
      urls.push(url);
      if (body !== '') return { status: 202, text: 'Accepted' };
      return { headers: EVENTS, text: `event: endpoint\ndata: ${endpoint}\n\n${asks()}` };
    };
  const listening = {
    method: 'GET',
    path: '/sse',
    headers: { accept: 'text/event-stream', authorization: 'Bearer a' },
  };
  const site = await mcpSite(NO_SAMPLING, { says: says('/in?session=1') });
  expect((await site.speak('', listening)).text).not.toContain('sampling');
  await expect.poll(() => answersIn(site)).toEqual([DENIAL]);
  expect(urls).toEqual(['/sse', '/in?session=1']);
  expect(site.heads[1]).toMatchObject({ authorization: 'Bearer a' });
  await site.lab.close();
  const other = await mcpSite(NO_SAMPLING, { says: says('http://other.test/in') });
  await other.speak('', listening);
  await other.speak(call('add'));
  expect(answersIn(other)).toEqual([]);
});

it('credentials are put in where they would be for the client', async () => {
  const { says } = asking(asks());
  const secret = binding({ hosts: [{ name: 'tools.test', port: 443 }] });
  const broker = new SecretBroker({ bindings: [secret], decide: () => ALLOWED, alert: () => {} });
  const site = await mcpSite(NO_SAMPLING, { says, editors: [broker], isSecure: true });
  await site.speak(call('add'), { headers: { ...SESSION, authorization: `Bearer ${PLACEHOLDER}` } });
  expect(site.heads.map(({ authorization }) => authorization)).toEqual([`Bearer ${VALUE}`, `Bearer ${VALUE}`]);
  await expect.poll(() => own(site)).toMatchObject([{ detail: { secrets: ['token'] } }]);
  expect(JSON.stringify(site.lab.events)).not.toContain(VALUE);
});

it('the policy in force judges it as a request of that program', async () => {
  const { says } = asking(`${asks()}${RESULT}`);
  const site = await mcpSite(
    `${NO_SAMPLING} @id("no-answer") forbid(principal, action == Action::"HttpRequest", resource) when { context.path == "/in" };`,
    {
      says: (body, url) =>
        body === '' ? { headers: EVENTS, text: `event: endpoint\ndata: /in\n\n${asks()}` } : says(body, url),
    },
  );
  await site.speak('', { method: 'GET', path: '/sse', headers: { accept: 'text/event-stream' } });
  await expect.poll(() => own(site)).toMatchObject([{ effect: 'deny', policies: ['no-answer'] }]);
  expect(answersIn(site)).toEqual([]);
});

it('what the server asks in its answer to that is denied, and not answered: it could go on for ever', async () => {
  const site = await mcpSite(NO_SAMPLING, {
    says: (body) => ({ headers: EVENTS, text: isAnswer(body) ? asks('s2') : `${asks()}${RESULT}` }),
  });
  await site.speak(call('add'), { headers: SESSION });
  await expect.poll(() => own(site)).toHaveLength(1);
  await expect.poll(() => site.calls().map(({ detail }) => detail?.['id'])).toContain('"s2"');
  expect(answersIn(site)).toEqual([DENIAL]);
});

it('a server that asks without end is answered so often at a time, and its answers are not read to their end', async () => {
  const many = Array.from({ length: 100 }, (_, at) => asks(at)).join('');
  const open: Writable[] = [];
  const site = await mcpSite(NO_SAMPLING, {
    says: (body) =>
      isAnswer(body)
        ? { text: '', more: (answer) => void open.push(answer) }
        : { headers: EVENTS, text: `${many}${RESULT}` },
  });
  await site.speak(call('add'), { headers: SESSION });
  await expect.poll(() => open).toHaveLength(32);
  expect(site.calls().filter(({ effect }) => effect === 'deny')).toHaveLength(100);
  for (const answer of open) answer.on('error', () => {}).write(Buffer.alloc(100_000));
  await expect.poll(() => own(site).map(({ error }) => error)).toEqual(Array(32).fill('ECONNABORTED'));
});

it('what may be asked is not answered, and where nothing is stopped neither', async () => {
  const says: Says = () => ({ headers: EVENTS, text: `${asks('s1', 'roots/list')}${asks()}${RESULT}` });
  const site = await mcpSite(NO_SAMPLING, { observes: true, says });
  expect((await site.speak(call('add'), { headers: SESSION })).text).toContain('sampling');
  expect(own(site)).toEqual([]);
  expect(site.reached).toHaveLength(1);
});
