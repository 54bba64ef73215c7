// C sources in, executables out: each compiled once in the life of this process, and removed at its end.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratch } from './scratch.ts';

const SHARED = fileURLToPath(new URL('../attacks/', import.meta.url));
const FLAGS = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-Werror', '-pthread', `-I${SHARED}`];

const compiled = new Map<string, string>();

/**
 * The executable; linked dynamically, as most programs are.
 * @throws Error with the compiler's words
 */
export function compileToFile(source: string): string {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const output = path.join(scratch(), `program-${compiled.size}`);
  execFileSync('cc', [...FLAGS, '-o', output, source], { stdio: ['ignore', 'ignore', 'pipe'] });
  compiled.set(source, output);
  return output;
}

/** The bytes of that executable. */
export const compile = (source: string): Buffer => readFileSync(compileToFile(source));
