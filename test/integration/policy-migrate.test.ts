// `leash policy migrate` as a person runs it: what is printed and rewritten, and with which status it ends.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Outcome, PolicyFolder } from './policy-command.ts';

let home: PolicyFolder;
beforeEach(() => {
  home = new PolicyFolder();
});
afterEach(() => home.remove());

const policy = (args: readonly string[], input?: string): Outcome => home.run(args, input);
const file = (name: string, text: string): string => home.file(name, text);
const json = ({ stdout }: Outcome): unknown => JSON.parse(stdout);

describe('migrate', () => {
  const OLD =
    '// kept\npermit (principal == User::"claude", action == Action::"FileOpen", resource == Dir::"/srv/a");\nforbid (principal, action, resource in Dir::"/srv/");\n';
  const NEW =
    '// kept\npermit (principal == Agent::"claude", action in Action::"FileOpen", resource in Dir::"/srv/a");\nforbid (principal, action, resource in Dir::"/srv/");\n';

  test('prints the new text and what changes; writes on demand; has nothing to do the second time', () => {
    file('old.cedar', OLD);
    const { status, stdout, stderr } = policy(['migrate', 'old.cedar']);
    expect([status, stdout]).toEqual([0, NEW]);
    expect(stderr).toContain('old.cedar:2:22: meaning changed: User became Agent');
    expect(stderr).toContain(
      'warning: old.cedar:2: the permit for /srv/a/ lies below /srv/, which old.cedar:3 forbids',
    );
    expect(readFileSync(path.join(home.path, 'old.cedar'), 'utf8')).toBe(OLD);
    expect(policy(['migrate', '-w', 'old.cedar']).status).toBe(0);
    expect(readFileSync(path.join(home.path, 'old.cedar'), 'utf8')).toBe(NEW);
    const { mtimeMs } = statSync(path.join(home.path, 'old.cedar'));
    expect(policy(['migrate', '-w', 'old.cedar']).stderr).toContain('old.cedar: nothing to migrate');
    expect(statSync(path.join(home.path, 'old.cedar')).mtimeMs).toBe(mtimeMs);
    expect(policy(['check', 'old.cedar']).status).toBe(0);
  });

  test('as data', () => {
    expect(json(policy(['migrate', '--json', '-'], OLD))).toMatchObject({
      text: NEW,
      edits: [{ line: 2, column: 22, meaning: 'changed' }, { meaning: 'same' }, { meaning: 'changed' }],
      warnings: [{ line: 2 }],
    });
  });

  test('nothing is written when the result has faults', () => {
    const text = `${OLD}permit(principal, action, resource in Flie::"/x");\n`;
    file('old.cedar', text);
    expect(policy(['migrate', '-w', 'old.cedar'])).toMatchObject({ status: 3, stdout: '' });
    expect(readFileSync(path.join(home.path, 'old.cedar'), 'utf8')).toBe(text);
  });

  test.each([[], ['-w', 'coder'], ['-w', '-']])('misuse: %j', (...args) => {
    expect(policy(['migrate', ...args], OLD)).toMatchObject({ status: 2, stdout: '' });
  });
});
