import { expect, test } from 'vitest';
import { bind } from '../../../../src/sandbox/container/bind.ts';

test('read-only unless said otherwise; a path that could be an option is refused', () => {
  expect(bind('/a', '/b')).toEqual(['--mount', 'type=bind,source=/a,destination=/b,readonly']);
  expect(bind('/a', '/b', true)).toEqual(['--mount', 'type=bind,source=/a,destination=/b']);
  for (const odd of ['/a,readonly=false', '/a:b', '/a"b', '/a\nb']) {
    expect(() => bind(odd, '/b'), odd).toThrow(/cannot be shown in a container/);
    expect(() => bind('/a', odd), odd).toThrow(/cannot be shown in a container/);
  }
});
