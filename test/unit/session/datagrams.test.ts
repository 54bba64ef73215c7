import { describe, expect, test } from 'vitest';
import type { Decided } from '../../../src/decision/decision.ts';
import type { ConnectRequest } from '../../../src/schema/request.ts';
import { namesProtocol, withDatagramRule } from '../../../src/session/datagrams.ts';

const TEXTS: Readonly<Record<string, string>> = {
  any: '{"effect":"permit"}',
  udp: '{"effect":"permit","conditions":[{".":{"left":{"Var":"context"},"attr":"protocol"}}]}',
};
const textOf = (id: string) => TEXTS[id];
const request = (protocol: 'tcp' | 'udp', port = 443): ConnectRequest => ({
  action: 'NetConnect',
  resource: { type: 'host', name: 'a.example' },
  program: { exe: '/bin/curl', uid: 0 },
  port,
  protocol,
  ip: '198.18.1.0',
});
const allowed = (...policies: string[]): Decided => ({ effect: 'allow', enforced: true, policies, epoch: 3 });
const denied = (enforced: boolean, ask?: string): Decided => ({
  effect: 'deny',
  enforced,
  policies: ['any'],
  epoch: 3,
  ...(ask !== undefined && { ask }),
});
const judge = (protocol: 'tcp' | 'udp', decided: Decided, port = 443) =>
  withDatagramRule(request(protocol, port), decided, textOf);

test('a policy names the protocol where it reads it', () => {
  expect(namesProtocol(['any', 'udp'], textOf)).toBe(true);
  expect(namesProtocol(['any', 'unknown'], textOf)).toBe(false);
});

describe('datagrams', () => {
  test('pass where a permit speaks of the protocol', () => {
    const decided = allowed('any', 'udp');
    expect(judge('udp', decided)).toBe(decided);
  });

  test('do not where none does, asked or not', () => {
    const refusal = { effect: 'deny', enforced: true, policies: [], epoch: 3 };
    expect(judge('udp', allowed('any'), 4000)).toMatchObject(refusal);
    expect(judge('udp', denied(true, 'may it?'))).toMatchObject(refusal);
  });

  test('pass where nothing is stopped, but to the port of HTTPS', () => {
    const decided = denied(false);
    expect(judge('udp', decided, 4000)).toBe(decided);
    expect(judge('udp', decided)).toMatchObject({ effect: 'deny', enforced: true, policies: [] });
  });

  test('that are denied stay denied', () => {
    const decided = denied(true);
    expect(judge('udp', decided)).toBe(decided);
  });
});

test('other requests are what the policy says', () => {
  const decided = allowed('any');
  expect(judge('tcp', decided)).toBe(decided);
  expect(
    withDatagramRule({ action: 'DnsResolve', resource: request('udp').resource, qtype: 'A' }, decided, textOf),
  ).toBe(decided);
});
