import { describe, expect, test } from 'vitest';
import {
  formatIp,
  isInRange,
  isLoopback,
  isMulticast,
  parseCanonicalAddress,
  parseIp,
} from '../../../../src/policy/evaluate/ip.ts';
import { cedar } from '../judge.ts';

const VALID = [
  '0.0.0.0',
  '255.255.255.255',
  '10.0.0.0/8',
  '10.1.2.3/0',
  '::',
  '::1',
  '1::',
  'fe80::1/10',
  '1:2:3:4:5:6:7:8',
  '::1/128',
  'ABCD::ef',
  '1:2:3:4:5:6:7::',
];
const INVALID = [
  '',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '256.0.0.1',
  '1.2.3.4/33',
  '1.2.3.4/08',
  '::/129',
  '1::2::3',
  ':::',
  '1:2:3:4:5:6:7',
  '12345::',
  '::ffff:1.2.3.4',
  '1.2.3.4/',
  '[::1]',
  '::1%eth0',
  ' ::1',
];

/** Constant calls are evaluated by the parser and validator of Cedar itself. */
function cedarAccepts(address: string): boolean {
  cedar.preparsePolicySet('ip', {
    staticPolicies: { p: 'permit(principal, action, resource) when { ip(context.a).isIpv4() || true };' },
  });
  const uid = { type: 'X', id: 'x' };
  const answer = cedar.statefulIsAuthorized({
    principal: uid,
    action: { type: 'Action', id: 'a' },
    resource: uid,
    context: { a: address },
    preparsedPolicySetId: 'ip',
    entities: [],
  });
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
  return answer.response.decision === 'allow';
}

describe('parseIp reads what Cedar reads', () => {
  test.each(VALID)('%j', (address) => {
    expect(cedarAccepts(address)).toBe(true);
    expect(parseIp(address)).toBeDefined();
  });

  test.each(INVALID)('not %j', (address) => {
    expect(cedarAccepts(address)).toBe(false);
    expect(parseIp(address)).toBeUndefined();
  });
});

test.each([
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:2:3:4:5:6:0:8', '1:2:3:4:5:6:0:8'],
  ['10.0.0.1', '10.0.0.1'],
])('formats %s as %s', (address, canonical) => {
  const ip = parseIp(address);
  expect(ip && formatIp(ip)).toBe(canonical);
  expect(parseCanonicalAddress(canonical)).toBeDefined();
});

test('only the canonical text names a host', () => {
  expect(parseCanonicalAddress('FE80::1')).toBeUndefined();
  expect(parseCanonicalAddress('10.0.0.0/8')).toBeUndefined();
});

test('ranges', () => {
  const within = (a: string, b: string): boolean | undefined => {
    const [ip, range] = [parseIp(a), parseIp(b)];
    return ip && range && isInRange(ip, range);
  };
  expect(within('10.1.2.3', '10.0.0.0/8')).toBe(true);
  expect(within('10.0.0.0/7', '10.0.0.0/8')).toBe(false);
  expect(within('0.0.0.1', '::/0')).toBe(false);
  expect(within('::ffff', '::/112')).toBe(true);
  const test = (f: typeof isLoopback, address: string): boolean | undefined => {
    const ip = parseIp(address);
    return ip && f(ip);
  };
  expect([test(isLoopback, '127.9.9.9'), test(isLoopback, '::1'), test(isLoopback, '::2')]).toEqual([
    true,
    true,
    false,
  ]);
  expect([test(isMulticast, '239.0.0.1'), test(isMulticast, 'ff02::1'), test(isMulticast, '240.0.0.1')]).toEqual([
    true,
    true,
    false,
  ]);
});
