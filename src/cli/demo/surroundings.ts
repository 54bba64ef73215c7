// This machine in; programs and files that the demo's attempts can name out.
import { accessSync, constants, existsSync } from 'node:fs';
import type { Surroundings } from './attempts.ts';

/** All are forbidden by policies/demo.cedar; the first that exists is tried, the last is part of every Debian. */
const FORBIDDEN_PROGRAMS = ['/usr/bin/wget', '/usr/bin/sudo', '/usr/bin/su'];

/** Files whose loss would harm nobody, should everything that protects them fail at once. */
const OUTSIDE_FILES = ['/etc/issue', '/etc/issue.net', '/etc/motd', '/etc/hostname'];

const CURL = '/usr/bin/curl';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function surroundingsOf(workspace: string): Surroundings {
  return {
    workspace,
    forbiddenProgram: FORBIDDEN_PROGRAMS.find(isExecutable) ?? '/usr/bin/su',
    outsideFile: OUTSIDE_FILES.find((file) => existsSync(file)) ?? '/etc/hostname',
    hasCurl: isExecutable(CURL),
  };
}
