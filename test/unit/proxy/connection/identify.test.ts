// The name behind a destination, and whether a ClientHello agrees with it.
import { describe, expect, it } from 'vitest';
import { identify, nameObjection, protocolObjection } from '../../../../src/proxy/connection/identify.ts';
import { SyntheticNames } from '../../../../src/proxy/names/synthetic-names.ts';

const names = new SyntheticNames();
names.addressOf('a.test', 4);
const at = (address: string, port = 443) =>
  identify({ address, port }, names, new Map([['10.0.0.1:5432', { address: '127.0.0.1' }]]));

describe('identify', () => {
  it('finds the name of a synthetic address, in both families', () => {
    for (const address of ['198.18.1.0', '::ffff:198.18.1.0', 'fd6c:6561:7368::100'])
      expect(at(address)).toEqual({ name: 'a.test', isLiteral: false });
  });

  it('takes a public address as itself', () => {
    expect(at('1.1.1.1')).toEqual({ name: '1.1.1.1', isLiteral: true });
    expect(at('2606:4700:0::1111')).toEqual({ name: '2606:4700::1111', isLiteral: true });
  });

  it('refuses special addresses unless the operator says where they are', () => {
    for (const address of [
      '10.0.0.1',
      '127.0.0.1',
      '0.0.0.0',
      '::',
      '::1',
      '169.254.169.254',
      'fe80::1',
      'nonsense',
      '',
    ])
      expect(at(address)).toHaveProperty('refusal');
    expect(at('10.0.0.1', 5432)).toEqual({ name: '10.0.0.1', isLiteral: true });
  });
});

describe('a ClientHello', () => {
  const named = { name: 'a.test', isLiteral: false };
  it('wants the dialled name and a protocol that is relayed', () => {
    expect(nameObjection({ serverName: 'A.TEST.', alpn: ['h2', 'http/1.1'] }, named)).toBeUndefined();
    expect(nameObjection({ serverName: undefined, alpn: [] }, named)).toBeUndefined();
    expect(nameObjection({ serverName: 'b.test', alpn: [] }, named)).toContain('b.test');
    expect(protocolObjection({ serverName: 'a.test', alpn: ['h2'] })).toBeUndefined();
    expect(protocolObjection({ serverName: 'a.test', alpn: ['h3'] })).toBe('the client speaks h3 only');
    expect(nameObjection({ serverName: 'a.test', alpn: [] }, { name: '1.1.1.1', isLiteral: true })).toContain(
      'address 1.1.1.1',
    );
  });
});
