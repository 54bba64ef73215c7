// Whether TLS stays closed depends on the session's wish and the policy's word; who is told of clients that reject the certificate.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Handling } from '../../../src/policy/inspection.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { ConnectRequest } from '../../../src/schema/request.ts';
import { Denials } from '../../../src/session/denials.ts';
import { mayStayClosed, remedies } from '../../../src/session/tls.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w/', home: '/h/', tmp: '/tmp/' };
const TEXTS: Readonly<Record<Handling, string>> = {
  inspect: 'permit(principal, action == Action::"NetConnect", resource);',
  splice: 'permit(principal, action in Action::"NetworkConnect", resource);',
  passthrough: '@passthrough permit(principal, action in Action::"NetworkConnect", resource == Host::"a.example");',
};
const REQUEST: ConnectRequest = {
  action: 'NetConnect',
  resource: { type: 'host', name: 'a.example' },
  program: { exe: '/usr/bin/curl', uid: 1000 },
  port: 443,
  protocol: 'tcp',
  ip: '198.18.1.0',
};

test.each([
  ['inspect', 'inspect', 'enforce', false],
  ['inspect', 'splice', 'enforce', false],
  ['splice', 'inspect', 'enforce', false],
  ['splice', 'splice', 'enforce', true],
  ['splice', 'splice', 'shadow', true],
  ['splice', 'splice', 'record', false],
  ['passthrough', 'inspect', 'enforce', true],
  ['passthrough', 'splice', 'enforce', true],
  ['passthrough', 'inspect', 'record', true],
] as const)('a policy that says %s, in a session of --tls %s --mode %s: %s', async (handling, tls, mode, closed) => {
  const set = await loadPolicies({ name: 'p', text: TEXTS[handling] }, FACTS);
  expect(set.hasPassthrough).toBe(handling === 'passthrough');
  expect(mayStayClosed(set, { tls, mode }, REQUEST)).toBe(closed);
});

test('a client that rejects the certificate is told of once a host, to the person and to the agent, on one line', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-tls-'));
  const denials = new Denials(folder);
  const said: string[] = [];
  const tell = remedies((line) => said.push(line), denials);
  for (let n = 0; n < 3; n++) tell('a.example', 443, 'do this');
  tell('fd00::1', 443, 'x');
  for (let n = 0; n < 50; n++) tell(`h${n}.example`, 443, 'x');
  expect(said.slice(0, 2)).toEqual(['TLS with a.example:443 failed: do this', 'TLS with [fd00::1]:443 failed: x']);
  expect(said).toHaveLength(20);
  const text = readFileSync(denials.file, 'utf8');
  expect(text).toMatch(/^\d\d:\d\d:\d\d TLS with a\.example:443 failed: do this$/m);
  expect(text.split('\n').filter((line) => line.includes('TLS with'))).toHaveLength(20);
  denials.discard();
  rmSync(folder, { recursive: true });
});
