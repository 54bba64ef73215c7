import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { groupNames } from '../../../src/host/groups.ts';
import { userName } from '../../../src/session/recorder.ts';
import { guarded, sessionFacts } from '../../../src/session/session-policy.ts';
import { sessionOptions } from './session-options.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'leash-facts-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('the facts of a session: the agent by its base name, its user and directories', () => {
  const options = sessionOptions(root, { command: ['/opt/bin/claude', '-p'] });
  expect(sessionFacts('s1', options)).toEqual({
    agent: 'claude',
    groups: groupNames(),
    profiles: ['base', 'sources', 'claude'],
    session: 's1',
    user: userName(),
    workspace: options.workspace,
    home: path.join(root, 'home'),
    tmp: '/tmp',
  });
});

test('the statements of Leash are those of the text, then those about secrets', () => {
  const facts = sessionFacts('s1', sessionOptions(root));
  const source = { name: 'p', text: 'permit(principal, action, resource);' };
  const { guard } = guarded(source, facts);
  expect(guard).toContain('@id("leash:secrets")');
  expect(guarded({ ...source, guard: '// own' }, facts)).toEqual({ ...source, guard: `// own\n${guard}` });
});
