import { expect, test } from 'vitest';
import { type Offered, OfferedTools } from '../../../src/mcp/offered-tools.ts';

const offered = (): Offered => ({ pinned: undefined, seen: { digest: 'd', fields: {} }, isOpen: false, fields: [] });

test('one name at two servers, and at two places of one server, are three tools', () => {
  const tools = new OfferedTools();
  const [a, b, c] = [offered(), offered(), offered()];
  tools.add({ server: 's', key: '1' }, 'search', a);
  tools.add({ server: 's', key: '2' }, 'search', b);
  tools.add({ server: 't', key: '3' }, 'search', c);
  expect(tools.at({ server: 's', key: '2' }, 'search')).toBe(b);
  expect(tools.at({ server: 't', key: '2' }, 'search')).toBeUndefined();
  expect([...tools.of('s', 'search').values()]).toEqual([a, b]);
  expect(tools.serversWith('search')).toEqual(['s', 't']);
  expect([tools.serversWith('x'), tools.of('x', 'search').size]).toEqual([[], 0]);
});

test('names that objects have are names like others', () => {
  const tools = new OfferedTools();
  for (const name of ['__proto__', 'constructor', 'toString']) {
    expect(tools.at({ server: name, key: name }, name)).toBeUndefined();
    expect(tools.add({ server: name, key: name }, name, offered())).toBe(true);
  }
});

test('a place holds 1,024 tools, and all of them 16,384', () => {
  const tools = new OfferedTools();
  const fill = (key: string): boolean[] =>
    Array.from({ length: 1_025 }, (_, n) => tools.add({ server: key, key }, `t${n}`, offered()));
  expect(fill('0').indexOf(false)).toBe(1_024);
  expect(tools.isFull).toBe(false);
  for (let n = 1; n < 16; n++) fill(String(n));
  expect([tools.isFull, tools.add({ server: 'x', key: 'x' }, 't', offered())]).toEqual([true, false]);
});
