// A pattern in; the attacks whose `area/name` matches it, in the order of their names, out.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Attack, parseAttack } from './header.ts';

const FOLDER = fileURLToPath(new URL('../attacks/', import.meta.url));

/** Headers and `wire.mjs` are no attacks: they are what several attacks include. */
function attackFiles(): string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((area) => area.isDirectory())
    .flatMap((area) => readdirSync(path.join(FOLDER, area.name)).map((name) => path.join(FOLDER, area.name, name)))
    .filter((file) => !/\.h$|\/wire\.mjs$/.test(file))
    .sort();
}

/** @throws Error for a header that is not right, or for two attacks of one name */
export function attacksMatching(pattern: RegExp): Attack[] {
  const attacks = attackFiles().map((file) => parseAttack(file, readFileSync(file, 'utf8')));
  const names = attacks.map(({ area, name }) => `${area}/${name}`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two attacks are called ${twice}`);
  return attacks.filter((_, i) => pattern.test(names[i] ?? ''));
}
