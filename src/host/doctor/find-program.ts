// The name of a program in, where it is out. On the way to the agent's start, so it loads no more than it must.
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import type { Host } from './host.ts';

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** First executable file `name` in the absolute folders of PATH, or undefined. */
export function findProgram(name: string, env: Host['env'] = process.env): string | undefined {
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}
