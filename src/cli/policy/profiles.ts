// The profiles that Leash ships: names and first words of the files in policies/.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from '../../host/paths.ts';
import type { Source } from '../../policy/text/diagnostic.ts';

const SUFFIX = '.cedar';
export const DEFAULT_PROFILE = 'coder';

export interface Profile {
  readonly name: string;
  /** First comment line, without the profile's own name in front. */
  readonly summary: string;
}

function folder(): string {
  return path.join(PACKAGE_ROOT, 'policies');
}

/** Names, sorted. */
export function profileNames(): readonly string[] {
  return readdirSync(folder())
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
}

/** The text of a profile. Its name has no directory, so that messages and ids are the same on every machine. */
export function profileSource(name: string): Source {
  const file = `${name}${SUFFIX}`;
  return { name: file, text: readFileSync(path.join(folder(), file), 'utf8') };
}

export function listProfiles(): readonly Profile[] {
  return profileNames().map((name) => {
    const [line = ''] = profileSource(name).text.split('\n', 1);
    const text = line.replace(/^\/\/\s*/, '');
    return { name, summary: text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text };
  });
}
