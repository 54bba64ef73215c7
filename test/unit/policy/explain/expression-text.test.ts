import { expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import type { Expression } from '../../../../src/policy/evaluate/expression.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import type { Value } from '../../../../src/policy/evaluate/value.ts';
import { expressionText, valueText } from '../../../../src/policy/explain/expression-text.ts';
import { cedar } from '../judge.ts';
import { Generator } from '../random-policies.ts';

function parse(body: string): Expression {
  const json = statementToJson(`permit(principal, action, resource) when { ${body} };`);
  const [condition] = readPolicy({ id: 'p', shadow: false, json }).conditions;
  if (condition === undefined) throw new Error('no condition');
  return condition.body;
}

test.each([
  'resource.name == "a\\n\\u{1b}\\"\\\\é"',
  'resource.path like "/a\\*b*"',
  '(context.a || context.b) && !(context.c == 1)',
  '1 - (2 - 3) == 2 * (3 + 4)',
  '!!context.a',
  'if resource is File in Dir::"/a/" then true else false',
  'context has a.b && context has "no identifier"',
  'context["a b"].c.contains([1, -2])',
  'context.ip.isInRange(ip("10.0.0.0/8"))',
  'principal.labels.isEmpty() || context.headers.hasTag("x")',
  '{"a": 1, "b c": [true]} == context.r',
  'decimal("1.5").lessThan(decimal("-0.2500"))',
  'datetime("2026-01-02").offset(duration("1h")) > datetime("2026-01-01")',
])('%s is written so that it means the same', (body) => {
  const expression = parse(body);
  expect(parse(expressionText(expression))).toEqual(expression);
});

test('on random policies, too', () => {
  const generator = new Generator(7);
  let compared = 0;
  while (compared < 400) {
    generator.family = generator.random.pick(['file', 'exec', 'net', 'http']);
    const text = generator.policy();
    if (cedar.policyToJson(text).type !== 'success') continue;
    for (const { body } of readPolicy({ id: 'p', shadow: false, json: statementToJson(text) }).conditions) {
      const written = expressionText(body);
      if (cedar.policyToJson(`permit(principal, action, resource) when { ${written} };`).type !== 'success') {
        throw new Error(`${text}\nbecame\n${written}`);
      }
      expect(parse(written), `${text}\n${written}`).toEqual(body);
      compared++;
    }
  }
});

const VALUES: readonly (readonly [text: string, value: Value])[] = [
  ['decimal("-0.0005")', { kind: 'decimal', value: -5n }],
  ['decimal("1.5")', { kind: 'decimal', value: 15_000n }],
  ['decimal("1.0")', { kind: 'decimal', value: 10_000n }],
  ['datetime("1970-01-01T00:00:00.000Z")', { kind: 'datetime', value: 0n }],
  ['datetime("1970-01-01").offset(duration("4611686018427387904ms"))', { kind: 'datetime', value: 2n ** 62n }],
  ['duration("3ms")', { kind: 'duration', value: 3n }],
  ['ip("10.0.0.0/8")', { kind: 'ip', v4: true, address: 10n << 24n, prefix: 8 }],
];

test.each(VALUES.map(([text], index) => [text, index] as const))('%s', (text, index) => {
  expect(valueText(VALUES[index]?.[1] ?? { kind: 'bool', value: false })).toBe(text);
});
