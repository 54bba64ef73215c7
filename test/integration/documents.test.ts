import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadPolicies } from '../../src/policy/load.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['.', 'src', 'docs/decisions', 'docs/reference', 'examples', 'policies'];

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

const documents = FOLDERS.filter((folder) => existsSync(path.join(ROOT, folder))).flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join(folder, name)),
);

test.each(documents)('the links of %s lead to files', (document) => {
  const targets = [...read(document).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
  const dead = targets.filter((target) => !existsSync(path.join(ROOT, path.dirname(document), target)));
  expect(dead).toEqual([]);
});

test('the policy in the README loads, and says what the text around it says', async () => {
  const text = /```cedar\n(.*?)```/s.exec(read('README.md'))?.[1] ?? '';
  const facts = {
    agent: 'claude',
    session: 's',
    user: 'u',
    workspace: '/home/u/project/',
    home: '/home/u/',
    tmp: '/tmp/',
  };
  const set = await loadPolicies({ name: 'README.md', text }, facts);
  const program = { exe: '/usr/bin/cat', uid: 1000 };
  const opening = (file: string) =>
    set.decide({ action: 'FileOpenReadOnly', resource: { type: 'path', path: file }, program });
  expect(opening('/home/u/project/README.md').effect).toBe('allow');
  expect(opening('/home/u/project/secrets/prod.key')).toMatchObject({
    effect: 'deny',
    policies: ['no-production-keys'],
    reason: 'Production keys are not for agents.',
  });
  expect(opening('/srv/secrets/prod.key').effect).toBe('allow');
});

test('the scripts that documents name exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
  const named = documents.flatMap((document) =>
    [...read(document).matchAll(/npm (?:run ([a-z:]+)|(test))/g)].map(([, script, test]) => script ?? test ?? ''),
  );
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
