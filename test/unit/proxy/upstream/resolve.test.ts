// What may be dialled for a name: all its addresses vetted, remembered for seconds only, and never more than was vetted.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UpstreamOptions } from '../../../../src/proxy/options.ts';
import { Resolver } from '../../../../src/proxy/upstream/resolve.ts';

const PUBLIC = '203.0.112.1';

/** Answers each question for a name with the next of its answers, and the last one from then on. */
function resolver(
  answers: Readonly<Record<string, readonly (readonly string[])[]>>,
  options: Partial<UpstreamOptions> = {},
) {
  const asked: string[] = [];
  const lookup = async (name: string) => {
    const all = answers[name] ?? [];
    const nth = asked.filter((other) => other === name).length;
    asked.push(name);
    const answer = all[Math.min(nth, all.length - 1)];
    if (answer === undefined) throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { asked, it: new Resolver({ resolveOverrides: new Map(), lookup, ...options }) };
}

const addresses = async (it: Resolver, name: string): Promise<string[]> =>
  (await it.endpoint(name, 443)).addresses.map(({ address }) => address);

afterEach(() => {
  vi.useRealTimers();
});

describe('Resolver', () => {
  it('asks once for connections that begin together or one after another', async () => {
    const { it: one, asked } = resolver({ 'a.test': [[PUBLIC]] });
    await Promise.all([one.endpoint('a.test', 443), one.endpoint('a.test', 80)]);
    expect(await one.endpoint('a.test', 22)).toEqual({ addresses: [{ address: PUBLIC, family: 4 }], port: 22 });
    expect(asked).toEqual(['a.test']);
  });

  it('forgets an answer after seconds', async () => {
    vi.useFakeTimers();
    const { it: one, asked } = resolver({ 'a.test': [[PUBLIC], ['203.0.112.2']] });
    expect(await addresses(one, 'a.test')).toEqual([PUBLIC]);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(await addresses(one, 'a.test')).toEqual([PUBLIC]);
    await vi.advanceTimersByTimeAsync(200);
    expect(await addresses(one, 'a.test')).toEqual(['203.0.112.2']);
    expect(asked).toHaveLength(2);
  });

  it('forgets a failure at once', async () => {
    const { it: one } = resolver({ 'a.test': [[], [PUBLIC]] });
    await expect(one.endpoint('a.test', 443)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(await addresses(one, 'a.test')).toEqual([PUBLIC]);
  });

  it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1', '64:ff9b::7f00:1', 'fe80::1', '0.0.0.0'])(
    'refuses a name that is rebound to %s, as soon as it asks again',
    async (address) => {
      vi.useFakeTimers();
      const { it: one } = resolver({ 'a.test': [[PUBLIC], [address]] });
      expect(await addresses(one, 'a.test')).toEqual([PUBLIC]);
      await vi.advanceTimersByTimeAsync(5_100);
      await expect(one.endpoint('a.test', 443)).rejects.toMatchObject({ code: 'EACCES', refused: true });
    },
  );

  it('refuses a name with one bad address among good ones', async () => {
    const { it: one } = resolver({ 'a.test': [[PUBLIC, '192.168.0.1']] });
    await expect(one.endpoint('a.test', 443)).rejects.toMatchObject({
      message: 'a.test is 192.168.0.1, which is private',
      refused: true,
    });
  });

  it('gives up on a resolver that does not answer', async () => {
    const never = new Promise<never>(() => {});
    const one = new Resolver({ resolveOverrides: new Map(), lookup: () => never, timeouts: { resolve: 10 } });
    await expect(one.endpoint('a.test', 443)).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: 'a.test could not be resolved: the resolver of this machine does not answer',
    });
  });

  it('asks no more while hundreds of questions are unanswered, though nobody waits for them', async () => {
    let answer: (() => void) | undefined;
    const asked: string[] = [];
    const lookup = (name: string) => {
      asked.push(name);
      return new Promise<{ address: string; family: number }[]>((resolve) => {
        answer ??= () => resolve([{ address: PUBLIC, family: 4 }]);
      });
    };
    const one = new Resolver({ resolveOverrides: new Map(), lookup, timeouts: { resolve: 10 } });
    const names = Array.from({ length: 400 }, (_, n) => `n${n}.test`);
    const outcomes = await Promise.allSettled(names.map((name) => one.endpoint(name, 443)));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toHaveLength(256);
    await expect(one.endpoint('another.test', 443)).rejects.toMatchObject({ code: 'EAI_AGAIN' });
    answer?.();
    await new Promise((resolve) => setImmediate(resolve));
    await expect(one.endpoint('another.test', 443)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(asked).toHaveLength(257);
  });

  it('remembers a bounded number of names', async () => {
    const names = Array.from({ length: 600 }, (_, n) => `n${n}.test`);
    const { it: one, asked } = resolver(Object.fromEntries(names.map((name) => [name, [[PUBLIC]]])));
    for (const name of names) await one.endpoint(name, 443);
    await one.endpoint('n599.test', 443);
    expect(asked).toHaveLength(600);
    await one.endpoint('n0.test', 443);
    expect(asked).toHaveLength(601);
  });

  it('lets a machine that the operator named be anywhere, and no other by that', async () => {
    const { it: one } = resolver({ 'proxy.test': [['10.0.0.1']] });
    expect(await one.trusted('proxy.test', 3128)).toMatchObject({ addresses: [{ address: '10.0.0.1' }] });
    await expect(one.endpoint('proxy.test', 3128)).rejects.toMatchObject({ refused: true });
  });
});
