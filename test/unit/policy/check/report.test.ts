import { expect, test } from 'vitest';
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { type CheckReport, checkReport, findingOf } from '../../../../src/policy/check/report.ts';
import { FACTS } from '../judge.ts';

const check = (text: string): CheckReport => checkReport({ name: 'p.cedar', text }, cedarSchema(), FACTS, '2026-11-25');
const said = (text: string): readonly string[] =>
  check(text).faults.map((fault) => {
    const { line, column, message, hint } = findingOf({ name: 'p', text }, fault);
    return `${line}:${column} ${message}${hint === undefined ? '' : ` / ${hint}`}`;
  });

test('a sound policy: notes, statements and who decides them', () => {
  const report = check(
    '@id("a") @reasn("x") permit(principal, action == Action::"FileOpen", resource);\n@expires("2026-01-01") permit(principal, action, resource);',
  );
  expect(report.faults).toEqual([]);
  expect(report.notes.map(({ message }) => message.slice(0, 20))).toEqual([
    '@reasn has no meanin',
    '`action ==` became `',
    'expired after 2026-0',
  ]);
  expect(report.policies.map(({ statement, deciders }) => [statement.id, deciders?.table.length])).toEqual([
    ['a', 7],
    ['p.cedar:2', undefined],
  ]);
});

test('all faults in the order of the text, with what was probably meant', () => {
  expect(
    said(`permit(principal, action == Action::"FileOpne", resource);
permit(principal, action, resource in Flie::"/x");
permit(principal, action in Action::"FileOpen", resource) when { resource.pth like "*" };
permt(principal, action, resource);
permit(principal, action == Action::"NetConnect", resource) when { context.proc.exee == File::"/x" };`),
  ).toEqual([
    '1:29 unrecognized action `Action::"FileOpne"` / did you mean `Action::"FileOpen"`?',
    '2:39 unrecognized entity type `Flie` / did you mean `File`?',
    // Of the kinds of resource, Cedar names any.
    expect.stringMatching(/^3:66 attribute `pth` on entity type `(?:Dir|File)` not found \/ did you mean `path`\?$/),
    '4:1 invalid policy effect: permt / effect must be either `permit` or `forbid`',
    '5:68 attribute `proc.exee` in context for Action::"NetConnect" not found / did you mean `exe`?',
  ]);
});

test('notes are there beside faults', () => {
  const { notes, policies } = check('@resaon("x") permit(principal, action, resource);\npermit(');
  expect(notes.map(({ message }) => message)).toEqual(['@resaon has no meaning here; did you mean @reason?']);
  expect(policies).toEqual([]);
});

test('the policy at which a table has too many patterns is named', () => {
  const names = (from: number): string =>
    Array.from({ length: 100 }, (_, i) => `resource.name like "x${from + i}*"`).join(' || ');
  const text = [0, 100, 200]
    .map((from) => `forbid(principal, action, resource is File) when { ${names(from)} };`)
    .join('\n');
  expect(said(text)).toEqual([
    expect.stringMatching(/^3:1 the policy is too complex for a table: more than 256 different patterns \/ /),
  ]);
});
