import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readPolicy, watchPolicy } from '../../../src/session/policy-file.ts';

let root: string;
let file: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-policy-')));
  file = path.join(root, 'p.cedar');
  writeFileSync(file, 'permit(principal, action, resource);');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('reading', () => {
  test('gives the text as it is, under the name it was asked for by, and a guard for the file itself', () => {
    expect(readPolicy({ file })).toMatchObject({ name: file, text: 'permit(principal, action, resource);' });
    expect(readPolicy({ file }).guard).toContain(`File::"${file}"`);
  });

  test('a link is guarded at both its ends', () => {
    const link = path.join(root, 'link.cedar');
    symlinkSync('p.cedar', link);
    expect(readPolicy({ file: link }).guard?.match(/File::"[^"]*"/g)).toEqual([`File::"${link}"`, `File::"${file}"`]);
  });

  test('a name cannot break out of the guard', () => {
    const strange = path.join(root, 'a"b\\c\u0001.cedar');
    writeFileSync(strange, '');
    expect(readPolicy({ file: strange }).guard).toContain(`File::"${root}/a\\"b\\\\c\\u{0001}.cedar"`);
  });

  test('without a name the profile of the agent rules, else coder', () => {
    expect(readPolicy({}).name).toBe('coder');
    expect(readPolicy({ agent: 'make' }).name).toBe('coder');
    expect(readPolicy({ agent: 'codex' })).toMatchObject({
      name: 'codex',
      text: expect.stringContaining('codex-hosts'),
    });
  });

  test('a file stands first beside profiles, so that its places are its own', () => {
    const policy = readPolicy({ file, profiles: ['no-network'] });
    expect(policy).toMatchObject({ name: `${file},no-network`, guard: expect.stringContaining(file) });
    expect(policy.text).toMatch(/^permit\(principal, action, resource\);\n/);
    expect(policy.text).not.toContain('read-files');
  });

  test('a word that is neither names what was meant', () => {
    expect(() => readPolicy({ file: 'no-netwrk' })).toThrow('did you mean the profile no-network?');
    expect(() => readPolicy({ file: 'something' })).toThrow('the profiles are base, coder,');
  });

  test.each([
    ['absent', () => path.join(root, 'absent'), /there is no such file/],
    ['a folder', () => root, /it is a directory/],
    [
      'not UTF-8',
      () => writeFileSync(path.join(root, 'bytes'), Buffer.from([0xff])) ?? path.join(root, 'bytes'),
      /not UTF-8/,
    ],
  ])('%s is an error that says so', (_what, name, why) => {
    expect(() => readPolicy({ file: name() })).toThrow(
      expect.objectContaining({ code: 'LEASH_POLICY_READ', message: expect.stringMatching(why) }),
    );
  });
});

describe('watching', () => {
  const edits: Record<string, () => void> = {
    'written in place': () => writeFileSync(file, 'x'),
    'replaced by an editor': () => {
      writeFileSync(path.join(root, 'new'), 'x');
      renameSync(path.join(root, 'new'), file);
    },
    removed: () => rmSync(file),
  };
  test.each(Object.keys(edits))('notices a file %s', async (kind) => {
    const changed = vi.fn();
    const stop = watchPolicy(file, changed);
    edits[kind]?.();
    await vi.waitFor(() => expect(changed).toHaveBeenCalled(), 5_000);
    stop();
  });

  test('other files are nobody’s business, and after the end nothing is', async () => {
    const changed = vi.fn();
    const stop = watchPolicy(file, changed);
    writeFileSync(path.join(root, 'other'), 'x');
    mkdirSync(path.join(root, 'folder'));
    // Events come in order: once the last one is here, the others would have been.
    const last = vi.fn();
    const stopLast = watchPolicy(path.join(root, 'last'), last);
    writeFileSync(path.join(root, 'last'), 'x');
    await vi.waitFor(() => expect(last).toHaveBeenCalled(), 5_000);
    stop();
    stopLast();
    expect(changed).not.toHaveBeenCalled();
  });
});
