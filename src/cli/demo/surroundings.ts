// This machine and a project in; what the demo's attempts can name out.
import { accessSync, constants, realpathSync } from 'node:fs';
import type { Surroundings } from './attempts.ts';
import type { Project } from './project.ts';

/** All are forbidden by policies/demo.cedar; the first that exists is tried, the last is part of every Debian. */
const FORBIDDEN_PROGRAMS = ['/usr/bin/wget', '/usr/bin/sudo', '/usr/bin/su'];

const CURL = '/usr/bin/curl';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Policies judge what a link leads to, and that has another name. */
function isPlainProgram(file: string): boolean {
  return isExecutable(file) && realpathSync(file) === file;
}

export function surroundingsOf({ workspace, outsideFile }: Project): Surroundings {
  return {
    workspace,
    outsideFile,
    forbiddenProgram: FORBIDDEN_PROGRAMS.find(isPlainProgram) ?? '/usr/bin/su',
    hasCurl: isExecutable(CURL),
  };
}
