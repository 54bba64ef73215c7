import { expect, test } from 'vitest';
import { duration, questionLines, whatText, whoText } from '../../../src/cli/question-text.ts';
import type { Question } from '../../../src/schema/approval.ts';

const question = (changes: Partial<Question> = {}): Question => ({
  id: 'k3f9qa',
  opened: 1_000,
  expires: 121_000,
  who: { pid: 12, parent: 1, exe: '/usr/bin/git', argv: ['git', 'push'] },
  actions: ['NetConnect'],
  resource: { type: 'host', name: 'a.test' },
  particulars: { port: 443, protocol: 'tcp' },
  text: 'Push?',
  policies: ['ask'],
  waiting: 2,
  ...changes,
});

test('what is asked, by action', () => {
  expect(whatText(question())).toBe('NetConnect a.test:443');
  const path = { type: 'path', path: '/bin/git' } as const;
  expect(
    whatText(
      question({ actions: ['ProcessExec'], resource: path, particulars: { argv: ['git', 'push'], sha256: 'ab' } }),
    ),
  ).toBe('ProcessExec /bin/git [git push]');
  expect(
    whatText(
      question({ actions: ['HttpRequest'], particulars: { method: 'GET', path: '/a?b', scheme: 'https', port: 443 } }),
    ),
  ).toBe('HttpRequest a.test:443 GET /a?b https');
  expect(whatText(question({ actions: ['FileOpenReadOnly', 'FileWrite'], resource: path, particulars: {} }))).toBe(
    'FileOpenReadOnly, FileWrite /bin/git',
  );
});

test('lines for a person', () => {
  expect(questionLines(question(), '20261125-090029-saav', 66_000)).toEqual([
    'k3f9qa  Push?',
    '  what     NetConnect a.test:443',
    '  who      /usr/bin/git (pid 12)',
    '  command  git push',
    '  policy   ask',
    '  session  20261125-090029-saav, asked 1m 05s ago, refused in 55s; 2 calls wait',
  ]);
  const { who: _who, ...unknown } = question();
  expect(whoText(unknown)).toBe('the agent');
  expect(whoText(question({ who: { pid: 7, parent: 1, exe: '/usr/bin/node', via: 'mcp:files' } }))).toBe(
    '/usr/bin/node via mcp:files (pid 7)',
  );
  expect(duration(59_499)).toBe('59s');
});

test('nothing that the agent chose drives the terminal, or pretends to be another line', () => {
  const evil = '\u001b[2J\u001b]0;x\u0007\n/etc/passwd\u202e\r\u009b1A';
  const lines = questionLines(
    question({
      who: { pid: 1, parent: 1, exe: `/w/${evil}`, argv: [evil] },
      resource: { type: 'path', path: `/w/${evil}` },
      particulars: { argv: [evil], path: evil },
    }),
    's',
    0,
  );
  expect(lines).toHaveLength(6);
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('a long name is cut, arguments are not', () => {
  const resource = { type: 'path', path: `/${'a'.repeat(4_000)}` } as const;
  const argv = ['sh', '-c', `${' '.repeat(5_000)}rm -rf /`];
  const text = whatText(question({ resource, particulars: { argv } }));
  expect(text).toContain(`${'a'.repeat(298)}… [sh`);
  expect(text).toContain('rm -rf /]');
});
