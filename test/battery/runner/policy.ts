// The name of a policy of the battery in; its Cedar text and what it protects, as its first lines say, out.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface BatteryPolicy {
  readonly text: string;
  /** May the content of this file, a path below the workspace, become known to the agent? */
  readonly hides: (name: string) => boolean;
  /** May this name, a path below the workspace, be made, changed or removed? A directory's ends with `/`. */
  readonly keeps: (name: string) => boolean;
  /** Is running the forbidden programs forbidden? */
  readonly stopsPrograms: boolean;
}

/** `**` stands for anything, `*` for anything without a slash, `?` for one character that is none. */
function matcher(globs: readonly string[]): (name: string) => boolean {
  const patterns = globs.map((glob) => {
    const parts = glob.split(/(\*\*\/|\*\*|\*|\?)/).map((part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '**') return '.*';
      if (part === '?') return '[^/]';
      return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    });
    return new RegExp(`^${parts.join('')}$`, 's');
  });
  return (name) => patterns.some((pattern) => pattern.test(name));
}

/**
 * A line `// includes: PROFILE` puts the text of a profile that comes with Leash before the policy's own.
 * @param name of a file in test/battery/policies, without its ending
 * @param values for `{{name}}` in the text
 */
export function batteryPolicy(name: string, values: Readonly<Record<string, string>>): BatteryPolicy {
  const source = readFileSync(fileURLToPath(new URL(`../policies/${name}.cedar`, import.meta.url)), 'utf8');
  const said = (field: string): string[] =>
    (new RegExp(`^// ${field}: (.*)$`, 'm').exec(source)?.[1] ?? '').split(' ').filter((word) => word !== '');
  const profile = said('includes')[0];
  const included =
    profile === undefined
      ? ''
      : readFileSync(fileURLToPath(new URL(`../../../policies/${profile}.cedar`, import.meta.url)), 'utf8');
  const text = `${included}${source}`.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`${name}.cedar: there is no {{${key}}}`);
    return value;
  });
  return {
    text,
    hides: matcher(said('hides')),
    keeps: matcher(said('keeps')),
    stopsPrograms: said('stops').includes('programs'),
  };
}
