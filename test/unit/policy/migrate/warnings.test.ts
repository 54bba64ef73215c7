import { expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { migrationWarnings } from '../../../../src/policy/migrate/warnings.ts';
import { splitStatements } from '../../../../src/policy/text/statements.ts';

function warnings(text: string): readonly string[] {
  const policies = splitStatements(text).map((statement, index) =>
    readPolicy({ id: `p${index}`, shadow: false, json: statementToJson(statement.text) }),
  );
  return migrationWarnings(policies).map(({ id, message, hint }) => `${id}: ${message} / ${hint}`);
}

const FORBID = 'forbid(principal, action in Action::"FileOpen", resource) when { resource in [Dir::"/srv/"] };';

test('a permit below a forbidden directory was an exception in the reference, and is none in Cedar', () => {
  expect(
    warnings(`permit(principal, action == Action::"FileOpenReadOnly", resource == File::"/srv/a"); ${FORBID}`),
  ).toEqual([
    'p0: the permit for /srv/a lies below /srv/, which p1 forbids; the reference let the longer path win, in Cedar the forbid does / to keep the exception, add `unless { resource in File::"/srv/a" }` to p1',
  ]);
  expect(
    warnings(
      `permit(principal, action, resource) when { resource in Dir::"/a" || resource is File in Dir::"/srv/b" }; ${FORBID}`,
    ),
  ).toEqual([expect.stringContaining('the permit for /srv/b/ lies below /srv/')]);
});

test.each([
  ['the same directory', 'permit(principal, action, resource in Dir::"/srv/");'],
  ['a directory above', 'permit(principal, action, resource in Dir::"/");'],
  ['a name that only begins alike', 'permit(principal, action, resource in Dir::"/srvx/");'],
  ['another action', 'permit(principal, action == Action::"ProcessExec", resource in Dir::"/srv/bin/");'],
  ['a place that is excluded', 'permit(principal, action, resource) unless { resource in Dir::"/srv/a/" };'],
])('%s is no exception', (_, permit) => expect(warnings(`${permit} ${FORBID}`)).toEqual([]));

test('FileOpen in a list for reading covers writing', () => {
  const list = (...actions: string[]): string =>
    `permit(principal, action in [${actions.map((name) => `Action::"${name}"`).join(', ')}], resource in Dir::"/etc/");`;
  expect(warnings(list('FileOpen', 'FileOpenReadOnly'))).toEqual([
    expect.stringContaining('FileOpen covers writing, too'),
  ]);
  expect(warnings(list('FileOpen', 'FileOpenReadOnly', 'FileOpenReadWrite'))).toEqual([]);
  expect(warnings(list('FileOpenReadOnly'))).toEqual([]);
});
