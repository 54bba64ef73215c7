// `leash policy diff` as a person runs it: what is printed, and with which status it ends.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BROKEN, type Outcome, PolicyFolder, SOUND } from './policy-command.ts';

let home: PolicyFolder;
beforeEach(() => {
  home = new PolicyFolder();
});
afterEach(() => home.remove());

const policy = (args: readonly string[], input?: string): Outcome => home.run(args, input);
const file = (name: string, text: string): string => home.file(name, text);
const json = ({ stdout }: Outcome): unknown => JSON.parse(stdout);

describe('diff', () => {
  const PERMIT = '@id("all") permit(principal, action == Action::"FileWrite", resource);\n';
  const forbid = (condition: string): string =>
    `${PERMIT}@id("env") forbid(principal, action == Action::"FileWrite", resource) when { ${condition} };\n`;

  test('what is newly allowed ends with 1, and is shown by a request', () => {
    file('old.cedar', forbid('resource.name == ".env"'));
    file('new.cedar', forbid('resource.path like "*/.env"'));
    expect(policy(['diff', 'old.cedar', 'new.cedar'])).toEqual({
      status: 1,
      stdout: [
        'newly allowed: FileWrite Dir::"/.env/"',
        '  old: denied by env (old.cedar:2)',
        '  new: allowed by all (new.cedar:1)',
        '  where: some resource, such as "/.env/"',
        '',
      ].join('\n'),
      stderr: '',
    });
    const back = policy(['diff', '--json', 'new.cedar', 'old.cedar']);
    expect(back.status).toBe(0);
    expect(json(back)).toMatchObject({
      differences: [{ action: 'FileWrite', direction: 'newly denied', witness: { resource: { path: '/.env/' } } }],
    });
  });

  test('the same meaning in other words is no difference, also from standard input', () => {
    file('a.cedar', forbid('resource.name == ".env" || resource.ext == "pem"'));
    const distributed = `${forbid('resource.ext == "pem"')}forbid(principal, action, resource) when { resource has name && resource.name == ".env" };`;
    const split = distributed.replace('forbid(principal, action,', 'forbid(principal, action == Action::"FileWrite",');
    expect(policy(['diff', 'a.cedar', '-'], split)).toEqual({
      status: 0,
      stdout: 'no difference in meaning\n',
      stderr: '',
    });
  });

  test('one policy is not enough, and a broken one is refused with its place', () => {
    expect(policy(['diff', file('a.cedar', SOUND)])).toMatchObject({ status: 2, stdout: '' });
    const broken = policy(['diff', 'a.cedar', file('b.cedar', BROKEN)]);
    expect(broken).toMatchObject({ status: 3, stdout: '' });
    expect(broken.stderr).toContain('b.cedar:1:29');
  });

  test('calls of MCP are compared', () => {
    file('old.cedar', SOUND);
    file('new.cedar', `${SOUND}\nforbid(principal, action == Action::"McpCall", resource);`);
    const { status, stdout, stderr } = policy(['diff', 'old.cedar', 'new.cedar']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('McpCall');
  });
});
