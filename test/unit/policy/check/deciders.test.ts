import { expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { type Deciders, decidersOf } from '../../../../src/policy/check/deciders.ts';
import { TooComplex } from '../../../../src/policy/compile/atoms.ts';
import { compileTable } from '../../../../src/policy/compile/table.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { deciderOf } from '../../../../src/policy/explain/decider.ts';
import { randomSet } from '../explain/random-set.ts';
import { FACTS } from '../judge.ts';
import { Generator } from '../random-policies.ts';

function deciders(statement: string): Deciders | undefined {
  return decidersOf([readPolicy({ id: 'p', shadow: false, json: statementToJson(statement) })], FACTS)[0];
}

test('a policy about paths is decided by the table, one about hosts by the proxy', () => {
  expect(deciders('permit(principal, action, resource);')).toEqual({
    id: 'p',
    table: [
      'FileOpenReadOnly',
      'FileWrite',
      'FileCreate',
      'FileDelete',
      'FileRename',
      'FileLink',
      'FileSetAttr',
      'ProcessExec',
    ],
    manager: [],
    proxy: ['NetConnect', 'HttpRequest', 'DnsResolve', 'HttpRewrite', 'SecretUse', 'McpCall'],
  });
});

test('a condition that no table knows is named', () => {
  const statement =
    'forbid(principal, action == Action::"ProcessExec", resource in Dir::"/bin/") when { context.args like "*-x*" || context.argv.contains("y") || resource.dir.name == "bin" || principal.session == "s" };';
  expect(deciders(statement)?.manager).toEqual([
    { action: 'ProcessExec', conditions: ['context.args', 'context.argv', 'principal.session', 'resource.dir.name'] },
  ]);
});

test('the program that asks is nothing a table knows', () => {
  const statement =
    'permit(principal, action == Action::"FileWrite", resource) when { context.proc.exe in Dir::"/usr/" || context.proc.exe.name == "x" };';
  expect(deciders(statement)?.manager).toEqual([{ action: 'FileWrite', conditions: ['context.proc.exe'] }]);
});

test('a condition that cannot matter is not', () => {
  expect(
    deciders('permit(principal, action == Action::"ProcessExec", resource) when { true || context.argc == 1 };'),
  ).toMatchObject({
    table: ['ProcessExec'],
    manager: [],
  });
  expect(deciders('permit(principal == Agent::"other", action == Action::"ProcessExec", resource);')).toMatchObject({
    table: [],
    manager: [],
    proxy: [],
  });
});

test('what is said to be decided by the table alone is, on random policies', () => {
  const generator = new Generator(5);
  let byTable = 0;
  for (let i = 0; i < 150; i++) {
    generator.family = generator.random.pick(['file', 'exec']);
    try {
      const { records } = randomSet(generator, 1);
      const policies = records.map(readPolicy);
      const [found] = decidersOf(policies, FACTS);
      const image = compileTable(policies, FACTS);
      for (let j = 0; j < 20; j++) {
        const request = generator.request([]);
        if (!found?.table.includes(request.action)) continue;
        expect(deciderOf(image, request)).toBe('table');
        byTable++;
      }
    } catch (error) {
      if (!(error instanceof TooComplex)) throw error;
    }
  }
  expect(byTable).toBeGreaterThan(200);
});
