import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../../../src/host/paths.ts';
import { checkPolicies } from '../../../../src/policy/check/check.ts';
import { StatementChecker } from '../../../../src/policy/check/statement-check.ts';

const SCHEMA = readFileSync(path.join(PACKAGE_ROOT, 'src/schema/leash.cedarschema'), 'utf8');

function check(text: string): ReturnType<typeof checkPolicies> {
  return checkPolicies({ name: 'p.cedar', text }, new StatementChecker(SCHEMA), '2026-06-15');
}

/** The lines that hold position and message. */
function faults(text: string): readonly string[] {
  const result = check(text);
  if (result.ok) throw new Error('accepted');
  const found = result.lines.filter((line) => line.startsWith('p.cedar:'));
  expect(found).toHaveLength(result.faults);
  return found;
}

function accepted(text: string): Extract<ReturnType<typeof checkPolicies>, { ok: true }>['checked'] {
  const result = check(text);
  if (!result.ok) throw new Error(result.lines.join('\n'));
  return result.checked;
}

describe('faults', () => {
  test('all are found at once, in order, each with its line and column', () => {
    const text = [
      'permit(principal, action == Action::"FileOpenn", resource);',
      'permit(principal action, resource);',
      'permit(principal, action, resource) when { resource in Dir::"@wrkspace/" };',
      'permit(principal, action == Action::"NetConnect", resource) when { context.prt == 443 };',
      '@id permit(principal, action, resource);',
      'forbid(principal, action, resource) when { 1 + ',
    ].join('\n');
    expect(faults(text)).toEqual([
      'p.cedar:1:29: unrecognized action `Action::"FileOpenn"`',
      'p.cedar:2:18: unexpected token `action`',
      'p.cedar:3:56: no directory is called "@wrkspace/"',
      'p.cedar:4:68: attribute `prt` in context for Action::"NetConnect" not found',
      'p.cedar:5:2: @id needs a name',
      'p.cedar:6:47: unexpected end of input',
    ]);
  });

  test('places count characters, not bytes, and survive a rewrite before them', () => {
    const text =
      '// é😀\npermit(principal, action == Action::"FileOpen", resource) when { ["é", "😀"].contains(resource.name) && resource.nme == "x" };';
    const column = (text.split('\n')[1] ?? '').replace('😀', '.').indexOf('resource.nme') + 1;
    expect(faults(text)).toEqual([expect.stringContaining(`p.cedar:2:${column}: attribute \`nme\``)]);
  });

  test.each([
    ['permit(principal, action, resource) when { principal in [Dir::"/x/"] };', 'policy is impossible'],
    [
      'permit(principal, action == Action::"ProcessExec", resource in Host::"x");',
      'unable to find an applicable action',
    ],
    ['permit(principal in ?principal, action, resource);', 'templates are not enforced'],
    ['permit(principal, action, resource) when { Dir::"/a/" in Dir::"/" };', 'an entity literal may only be compared'],
    [
      'permit(principal, action, resource) when { (if true then Dir::"/a/" else Dir::"/b/") in Dir::"/" };',
      'an entity literal',
    ],
    [
      'permit(principal, action == Action::"FileWrite", resource) when { context.proc.uid == 9007199254740993 };',
      'integers beyond',
    ],
    ['@mode("shade") permit(principal, action, resource);', 'unknown mode "shade"'],
    ['@expires("2026-02-30") permit(principal, action, resource);', '@expires needs a day'],
    ['@id("a") @id("b") permit(principal, action, resource);', 'duplicate annotation'],
    [`permit(principal, action, resource) when { ${'('.repeat(70)}true${')'.repeat(70)} };`, 'nested more than 64'],
    [`permit(principal, action, resource) when { ${'true && '.repeat(300)}true };`, 'at most 256 operators'],
    [`permit(principal, action, resource) when { ${'!'.repeat(300)}true };`, 'at most 256 operators'],
    ['permit(principal, action, resource); \ud800', 'not well-formed Unicode'],
  ])('%s', (text, message) => {
    expect(faults(text).join('\n')).toContain(message);
  });

  test('one id for two policies', () => {
    const text = '@id("a") permit(principal, action, resource);\n@id("a") forbid(principal, action, resource);';
    expect(faults(text)).toEqual(['p.cedar:2:1: the id "a" is taken by the policy in line 1']);
  });

  test('what the parser would die of never reaches it, and it still works afterwards', () => {
    const deep = `permit(principal, action, resource) when { ${'('.repeat(5000)}true${')'.repeat(5000)} };`;
    expect(faults(deep)).toHaveLength(1);
    expect(accepted('permit(principal, action, resource);').policies).toHaveLength(1);
  });
});

describe('accepted policies', () => {
  test('are called by @id, else by their place', () => {
    const text =
      '@id("first") permit(principal, action, resource);\npermit(principal, action, resource); forbid(principal, action, resource);';
    expect(accepted(text).policies.map(({ id }) => id)).toEqual(['first', 'p.cedar:2', 'p.cedar:2:38']);
  });

  test('carry reason and mode', () => {
    const [policy] = accepted('@reason("why not") @mode("shadow") forbid(principal, action, resource);').policies;
    expect(policy).toMatchObject({ reason: 'why not', shadow: true, json: { effect: 'forbid' } });
  });

  test('expired ones are left out with a note; the next expiry is told', () => {
    const text =
      '@expires("2026-06-14") permit(principal, action, resource);\n@expires("2026-06-15") forbid(principal, action, resource);\n@expires("2027-01-31") forbid(principal, action, resource);';
    const { policies, notes, staleFrom } = accepted(text);
    expect(policies.map(({ id }) => id)).toEqual(['p.cedar:2', 'p.cedar:3']);
    expect(notes).toEqual(['p.cedar:1:1: expired after 2026-06-14, so it is left out']);
    expect(staleFrom).toBe('2026-06-16');
  });

  test('misspelt annotations and odd scripts are noted', () => {
    const { notes } = accepted(
      '@resaon("x") permit(principal, action in Action::"FileOpen", resource) when { resource.name == "рaypal" };',
    );
    expect(notes).toEqual([
      'p.cedar:1:2: @resaon has no meaning here; did you mean @reason?',
      expect.stringContaining('contains mixed scripts'),
    ]);
  });

  test('an empty text denies everything', () => {
    expect(accepted('// nothing\n')).toEqual({ policies: [], notes: [] });
  });
});
