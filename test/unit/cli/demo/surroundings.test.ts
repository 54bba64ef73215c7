// What the attempts can name on this machine.
import { accessSync, constants } from 'node:fs';
import { expect, test } from 'vitest';
import type { Project } from '../../../../src/cli/demo/project.ts';
import { surroundingsOf } from '../../../../src/cli/demo/surroundings.ts';

const project: Project = {
  workspace: '/w',
  mcpConfig: '',
  builtInAgent: '',
  caFile: '',
  outsideFile: '/store/it',
  remove: () => {},
};

test('the forbidden program exists, so that only the policy can stop it', () => {
  const { forbiddenProgram, outsideFile, workspace } = surroundingsOf(project);
  expect(() => accessSync(forbiddenProgram, constants.X_OK)).not.toThrow();
  expect({ outsideFile, workspace }).toEqual({ outsideFile: '/store/it', workspace: '/w' });
});
