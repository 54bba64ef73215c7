// What cannot be a policy, given to `leash policy …` by a person: one precise message and a status, in bounded time.
import { spawnSync } from 'node:child_process';
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

/** 10 MiB is ten times the limit. */
const HUGE = SOUND.repeat(Math.ceil((10 << 20) / SOUND.length));
const when = (condition: string): string => `permit(principal, action, resource is File) when { ${condition} };`;
const patterns = Array.from({ length: 3 }, (_, i) =>
  when(Array.from({ length: 100 }, (__, j) => `resource.name like "a${i}b${j}*"`).join(' || ')),
).join('\n');

describe('what cannot be a policy is refused with one precise message, quickly', () => {
  test.each([
    ['10 MB', HUGE, 3, /cannot read p\.cedar: it holds more than 4194304 bytes/],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('// é\n//'), Buffer.from([0xff])]),
      3,
      /it is not UTF-8 text \(p\.cedar:2:3\)/,
    ],
    [
      'nested brackets',
      when(`${'('.repeat(100_000)}true${')'.repeat(100_000)}`),
      1,
      /p\.cedar:1:115: brackets are nested more than 64 deep/,
    ],
    ['a chain of operators', when(Array(50_000).fill('true').join(' || ')), 1, /a policy holds at most 256 operators/],
    ['an integer beyond 2^53', when('1 < 9007199254740993'), 1, /p\.cedar:1:56: integers beyond 9007199254740991/],
    [
      'a template',
      'permit(principal == ?principal, action, resource);',
      1,
      /p\.cedar:1:21: templates are not enforced/,
    ],
    [
      '300 patterns',
      patterns,
      1,
      /p\.cedar:3:1: the policy is too complex for a table: more than 256 different patterns/,
    ],
    [
      '30,000 statements',
      'permit(principal,action,resource);'.repeat(30_000),
      1,
      /a policy text holds at most 20000 policies/,
    ],
    ['10,000 faults in one line', 'permt(principal,action,resource);'.repeat(10_000), 1, /p\.cedar: 10000 faults/],
    [
      'a set of 50,000 entities',
      when(`resource in [${'File::"/a",'.repeat(50_000)}]`),
      1,
      /a policy holds at most 4096 words and signs/,
    ],
    ['500,000 annotations', '@a'.repeat(500_000), 1, /a policy holds at most 4096 words and signs/],
    ['100 annotations', `${'@a '.repeat(100)}${SOUND}`, 1, /a policy holds at most 64 annotations/],
    ['a million semicolons', ';'.repeat(1_000_000), 1, /a policy text holds at most 20000 policies/],
    ['a NUL', `// a\n// \0\n${SOUND}`, 1, /p\.cedar:2:4: the text is not well-formed Unicode/],
    ['quotes without end', `permit(principal, action, resource) when { "${'x'.repeat(500_000)}`, 1, /p\.cedar:1:/],
  ])('%s', (_, text, status, message) => {
    const outcome = policy(['check', file('p.cedar', text)]);
    expect(outcome.status).toBe(status);
    expect(outcome.stdout + outcome.stderr).toMatch(message);
    // The message, not the bomb.
    expect(outcome.stderr.length).toBeLessThan(2_000);
  });

  test.each([['.'], ['fifo'], ['/dev/zero'], ['absent.cedar'], ['p.cedar/x']])('%s', (name) => {
    spawnSync('mkfifo', [path.join(home.path, 'fifo')]);
    file('p.cedar', SOUND);
    for (const command of ['check', 'fmt', 'migrate', 'show']) {
      const { status, stdout, stderr } = policy([command, name === 'fifo' ? './fifo' : name]);
      expect([command, status, stdout]).toEqual([command, 3, '']);
      expect(stderr).toMatch(/^leash: LEASH_POLICY_READ: cannot read .*\n {2}hint: .*\n$/);
    }
  });

  test.each(['explain FileWrite /a --policy b.cedar', 'show b.cedar', 'migrate b.cedar', 'fmt b.cedar'])(
    '%s says every fault',
    (line) => {
      file('b.cedar', `${BROKEN}permit(`);
      const { status, stdout, stderr } = policy(line.split(' '));
      expect([status, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/LEASH_POLICY_INVALID/);
      expect(stderr).toMatch(/b\.cedar:2:1: invalid policy effect/);
    },
  );
});
