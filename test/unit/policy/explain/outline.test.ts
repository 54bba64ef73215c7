import { expect, test } from 'vitest';
import { outline } from '../../../../src/policy/explain/outline.ts';

test('statements have the id of @id or of their place, their effect, annotations, mode and state', () => {
  const text = `// head
permit(principal, action, resource);
  @id("b") @reason("a \\"b\\"") @mode("shadow") @audit forbid(principal, action, resource);
@expires("2026-11-24") permit(principal, action, resource);`;
  expect(outline({ name: 'p.cedar', text }, '2026-11-25')).toMatchObject([
    { id: 'p.cedar:2', effect: 'permit', line: 2, column: 1, annotations: {}, mode: 'enforce', expired: false },
    {
      id: 'b',
      effect: 'forbid',
      line: 3,
      column: 3,
      annotations: { id: 'b', reason: 'a "b"', mode: 'shadow', audit: '' },
      mode: 'shadow',
    },
    { id: 'p.cedar:4', expired: true, text: '@expires("2026-11-24") permit(principal, action, resource);' },
  ]);
});
