// Extension functions against Cedar itself: each expression is true, false or a runtime error in both.
import { describe, expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { compileExpression, type World } from '../../../../src/policy/evaluate/closure.ts';
import { isConstructor, isExtension } from '../../../../src/policy/evaluate/extension.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { entity, record, text } from '../../../../src/policy/evaluate/value.ts';
import { cedar } from '../judge.ts';

const EXPRESSIONS = [
  'decimal(context.s) == decimal("1.5")',
  'decimal(context.s).lessThan(decimal("1.5001"))',
  'decimal(context.s).greaterThanOrEqual(decimal("-0.0001"))',
  'decimal(context.s).lessThanOrEqual(decimal("922337203685477.5807"))',
  'duration(context.s).toHours() == 25',
  'duration(context.s).toDays() <= -1',
  'duration(context.s) < duration("1d")',
  'duration(context.s).toMilliseconds() > 5 || true',
  'datetime(context.s).toTime() == duration("0ms")',
  'datetime(context.s).toDate() == datetime("1969-12-31")',
  'datetime(context.s).offset(duration("1d")) > datetime("1970-01-01")',
  'datetime(context.s).durationSince(datetime("1970-01-01")).toMinutes() == -1',
  'datetime(context.s) == datetime("2024-02-29T12:00:00Z")',
  'ip(context.s).isInRange(ip("10.0.0.0/8"))',
  'ip(context.s).isLoopback() || ip(context.s).isMulticast()',
];
const SUBJECTS = [
  '1.5',
  '1.50000',
  '1.',
  '.5',
  '-0.0',
  '922337203685477.5807',
  '922337203685477.5808',
  '-922337203685477.5808',
  '01.5',
  '1d1h',
  '25h',
  '-1d',
  '-1d1h',
  '1h1d',
  '1ms',
  '',
  '-',
  '9223372036854775807ms',
  '9223372036854775808ms',
  '-9223372036854775808ms',
  '1970-01-01',
  '1969-12-31',
  '1969-12-31T23:59:00Z',
  '2024-02-29T12:00:00Z',
  '2024-02-29T14:00:00+0200',
  '2024-02-29T11:30:00.000-0030',
  '2023-02-29',
  '2024-13-01',
  '2024-00-01',
  '2024-01-00',
  '2024-01-01T24:00:00Z',
  '2024-01-01T00:60:00Z',
  '2024-01-01T00:00:00',
  '2024-01-01T00:00:00.12Z',
  '2024-01-01T00:00:00+2400',
  '2024-01-01T00:00:00+0060',
  '0000-01-01',
  '9999-12-31T23:59:59.999Z',
  '24-01-01',
  '10.1.2.3',
  '127.0.0.1',
  '224.0.0.9',
  '::1',
  '10.0.0.0/9',
];

const uid = { type: 'X', id: 'x' };

function cedarSays(subject: string): boolean | 'error' {
  const answer = cedar.statefulIsAuthorized({
    principal: uid,
    action: { type: 'Action', id: 'a' },
    resource: uid,
    context: { s: subject },
    preparsedPolicySetId: 'extension',
    entities: [],
  });
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
  const { decision, diagnostics } = answer.response;
  return diagnostics.errors.length > 0 ? 'error' : decision === 'allow';
}

describe.each(EXPRESSIONS)('%s', (expression) => {
  test('is what Cedar says, for every subject', () => {
    const policy = `permit(principal, action, resource) when { ${expression} };`;
    cedar.preparsePolicySet('extension', { staticPolicies: { p: policy } });
    const [condition] = readPolicy({ id: 'p', shadow: false, json: statementToJson(policy) }).conditions;
    if (condition === undefined) throw new Error('no condition');
    const evaluate = compileExpression(condition.body);
    const x = entity('X', 'x');
    const ours = SUBJECTS.map((subject) => {
      const world: World = {
        principal: x,
        action: x,
        resource: x,
        context: record({ s: text(subject) }),
        entity: () => undefined,
      };
      const value = evaluate(world);
      return [subject, value?.kind === 'bool' ? value.value : 'error'];
    });
    expect(ours).toEqual(SUBJECTS.map((subject) => [subject, cedarSays(subject)]));
  });
});

test('names that every object has are no functions', () => {
  expect(isExtension('constructor')).toBe(false);
  expect(isExtension('toString')).toBe(false);
  expect(isConstructor('isIpv4')).toBe(false);
});
