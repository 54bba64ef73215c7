// An agent and this host in; the program that a person installed here out, and what of the home directory it needs to run.
import fs from 'node:fs';
import path from 'node:path';
import { isExecutable } from '../../host/doctor/find-program.ts';
import type { Agent } from '../../sandbox/agents/agent.ts';
import { findTool, isInWorkspace, type Surroundings } from '../registries/surroundings.ts';

export interface HostProgram {
  /** Absolute path. */
  readonly command: string;
  /** Files and folders below the home directory, to be shown read-only. */
  readonly shown: readonly string[];
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`);
}

/** The package that a program belongs to, the tree that its `bin` is in, or the file alone. Never the home or `~/.local`, which hold more. */
function ownFiles(program: string, home: string): string {
  const inPackage = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(program)?.[1];
  if (inPackage !== undefined) return inPackage;
  const tree = path.dirname(path.dirname(program));
  const isTree =
    path.basename(path.dirname(program)) === 'bin' && isBelow(tree, home) && tree !== path.join(home, '.local');
  return isTree ? tree : program;
}

/** Whether a link leads straight to its end: every link in between would have to be shown, too. */
function isOneStep(file: string, real: string): boolean {
  if (file === real) return true;
  const target = path.resolve(path.dirname(file), fs.readlinkSync(file));
  return fs.lstatSync(target).isFile();
}

/**
 * A program of the agent's name on PATH. The workspace is the agent's own: what lies there, or is a link to there, is not what the user
 * installed, however it is found.
 */
export function hostProgram({ bin }: Agent, surroundings: Surroundings): HostProgram | undefined {
  const isPath = path.isAbsolute(bin);
  if (isPath && (!isExecutable(bin) || isInWorkspace(bin, surroundings))) return undefined;
  const found = isPath ? bin : findTool(bin, surroundings);
  if (found === undefined) return undefined;
  const real = fs.realpathSync(found);
  const isLink = fs.lstatSync(found).isSymbolicLink();
  const command = isLink && !isOneStep(found, real) ? real : found;
  const shown = isBelow(real, fs.realpathSync(surroundings.home)) ? [ownFiles(real, surroundings.home)] : [];
  return { command, shown };
}
