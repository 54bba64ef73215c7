// An agent that logs in: the tokens that it is issued stay with the proxy, and it works, and refreshes, with placeholders.
import type http from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { OauthBroker } from '../../src/proxy/secrets/oauth-broker.ts';
import type { Request } from '../../src/schema/request.ts';
import { ALLOWED, DENIED, Lab } from './proxy-lab.ts';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
});

const part = (json: string): string => Buffer.from(json).toString('base64url');
const ACCESS = 'sk-ant-oat01-Real+Access/Token=0123456789abcdef';
const REFRESH = 'sk-ant-ort01-RealRefreshToken0123456789abcdefgh';
const ID = `${part('{"alg":"RS256"}')}.${part('{"sub":"me"}')}.${'S'.repeat(43)}`;
const ISSUED = {
  token_type: 'Bearer',
  expires_in: 3600,
  access_token: ACCESS,
  refresh_token: REFRESH,
  account: { id_token: ID },
};

interface Issuer {
  readonly made: Lab;
  readonly bodies: string[];
  readonly used: http.IncomingHttpHeaders[];
  readonly learned: string[];
  token(body: string, args?: readonly string[]): Promise<string>;
  use(host: string, token: string): Promise<string>;
}

async function issuer(
  answer: (response: http.ServerResponse) => void = (response) => response.end(JSON.stringify(ISSUED)),
  decide: (request: Request) => typeof ALLOWED = () => ALLOWED,
): Promise<Issuer> {
  const learned: string[] = [];
  const broker = new OauthBroker({
    binding: {
      name: 'login',
      endpoints: [{ name: 'login.test', port: 443, path: '/oauth/token' }],
      hosts: [{ name: 'api.test', port: 443 }],
    },
    decide,
    alert: () => {},
    learned: (value) => learned.push(value.reveal()),
  });
  const made = new Lab({ decide, brokers: [broker] });
  lab = made;
  const bodies: string[] = [];
  const used: http.IncomingHttpHeaders[] = [];
  await made.httpsOrigin('login.test', (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (bytes: Buffer) => parts.push(bytes));
    request.on('end', () => {
      bodies.push(Buffer.concat(parts).toString());
      answer(response);
    });
  });
  for (const name of ['api.test', 'evil.test'])
    await made.httpsOrigin(name, ({ headers }, response) => {
      used.push(headers);
      response.end(headers.authorization);
    });
  const login = await made.dialledName('login.test', 443);
  return {
    made,
    bodies,
    used,
    learned,
    token: (body, args = []) => made.curl(login, [...args, '--data-binary', body, 'https://login.test/oauth/token']),
    use: async (host, token) =>
      made.curl(await made.dialledName(host, 443), ['-H', `Authorization: Bearer ${token}`, `https://${host}/`]),
  };
}

it('tokens are kept, used where they are bound, and refreshed', async () => {
  const { token, use, bodies, used, learned, made } = await issuer();
  const first = JSON.parse(await token('grant_type=authorization_code&code=abc'));
  expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
  expect(first.access_token).toMatch(/^sk-ant-oat01-[A-Za-z0-9]+$/);
  expect(first.access_token).toHaveLength(ACCESS.length);
  expect(first.account.id_token.split('.').slice(0, 2)).toEqual(ID.split('.').slice(0, 2));
  expect(learned).toEqual([ACCESS, REFRESH, ID]);
  expect(await use('api.test', first.access_token)).toBe(`Bearer ${first.access_token}`);
  expect(used[0]?.authorization).toBe(`Bearer ${ACCESS}`);
  expect(await use('evil.test', first.access_token)).toContain('is for api.test:443 only');
  const again = JSON.parse(await token(`grant_type=refresh_token&refresh_token=${first.refresh_token}`));
  expect(bodies[1]).toBe(`grant_type=refresh_token&refresh_token=${REFRESH}`);
  expect(again).toEqual(first);
  await token(`{"refresh_token":"${first.refresh_token}","t":"${first.access_token}"}`, [
    '-H',
    'Content-Type: application/json',
  ]);
  expect(JSON.parse(bodies[2] ?? '')).toEqual({ refresh_token: REFRESH, t: ACCESS });
  const journal = JSON.stringify(made.events);
  for (const value of [ACCESS, REFRESH, ID]) expect(journal).not.toContain(value);
});

it('a coded answer is unpacked; a refusal of the server passes', async () => {
  let isGood = true;
  const { token } = await issuer((response) => {
    if (isGood) response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(ISSUED)));
    else response.writeHead(400).end('{"error":"invalid_grant"}');
  });
  const text = await token('code=a');
  expect(text).not.toContain(REFRESH);
  expect(JSON.parse(text).refresh_token).toHaveLength(REFRESH.length);
  isGood = false;
  expect(await token('code=b')).toBe('{"error":"invalid_grant"}');
});

it.each([
  ['no JSON', `access_token=${ACCESS}`],
  ['too long', JSON.stringify({ access_token: ACCESS, x: 'x'.repeat(2 << 20) })],
  ['nested too deeply', `${'['.repeat(40)}${']'.repeat(40)}`],
  ['a token that no header may hold', JSON.stringify({ access_token: 'a\r\nb-and-more' })],
])('an answer that cannot be read does not reach the agent: %s', async (_what, body) => {
  const { token } = await issuer((response) => response.end(body));
  const answer = await token('code=a').catch((error: Error) => error.message);
  expect(answer).toMatch(/curl: \(\d+\)/);
});

it('a policy forbids the refresh: the placeholder is sent, which is worth nothing', async () => {
  let isForbidden = false;
  const { token, bodies } = await issuer(undefined, ({ action }) =>
    isForbidden && action === 'SecretUse' ? DENIED : ALLOWED,
  );
  const { refresh_token: placeholder } = JSON.parse(await token('code=a'));
  isForbidden = true;
  await token(`refresh_token=${placeholder}`);
  expect(bodies[1]).toBe(`refresh_token=${placeholder}`);
});
