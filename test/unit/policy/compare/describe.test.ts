import { expect, test } from 'vitest';
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { checkSource } from '../../../../src/policy/check/check-source.ts';
import { StatementChecker } from '../../../../src/policy/check/statement-check.ts';
import { comparePolicies, type Difference } from '../../../../src/policy/compare/compare.ts';
import {
  differenceJson,
  differenceParagraphs,
  isWider,
  NO_DIFFERENCE,
  type Outlines,
} from '../../../../src/policy/compare/describe.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { outline } from '../../../../src/policy/explain/outline.ts';
import { FACTS } from '../judge.ts';

const TODAY = '2026-01-01';

function compare(before: string, after: string): { differences: readonly Difference[]; outlines: Outlines } {
  const schema = cedarSchema();
  const texts = { old: { name: 'old.cedar', text: before }, new: { name: 'new.cedar', text: after } };
  const read = (side: keyof typeof texts): ReturnType<typeof readPolicy>[] =>
    checkSource(texts[side], schema, TODAY, new StatementChecker(schema)).policies.map(readPolicy);
  const outlines = (side: keyof typeof texts): Outlines['old'] =>
    new Map(outline(texts[side], TODAY).map((statement) => [statement.id, statement]));
  return {
    differences: comparePolicies(read('old'), read('new'), FACTS),
    outlines: { old: outlines('old'), new: outlines('new') },
  };
}

function lines(before: string, after: string): readonly string[] {
  const { differences, outlines } = compare(before, after);
  return differenceParagraphs(differences, outlines).flatMap((part) => [
    part.heading,
    ...part.lines.map((line) => `  ${line}`),
  ]);
}

test('actions with the same witness and the same policies share a paragraph', () => {
  expect(
    lines(
      '',
      '@id("hosts")\npermit(principal, action in [Action::"FileWrite", Action::"FileDelete"], resource == File::"/etc/hosts");',
    ),
  ).toEqual([
    'newly allowed: FileWrite, FileDelete File::"/etc/hosts"',
    '  old: denied, because nothing permits it',
    '  new: allowed by hosts (new.cedar:1)',
    '  where: resource "/etc/hosts"',
  ]);
});

test('the program is told when policies ask for it', () => {
  expect(
    lines(
      'permit(principal, action == Action::"FileWrite", resource);',
      `permit(principal, action == Action::"FileWrite", resource);\nforbid(principal, action == Action::"FileWrite", resource in Dir::"/srv/") when { context.proc.exe in Dir::"/opt/" };`,
    ),
  ).toEqual([
    'newly denied: FileWrite Dir::"/srv/"',
    '  by "/opt/a" as user 1000',
    '  old: allowed by old.cedar:1',
    '  new: denied by new.cedar:2',
    '  where: every resource that begins with "/srv/"; every context.proc.exe that begins with "/opt/"',
  ]);
});

test('the MCP server is told when policies ask for it', () => {
  const permit = 'permit(principal, action == Action::"FileWrite", resource);';
  const forbid =
    'forbid(principal, action == Action::"FileWrite", resource == File::"/w/a") when { context.proc.via == "mcp:files" };';
  expect(lines(permit, `${permit}\n${forbid}`)).toEqual([
    'newly denied: FileWrite File::"/w/a"',
    '  by "/usr/bin/agent" as user 1000, via "mcp:files"',
    '  old: allowed by old.cedar:1',
    '  new: denied by new.cedar:2',
    '  where: resource "/w/a"; context.proc.via "mcp:files"',
  ]);
});

test('what depends on an unmodelled condition is only perhaps a difference', () => {
  expect(
    lines('', 'permit(principal, action == Action::"FileWrite", resource) when { principal.session == "x" };'),
  ).toEqual([
    'perhaps newly allowed: FileWrite File::"/file"',
    '  may differ depending on principal.session, which new.cedar:1 asks for',
  ]);
});

test('no difference is said as such', () => {
  const statement = 'permit(principal, action == Action::"FileWrite", resource);';
  expect(lines(statement, `// the same\n${statement}`)).toEqual([NO_DIFFERENCE]);
});

test('as data, a difference keeps everything and is JSON', () => {
  const { differences } = compare(
    '',
    'permit(principal, action == Action::"HttpRequest", resource == Host::"a.example");',
  );
  expect(JSON.parse(JSON.stringify(differences.map(differenceJson)))).toEqual([
    {
      action: 'HttpRequest',
      direction: 'newly allowed',
      witness: {
        action: 'HttpRequest',
        resource: { type: 'host', name: 'a.example' },
        program: { exe: '/usr/bin/agent', uid: 1000 },
        port: 443,
        method: 'GET',
        path: '/',
        query: '',
        scheme: 'https',
        headers: {},
      },
      old: { outcome: 'deny', policies: [] },
      new: { outcome: 'allow', policies: ['new.cedar:1'] },
      conditions: ['resource "a.example"'],
      undecided: [],
      regions: 1,
    },
  ]);
});

test('only what is newly allowed makes a set wider', () => {
  const statement = 'permit(principal, action == Action::"FileWrite", resource);';
  expect(isWider(compare('', statement).differences)).toBe(true);
  expect(isWider(compare(statement, '').differences)).toBe(false);
});
