// One spelling per host.
import { describe, expect, it } from 'vitest';
import { canonicalHost, isHostLoopback, isLocalhost } from '../../../../src/proxy/names/canonical-host.ts';

describe('canonicalHost', () => {
  it.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.com.', 'example.com'],
    ['_dmarc.example.com', '_dmarc.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['ｅxample.com', 'example.com'],
    ['exa\u00admple.com', 'example.com'],
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['::FFFF:127.0.0.1', '127.0.0.1'],
    ['[::ffff:7f00:1]', '127.0.0.1'],
  ])('%j is %s', (text, expected) => {
    expect(canonicalHost(text)).toBe(expected);
  });

  it.each([
    '',
    '.',
    'a..b',
    'a.com..',
    'a b',
    'a/b',
    'a%41.com',
    'a@b.com',
    'a:80',
    'a\\b',
    'a#b',
    'a?b',
    'a\0b',
    '[::1',
    '[fe80::1%eth0]',
    '[a.com]',
    '1.2.3.4.5',
    'x.0x10',
    '-a.com',
    'xn--a',
    `${'a'.repeat(64)}.com`,
    `${'abc.'.repeat(64)}com`,
  ])('%j is no host', (text) => {
    expect(canonicalHost(text)).toBeUndefined();
  });

  it('is idempotent', () => {
    for (const text of ['BÜCHER.example.', '0x7f.1', '[0::1]']) {
      const once = canonicalHost(text) ?? '';
      expect(canonicalHost(once)).toBe(once);
    }
  });
});

describe('special names', () => {
  it('knows localhost and the names of the host', () => {
    expect(['localhost', 'a.localhost', 'notlocalhost', 'localhost.com'].map(isLocalhost)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(['host.docker.internal', 'host.leash.internal', 'x.host.leash.internal'].map(isHostLoopback)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
