// The shapes of every example in the reference system's policy manual, in words of our own: each means here what Cedar says it means,
// needs the rewrites that are counted here, and what the manual says otherwise is told by `leash policy migrate`.
import { describe, expect, test } from 'vitest';
import { cedarSchema } from '../../../src/policy/cedar-schema.ts';
import { validateStatements } from '../../../src/policy/check/cedar.ts';
import { checkPolicies } from '../../../src/policy/check/check.ts';
import { StatementChecker } from '../../../src/policy/check/statement-check.ts';
import { readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import { migrateText } from '../../../src/policy/migrate/migrate.ts';
import { migrationWarnings } from '../../../src/policy/migrate/warnings.ts';
import { readCases } from '../../../src/policy/suite/cases.ts';
import { rewriteStatement } from '../../../src/policy/text/rewrite.ts';
import { splitStatements } from '../../../src/policy/text/statements.ts';
import { FACTS, judge, prepare } from './judge.ts';

const READ_WRITE = 'action in [Action::"FileOpen", Action::"FileOpenReadOnly", Action::"FileOpenReadWrite"]';

interface Example {
  readonly about: string;
  readonly text: string;
  /** `action ==` a group, which every load makes `action in`. */
  readonly rewrites: number;
  /** Lines of a `.cases` file, ids being p0, p1 … in the order of the text. */
  readonly cases?: string;
  readonly warnings?: number;
}

const EXAMPLES: readonly Example[] = [
  {
    about: 'a directory without a slash',
    text: 'permit(principal, action == Action::"FileOpen", resource) when { resource in [Dir::"/srv/work"] };',
    rewrites: 1,
    cases: `allow FileOpenReadOnly /srv/work/a   p0
            allow FileWrite        /srv/work/a/b p0
            allow FileOpenReadOnly /srv/work/    p0
            deny  FileOpenReadOnly /srv/workshop -`,
  },
  {
    about: 'a tree to write in, and a part of it to read only',
    text: `permit(principal, ${READ_WRITE}, resource) when { resource in [Dir::"/opt/app/"] };
           forbid(principal, action == Action::"FileOpenReadWrite", resource) when { resource in [Dir::"/opt/app/keys/"] };`,
    rewrites: 1,
    cases: `allow FileWrite        /opt/app/a      p0
            allow FileOpenReadOnly /opt/app/keys/a p0
            deny  FileWrite        /opt/app/keys/a p1
            deny  FileDelete       /opt/app/keys/  p1
            deny  FileWrite        /opt/a          -`,
  },
  {
    about: 'a list that is said to be for reading, and holds FileOpen',
    text: 'permit(principal, action in [Action::"FileOpen", Action::"FileOpenReadOnly"], resource) when { resource in [Dir::"/conf/", Dir::"/usr/doc/"] };',
    rewrites: 0,
    cases: `allow FileOpenReadOnly /conf/a    p0
            allow FileWrite        /usr/doc/a p0`,
    warnings: 1,
  },
  {
    about: 'programs of some directories, but for one',
    text: `permit(principal, action == Action::"ProcessExec", resource) when { resource in [Dir::"/bin/", Dir::"/usr/bin/", Dir::"/opt/bin/"] };
           forbid(principal, action == Action::"ProcessExec", resource) when { resource in [File::"/usr/bin/scan"] };`,
    rewrites: 0,
    cases: `allow ProcessExec /usr/bin/scanner p0
            deny  ProcessExec /usr/bin/scan    p1
            deny  ProcessExec /sbin/x          -`,
  },
  {
    about: 'hosts by name and by suffix',
    text: `permit(principal, action == Action::"NetworkConnect", resource) when { resource in [Host::"api.inner", Host::"*.firm.example"] };
           forbid(principal, action == Action::"NetworkConnect", resource) when { resource in [Host::"*.social.example", Host::"*.photos.example"] };`,
    rewrites: 2,
    cases: `allow NetConnect api.inner:443          p0
            allow NetConnect a.firm.example:22      p0
            deny  NetConnect firm.example:443       -
            deny  NetConnect evilfirm.example:443   -
            deny  NetConnect x.social.example:443   p1`,
  },
  {
    about: 'one port of a host',
    text: 'permit(principal, action == Action::"NetworkConnect", resource) when { resource in [Host::"sql.inner:5432"] };',
    rewrites: 1,
    cases: `allow NetConnect sql.inner:5432 p0
            deny  NetConnect sql.inner:5433 -`,
  },
  {
    about: 'a header to inject',
    text: 'permit(principal, action == Action::"HttpRewrite", resource == Host::"api.example") when { context.header == "X-Key" && context.value == "Bearer a b" };',
    rewrites: 0,
  },
  {
    about: 'a server of tools, forbidden',
    text: 'forbid(principal, action == Action::"McpCall", resource) when { resource in [MCP::Server::"tools.example"] };',
    rewrites: 0,
  },
  {
    about: 'one tool of a server, forbidden',
    text: 'forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"look-up") when { resource in [MCP::Server::"tools.example"] };',
    rewrites: 0,
  },
  {
    about: 'one tool of a server, permitted',
    text: 'permit(principal, action == Action::"McpCall", resource == MCP::Tool::"search") when { resource in [MCP::Server::"tools.inner"] };',
    rewrites: 0,
  },
  {
    about: 'a small policy of everything that is enforced',
    text: `permit(principal, ${READ_WRITE}, resource) when { resource in [Dir::"/srv/"] };
           forbid(principal, action == Action::"FileOpenReadWrite", resource) when { resource in [Dir::"/srv/keys/"] };
           permit(principal, action == Action::"ProcessExec", resource) when { resource in [Dir::"/bin/", Dir::"/usr/bin/"] };
           forbid(principal, action == Action::"ProcessExec", resource) when { resource in [File::"/bin/rm"] };
           permit(principal, action == Action::"NetworkConnect", resource) when { resource in [Host::"api.inner", Host::"sql.inner:5432"] };
           forbid(principal, action == Action::"NetworkConnect", resource) when { resource in [Host::"*.social.example"] };`,
    rewrites: 3,
    cases: `allow FileWrite   /srv/a                p0
            deny  FileWrite   /srv/keys/a           p1
            deny  ProcessExec /bin/rm               p3
            allow ProcessExec /bin/ls               p2
            allow NetConnect  sql.inner:5432        p4
            deny  NetConnect  a.social.example:443  p5`,
  },
];

function rewritten(text: string): Record<string, string> {
  return Object.fromEntries(splitStatements(text).map((statement, i) => [`p${i}`, rewriteStatement(statement).text]));
}

describe.each(EXAMPLES)('$about', ({ text, rewrites }) => {
  test('is valid Cedar after the rewrites that every load makes', () => {
    const edits = splitStatements(text).flatMap((statement) => rewriteStatement(statement).edits);
    expect(edits.length).toBe(rewrites);
    expect(validateStatements(rewritten(text), cedarSchema())).toEqual([]);
  });
});

describe.each(EXAMPLES.filter(({ cases }) => cases !== undefined))(
  '$about',
  ({ text, rewrites, cases, warnings = 0 }) => {
    test('decides as Cedar does', async () => {
      const named = splitStatements(text).map((statement, i) => `@id("p${i}") ${statement.text}`);
      const set = await loadPolicies({ name: 'example.cedar', text: named.join('\n') }, FACTS);
      expect(set.notes.length).toBe(rewrites);
      prepare('example', rewritten(text));
      for (const { line, effect, policies, request } of readCases((cases ?? '').replace(/^ +/gm, ''), FACTS)) {
        expect(judge('example', request), line).toEqual({ effect, policies, errors: [] });
        expect(set.decide(request), line).toMatchObject({ effect, policies });
      }
    });

    test('migrates to a text that needs no rewrite, with a warning where the manual errs', () => {
      const { text: migrated, edits } = migrateText(text);
      expect(edits.map(({ meaning }) => meaning)).toEqual(Array(rewrites).fill('same'));
      const result = checkPolicies(
        { name: 'm.cedar', text: migrated },
        new StatementChecker(cedarSchema()),
        '2026-11-25',
      );
      if (!result.ok) throw new Error(result.lines.join('\n'));
      expect(result.notes).toEqual([]);
      expect(migrationWarnings(result.checked.policies.map(readPolicy))).toHaveLength(warnings);
    });
  },
);

test('the manual has eight places where a group of actions is taken for an action', () => {
  expect(EXAMPLES.reduce((sum, { rewrites }) => sum + rewrites, 0)).toBe(8);
});

describe('what the reference reads otherwise', () => {
  test.each([
    [
      'permit(principal == User::"claude", action == Action::"ProcessExec", resource in Dir::"/bin/");',
      'principal of every request is an Agent',
    ],
    ['permit(principal, action == Action::"FileOpen", resource == Dir::"/srv/");', 'means the directory /srv/ itself'],
  ])('%s is refused until its author migrates it', (text, fault) => {
    const before = checkPolicies({ name: 'o.cedar', text }, new StatementChecker(cedarSchema()), '2026-11-25');
    expect(before).toMatchObject({ ok: false, diagnostics: [{ message: expect.stringContaining(fault) }] });
    const { text: migrated } = migrateText(text);
    expect(
      checkPolicies({ name: 'o.cedar', text: migrated }, new StatementChecker(cedarSchema()), '2026-11-25'),
    ).toMatchObject({
      ok: true,
      notes: [],
    });
  });
});
