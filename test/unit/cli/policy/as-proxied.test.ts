import { expect, test } from 'vitest';
import { asProxied } from '../../../../src/cli/policy/as-proxied.ts';

const request = {
  action: 'HttpRequest',
  resource: { type: 'host', name: 'forge.example' },
  program: { exe: '/usr/bin/git', uid: 0 },
  port: 443,
  method: 'POST',
  path: '/t%65am/app.git/git-receive-pack',
  query: 'a?b',
  scheme: 'https',
  headers: new Map([['accept', 'x']]),
} as const;

test('a request gets the path and the purpose that the proxy would see', () => {
  expect(asProxied(request)).toEqual({
    ...request,
    path: '/team/app.git/git-receive-pack',
    git: { operation: 'push', repository: 'forge.example/team/app' },
  });
});
