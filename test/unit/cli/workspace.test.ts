import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { workspaceOf } from '../../../src/cli/workspace.ts';

test('a workspace is a folder by its real path, and not one that holds everything', () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-workspace-')));
  try {
    const home = path.join(root, 'home');
    mkdirSync(path.join(home, 'p'), { recursive: true });
    symlinkSync('p', path.join(home, 'link'));
    expect(workspaceOf(path.join(home, 'link'), home)).toBe(path.join(home, 'p'));
    expect(workspaceOf(home, home)).toBe(home);
    expect(() => workspaceOf(path.join(home, 'none'), home)).toThrow('does not exist');
    expect(() => workspaceOf(home, '/')).toThrow('the home is /');
    expect(() => workspaceOf('/etc/passwd', home)).toThrow('is not a directory');
    for (const wide of ['/', '/etc', root]) expect(() => workspaceOf(wide, home)).toThrow('far more than a project');
  } finally {
    rmSync(root, { recursive: true });
  }
  expect(workspaceOf(undefined, homedir())).toBe(realpathSync('.'));
});
