// Names to synthetic addresses and back.
import { describe, expect, it } from 'vitest';
import { SyntheticNames } from '../../../../src/proxy/names/synthetic-names.ts';

describe('SyntheticNames', () => {
  it('gives stable addresses in both families with the same index', () => {
    const names = new SyntheticNames();
    expect(names.addressOf('a.test', 4)).toBe('198.18.1.0');
    expect(names.addressOf('b.test', 6)).toBe('fd6c:6561:7368::101');
    expect(names.addressOf('a.test', 6)).toBe('fd6c:6561:7368::100');
    expect(names.addressOf('a.test', 4)).toBe('198.18.1.0');
    expect(
      ['198.18.1.0', 'fd6c:6561:7368::100', 'fd6c:6561:7368:0:0:0:0:100', '::ffff:198.18.1.1'].map((a) =>
        names.nameOf(a),
      ),
    ).toEqual(['a.test', 'a.test', 'a.test', 'b.test']);
  });

  it('maps every index of the pool back to its name, and stops at its end', () => {
    const names = new SyntheticNames();
    const size = 131_072 - 256;
    for (let i = 0; i < size; i++) names.addressOf(`n${i}`, 4);
    expect(names.addressOf('one-more', 4)).toBeUndefined();
    expect(names.addressOf(`n${size - 1}`, 4)).toBe('198.19.255.255');
    for (let i = 0; i < size; i += 997) {
      expect(names.nameOf(names.addressOf(`n${i}`, 4) ?? '')).toBe(`n${i}`);
      expect(names.nameOf(names.addressOf(`n${i}`, 6) ?? '')).toBe(`n${i}`);
    }
  });

  it('knows no other address', () => {
    const names = new SyntheticNames(1);
    names.addressOf('a.test', 4);
    expect(names.addressOf('b.test', 4)).toBeUndefined();
    for (const address of [
      '198.18.0.0',
      '198.18.0.255',
      '198.18.1.1',
      '198.17.255.255',
      '198.20.0.0',
      'fd6c:6561:7368::',
      'fd6c:6561:7368:1::100',
      'a.test',
      '',
    ]) {
      expect(names.nameOf(address)).toBeUndefined();
    }
    expect(
      ['198.18.0.1', '198.19.255.255', '198.20.0.0', 'fd6c:6561:7368::1', '::1'].map((a) => names.isSynthetic(a)),
    ).toEqual([true, true, false, true, false]);
  });
});
