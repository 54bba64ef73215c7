// Headers that policies set: on permitted requests, instead of the agent's own, as Cedar says for each.
import type http from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type Candidate, RewriteBroker } from '../../src/proxy/exchange/rewrite-broker.ts';
import type { Request } from '../../src/schema/request.ts';
import { ALLOWED, DENIED, Lab } from './proxy-lab.ts';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
});

const NOBODY = { ...DENIED, policies: [] };

function site(
  candidates: () => readonly Candidate[],
  permits: (request: Request) => typeof ALLOWED,
): { made: Lab; seen: http.IncomingHttpHeaders[] } {
  const decide = (request: Request): typeof ALLOWED => (request.action === 'HttpRewrite' ? permits(request) : ALLOWED);
  const made = new Lab({ decide, brokers: [new RewriteBroker({ candidates, decide })] });
  lab = made;
  return { made, seen: [] };
}

async function ask(
  { made, seen }: ReturnType<typeof site>,
  name: string,
): Promise<http.IncomingHttpHeaders | undefined> {
  await made.httpOrigin(name, ({ headers }, response) => {
    seen.push(headers);
    response.end();
  });
  await made.curl(await made.dialledName(name, 80), ['-H', 'X-Team: mine', '-H', 'x-team: again', `http://${name}/`]);
  return seen.at(-1);
}

it('is set where it is permitted, instead of all the agent sent under that name', async () => {
  const asked: Request[] = [];
  const candidates = [
    { header: 'X-Team', value: 'blue' },
    { header: 'X-Team', value: 'red' },
  ];
  const place = site(
    () => candidates,
    (request) => {
      asked.push(request);
      return request.resource.type === 'host' && request.resource.name === 'good.test' ? ALLOWED : NOBODY;
    },
  );
  expect((await ask(place, 'good.test'))?.['x-team']).toBe('blue');
  expect((await ask(place, 'other.test'))?.['x-team']).toBe('mine, again');
  expect(asked).toContainEqual({
    action: 'HttpRewrite',
    resource: { type: 'host', name: 'good.test' },
    port: 80,
    header: 'X-Team',
    value: 'blue',
  });
  const event = await place.made.event(({ detail }) => detail?.['headers_set'] !== undefined);
  expect(event.detail?.['headers_set']).toEqual(['x-team']);
  expect(JSON.stringify(place.made.events)).not.toContain('blue');
});

it('a forbid of the name in lower case outweighs a permit that spells it otherwise', async () => {
  const candidates = [{ header: 'X-Team', value: 'blue' }];
  const place = site(
    () => candidates,
    (request) => ('header' in request && request.header === 'x-team' ? DENIED : ALLOWED),
  );
  expect((await ask(place, 'good.test'))?.['x-team']).toBe('mine, again');
});

it('another policy set is asked anew', async () => {
  let candidates: readonly Candidate[] = [{ header: 'x-team', value: 'blue' }];
  const place = site(
    () => candidates,
    () => ALLOWED,
  );
  expect((await ask(place, 'good.test'))?.['x-team']).toBe('blue');
  candidates = [{ header: 'x-team', value: 'green' }];
  expect((await ask(place, 'good.test'))?.['x-team']).toBe('green');
  candidates = [];
  expect((await ask(place, 'good.test'))?.['x-team']).toBe('mine, again');
});
