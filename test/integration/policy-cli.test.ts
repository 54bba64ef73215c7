// `leash policy …` as a person runs it: what is printed, and with which status it ends.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BROKEN, type Outcome, PolicyFolder, SOUND } from './policy-command.ts';

let home: PolicyFolder;
beforeEach(() => {
  home = new PolicyFolder();
});
afterEach(() => home.remove());

const policy = (args: readonly string[], input?: string): Outcome => home.run(args, input);
const file = (name: string, text: string | Uint8Array): string => home.file(name, text);
const json = ({ stdout }: Outcome): unknown => JSON.parse(stdout);

describe('check', () => {
  test('a sound policy ends with 0, a broken one with 1 and every fault', () => {
    expect(policy(['check', file('a.cedar', SOUND)])).toEqual({
      status: 0,
      stdout: 'a.cedar: 1 policy, no faults; by the table alone 1, by the manager 0, by the proxy 1\n',
      stderr: '',
    });
    const { status, stdout } = policy(['check', 'a.cedar', file('b.cedar', BROKEN)]);
    expect(status).toBe(1);
    expect(stdout).toContain(
      [
        'b.cedar:1:29: unrecognized action `Action::"FileOpne"`',
        '    permit(principal, action == Action::"FileOpne", resource);',
        '                                ^^^^^^^^^^^^^^^^^^',
        '    hint: did you mean `Action::"FileOpen"`?',
        'b.cedar:2:1: invalid policy effect: permt',
      ].join('\n'),
    );
    expect(stdout).toContain('b.cedar: 2 faults');
  });

  test('the default is the default profile, and standard input may be read', () => {
    expect(policy(['check']).stdout).toMatch(/^coder: \d+ policies, no faults/);
    expect(json(policy(['check', '--json', '-'], BROKEN))).toMatchObject({
      files: [
        {
          name: 'standard input',
          ok: false,
          faults: [
            { line: 1, column: 29, length: 18 },
            { line: 2, column: 1 },
          ],
        },
      ],
    });
  });

  test('a condition that only the manager knows is named', () => {
    file(
      'm.cedar',
      '@id("m") permit(principal, action == Action::"ProcessExec", resource) when { context.args like "*x" };',
    );
    expect(policy(['check', 'm.cedar']).stdout).toContain('m (m.cedar:1): ProcessExec because of context.args');
    expect(json(policy(['check', '--json', 'm.cedar']))).toMatchObject({
      files: [
        {
          policies: [
            { id: 'm', manager: [{ action: 'ProcessExec', conditions: ['context.args'] }], table: [], proxy: [] },
          ],
        },
      ],
    });
  });
});

describe('fmt', () => {
  const UNTIDY = '// kept\npermit(principal,action,resource);//kept, too\n';
  const TIDY = '// kept\npermit (principal, action, resource); //kept, too\n';

  test('prints, compares and writes', () => {
    file('u.cedar', UNTIDY);
    expect(policy(['fmt', 'u.cedar'])).toEqual({ status: 0, stdout: TIDY, stderr: '' });
    expect(policy(['fmt', '--check', 'u.cedar'])).toEqual({ status: 1, stdout: 'u.cedar\n', stderr: '' });
    expect(json(policy(['fmt', '--json', 'u.cedar']))).toEqual({
      files: [{ name: 'u.cedar', formatted: false, text: TIDY }],
    });
    expect(policy(['fmt', '-w', 'u.cedar'])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(path.join(home.path, 'u.cedar'), 'utf8')).toBe(TIDY);
    expect(policy(['fmt', '--check', 'u.cedar']).status).toBe(0);
    expect(policy(['fmt', '-'], UNTIDY).stdout).toBe(TIDY);
  });

  test('one file that cannot be formatted keeps all as they are', () => {
    file('u.cedar', UNTIDY);
    file('b.cedar', BROKEN);
    expect(policy(['fmt', '-w', 'u.cedar', 'b.cedar']).status).toBe(3);
    expect(readFileSync(path.join(home.path, 'u.cedar'), 'utf8')).toBe(UNTIDY);
  });

  test.each([['-w'], ['-w', 'coder'], ['-w', '--check', 'u.cedar'], ['u.cedar', 'u.cedar']])(
    'misuse: %j',
    (...args) => {
      file('u.cedar', UNTIDY);
      expect(policy(['fmt', ...args])).toMatchObject({ status: 2, stdout: '' });
    },
  );
});

describe('explain', () => {
  test('says verdict, statement, place, reason and who decides', () => {
    const { status, stdout } = policy(['explain', 'FileWrite', '@workspace/.git/config']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^denied: FileWrite File::".*\/\.git\/config"\n {2}forbidden by no-git-config \(base\.cedar:\d+\): /,
    );
    expect(stdout).toContain('decided by the table in the warden');
  });

  test('as data', () => {
    file(
      'p.cedar',
      '@id("db") permit(principal, action == Action::"NetConnect", resource) when { context.port == 5432 };',
    );
    expect(json(policy(['explain', '--json', '--policy', 'p.cedar', 'NetConnect', 'db.internal']))).toMatchObject({
      effect: 'deny',
      decidedBy: 'proxy',
      determining: [],
      nearest: [
        {
          id: 'db',
          line: 1,
          failed: {
            part: 'when',
            expression: 'context.port == 5432',
            facts: [{ expression: 'context.port', value: '443' }],
          },
        },
      ],
    });
    const header = ['--header', 'authorization: s3cret'];
    const http = policy(['explain', '--json', '--policy', 'p.cedar', 'HttpRequest', 'db.internal', ...header]);
    expect(json(http)).toMatchObject({ request: { headers: ['authorization'] } });
    expect(http.stdout).not.toContain('s3cret');
  });

  test('the policy file itself and the secrets of the machine are guarded, as in a session', () => {
    file('p.cedar', SOUND);
    expect(policy(['explain', '--policy', 'p.cedar', 'FileWrite', 'p.cedar']).stdout).toContain(
      'forbidden by leash:policy-file',
    );
    expect(policy(['explain', '--policy', 'p.cedar', 'FileOpenReadOnly', '/etc/shadow']).stdout).toContain(
      'forbidden by leash:secrets',
    );
  });

  test.each([
    ['explain'],
    ['explain', 'FileWrite'],
    ['explain', 'FileOpen', '/a'],
    ['explain', '--event', 'latest:1', 'FileWrite', '/a'],
    ['explain', '--event', 'x'],
  ])('misuse: %j', (...args) => expect(policy(args)).toMatchObject({ status: 2, stdout: '' }));

  test('a session that is not there', () => {
    expect(policy(['explain', '--event', 'latest:1'])).toMatchObject({ status: 1, stdout: '' });
  });
});

describe('show', () => {
  test('prints Cedar that can be checked, with directories in the place of their names', () => {
    file(
      'p.cedar',
      `${SOUND}@id("w") @mode("shadow")\nforbid(principal, action, resource in Dir::"@workspace/");\n@expires("2020-01-01") permit(principal, action, resource);\n`,
    );
    const { status, stdout } = policy(['show', 'p.cedar']);
    expect(status).toBe(0);
    expect(stdout).toContain(
      `// w (p.cedar:2), shadow\n@id("w") @mode("shadow")\nforbid(principal, action, resource in Dir::"${home.path}/");`,
    );
    expect(stdout).toContain('// p.cedar:4, expired: not in force\n// @expires("2020-01-01") permit');
    expect(stdout).toContain('// leash:secrets');
    expect(policy(['check', '-'], stdout)).toMatchObject({ status: 0 });
  });

  test('as data, and the profiles', () => {
    file('p.cedar', SOUND);
    expect(json(policy(['show', '--json', '--agent', 'codex', 'p.cedar']))).toMatchObject({
      name: 'p.cedar',
      facts: { agent: 'codex', workspace: `${home.path}/` },
      statements: [
        { id: 'all', effect: 'permit', line: 1, annotations: { id: 'all' } },
        { id: 'leash:policy-file' },
        { id: 'leash:secrets' },
        { id: 'leash:denials', effect: 'permit' },
        { id: 'leash:denials-written' },
        { id: 'leash:own-files' },
      ],
    });
    expect(policy(['show', '--list']).stdout).toMatch(/^coder +.* \(default\)$/m);
    expect(json(policy(['show', '--list', '--json']))).toMatchObject({
      profiles: expect.arrayContaining([expect.objectContaining({ name: 'coder', default: true })]),
    });
  });
});

describe('test', () => {
  test('the cases of the default profile pass', () => {
    const { status, stdout } = policy(['test', 'coder']);
    expect(stdout).toMatch(/^coder\.cases: \d+ tests of coder\n {2}\d+ passed, 0 failed\n$/);
    expect(status).toBe(0);
  });

  test('a test that fails ends with 1 and says how', () => {
    file('p.cedar', SOUND);
    file('p.cases', 'allow FileWrite /a all\ndeny FileWrite /b -\n');
    const { status, stdout } = policy(['test', 'p.cases']);
    expect(status).toBe(1);
    expect(stdout).toBe(
      'p.cases: 2 tests of p.cedar\n  failed 2: deny FileWrite /b -\n         expected deny by no policy, got allow by all\n  1 passed, 1 failed\n',
    );
    expect(policy(['test', '-v', 'p.cases']).stdout).toContain('  ok    1: allow FileWrite /a all\n');
    expect(json(policy(['test', '--json', 'p.cases']))).toMatchObject({
      files: [
        {
          name: 'p.cases',
          policy: 'p.cedar',
          passed: 1,
          failed: 1,
          tests: [{ ok: true, problems: [] }, { ok: false }],
        },
      ],
    });
  });

  test('the official format', () => {
    file('p.cedar', SOUND);
    const context = { proc: { exe: { __entity: { type: 'File', id: '/bin/sh' } }, uid: 0, ancestors: [] } };
    const request = { principal: 'Agent::"claude"', action: 'Action::"FileWrite"', resource: 'File::"/a"', context };
    const tests = [{ name: 'writes', request, entities: [], decision: 'allow', reason: ['all'], num_errors: 0 }];
    file('p.json', JSON.stringify(tests));
    expect(policy(['test', '-v', 'p.json'])).toEqual({
      status: 0,
      stdout: 'p.json: 1 tests of p.cedar\n  ok    writes\n  1 passed, 0 failed\n',
      stderr: '',
    });
  });

  test.each([[], ['p.cedar'], ['bad.cases'], ['bad.json']])('misuse: %j', (...args) => {
    file('p.cedar', SOUND);
    file('bad.cases', 'nonsense');
    file('bad.json', '{');
    expect(policy(['test', ...args])).toMatchObject({ status: 2, stdout: '' });
  });
});

test('`leash policy` alone, and a word it does not know, say what there is', () => {
  expect(policy([])).toMatchObject({ status: 2, stderr: expect.stringMatching(/say what to do: check, /) });
  expect(policy(['chek', '--json'])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/did you mean check\?/),
  });
  expect(policy(['--help']).stdout).toContain('policy migrate');
});
