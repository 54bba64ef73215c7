// A path as a person writes it in config.toml in, an absolute one out: `~`, `$VARS` (`$$` is a dollar sign), and relative to the file's folder.
import path from 'node:path';
import { ConfigFault } from './fault.ts';

export interface Base {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the configuration file. */
  readonly folder: string;
}

/** A path as it is, so that reading it gives it back. */
export function writePlace(place: string): string {
  return place.replaceAll('$', () => '$$');
}

/** @param keys where it stands. @throws ConfigFault */
export function readPlace(text: string, base: Base, ...keys: readonly string[]): string {
  if (text === '') throw new ConfigFault('an empty path', ...keys);
  const atHome = text === '~' || text.startsWith('~/') ? `${base.home}${text.slice(1)}` : text;
  if (atHome.startsWith('~'))
    throw new ConfigFault(`${JSON.stringify(text)}: only your own home is known as ~`, ...keys);
  const expanded = atHome.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (match, braced?: string, bare?: string) => {
    if (match === '$$') return '$';
    const name = braced ?? bare ?? '';
    const value = base.env[name];
    // An empty one would turn `$PROJECTS/x` into `/x`.
    if (!value) throw new ConfigFault(`${JSON.stringify(text)}: the variable ${name} is not set`, ...keys);
    return value;
  });
  const place = path.resolve(base.folder, expanded);
  if (/[\u0000-\u001f\u007f]/.test(place)) throw new ConfigFault('a control character in a path', ...keys);
  return place;
}
