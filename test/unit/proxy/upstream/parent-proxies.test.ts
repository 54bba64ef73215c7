// Which proxy the environment names for what, and that its password shows nowhere.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LeashError } from '../../../../src/host/errors.ts';
import { readParentProxies } from '../../../../src/proxy/upstream/parent-proxies.ts';

function proxyFor(env: Record<string, string>, carried: 'http' | 'https' | 'other', name = 'example.com'): string {
  return String(readParentProxies(env)?.proxyFor(name, 443, carried));
}

function refusal(env: Record<string, string>): LeashError {
  try {
    readParentProxies(env);
  } catch (error) {
    if (error instanceof LeashError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('readParentProxies', () => {
  it.each([
    [{ https_proxy: 'http://p.test:1' }, 'https', 'the proxy http://p.test:1 (https_proxy)'],
    [{ HTTPS_PROXY: 'http://p.test:1' }, 'https', 'the proxy http://p.test:1 (HTTPS_PROXY)'],
    [
      { HTTPS_PROXY: 'http://p.test:1', https_proxy: 'http://q.test:2' },
      'https',
      'the proxy http://q.test:2 (https_proxy)',
    ],
    [{ HTTPS_PROXY: 'http://p.test:1', https_proxy: '' }, 'https', 'the proxy http://p.test:1 (HTTPS_PROXY)'],
    [{ HTTPS_PROXY: 'http://p.test:1' }, 'http', 'undefined'],
    [{ HTTPS_PROXY: 'http://p.test:1' }, 'other', 'undefined'],
    [{ HTTP_PROXY: 'http://p.test:1' }, 'http', 'the proxy http://p.test:1 (HTTP_PROXY)'],
    [{ HTTP_PROXY: 'http://p.test:1' }, 'https', 'undefined'],
    [{ all_proxy: 'http://p.test:1' }, 'http', 'the proxy http://p.test:1 (all_proxy)'],
    [{ ALL_PROXY: 'http://p.test:1' }, 'https', 'the proxy http://p.test:1 (ALL_PROXY)'],
    [{ ALL_PROXY: 'http://p.test:1' }, 'other', 'the proxy http://p.test:1 (ALL_PROXY)'],
    [
      { ALL_PROXY: 'http://p.test:1', https_proxy: 'http://q.test:2' },
      'https',
      'the proxy http://q.test:2 (https_proxy)',
    ],
    [{ https_proxy: 'p.test:3128' }, 'https', 'the proxy http://p.test:3128 (https_proxy)'],
    [{ https_proxy: ' P.TEST ' }, 'https', 'the proxy http://p.test:80 (https_proxy)'],
    [{ https_proxy: 'https://p.test/' }, 'https', 'the proxy https://p.test:443 (https_proxy)'],
    [{ https_proxy: 'http://127.0.0.1:8080' }, 'https', 'the proxy http://127.0.0.1:8080 (https_proxy)'],
    [{ all_proxy: 'socks5://P.test' }, 'other', 'the proxy socks5://p.test:1080 (all_proxy)'],
    [{ all_proxy: 'SOCKS5H://p.test:9' }, 'http', 'the proxy socks5h://p.test:9 (all_proxy)'],
    [{ https_proxy: 'http://[::1]:8080' }, 'https', 'the proxy http://[::1]:8080 (https_proxy)'],
  ] as const)('%j: %s goes through %s', (env, carried, expected) => {
    expect(proxyFor(env, carried)).toBe(expected);
  });

  it('names none when no variable does', () => {
    expect(readParentProxies({ https_proxy: '', no_proxy: '*', PATH: '/bin' })).toBeUndefined();
  });

  it('leaves out what no_proxy covers, and says what in it means nothing', () => {
    const env = { https_proxy: 'http://p.test:1', no_proxy: 'example.com,10.0.0.*', NO_PROXY: 'other.test' };
    expect(proxyFor(env, 'https')).toBe('undefined');
    expect(proxyFor(env, 'https', 'other.test')).toBe('the proxy http://p.test:1 (https_proxy)');
    expect(readParentProxies(env)?.notes).toEqual([
      'no_proxy: "10.0.0.*" is no name, address or network, and is ignored',
    ]);
  });

  it('takes user and password from the address, decoded', () => {
    const env = { https_proxy: 'http://us%C3%A9r:p%40ss%3A%25@p.test:1' };
    const proxy = readParentProxies(env)?.proxyFor('example.com', 443, 'https');
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from('usér:p@ss:%').toString('base64')}`);
    expect(readParentProxies({ https_proxy: 'http://p.test:1' })?.all[0]?.authorization).toBeUndefined();
  });

  it('shows the password in no rendering', () => {
    const parents = readParentProxies({ https_proxy: 'http://user:hunter2@p.test:1' });
    const [proxy] = parents?.all ?? [];
    const shown = [
      inspect(parents, { depth: 9, showHidden: true }),
      JSON.stringify(parents),
      `${proxy}`,
      inspect(proxy),
    ];
    expect(shown.join()).not.toMatch(/hunter2|dXNlcjpodW50ZXIy/);
  });

  it.each([
    ['http://user:hunter2@', 'is not the address'],
    ['http://user:hunter2@p.test:99999', 'is not the address'],
    ['http://user:hunter2@p.test:0', 'is not the address'],
    ['http://user:hunter2@p_.t est', 'is not the address'],
    ['http://user:hunter2#x@p.test:1', 'is not the address|something behind'],
    ['http://user:hunter2@p.test:1/path', 'something behind'],
    ['http://user:hunter2@p.test:1/?x', 'something behind'],
    ['http://user:hunter2%zz@p.test:1', 'written %25'],
    ['ftp://user:hunter2@p.test:1', 'ftp proxy'],
    ['socks4://user:hunter2@p.test:1', 'socks4 proxy'],
    ['constructor://user:hunter2@p.test:1', 'constructor proxy'],
    ['socks5h://:hunter2@p.test:1', 'no room for'],
    [`socks5://${'hunter2'.repeat(40)}:x@p.test:1`, 'no room for'],
    ['socks5://user:hunter2@', 'is not the address'],
    ['socks5://user:hunter2@p.test:1/x', 'something behind'],
  ])('refuses %s without showing the password', (value, why) => {
    const error = refusal({ HTTPS_PROXY: value });
    expect(error.code).toBe('LEASH_PARENT_PROXY');
    expect(error.message).toMatch(new RegExp(`^HTTPS_PROXY .*(?:${why})`));
    expect(error.message + inspect(error)).not.toContain('hunter2');
  });
});
