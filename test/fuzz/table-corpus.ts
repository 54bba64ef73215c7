// A folder in; files of table images as the compiler makes them, small ones of many shapes, out.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileTable } from '../../src/policy/compile/table.ts';
import { loadPolicies } from '../../src/policy/load.ts';
import { defaultProfile } from '../../src/policy/profile.ts';
import { randomSet } from '../unit/policy/differential.ts';
import { FACTS } from '../unit/policy/judge.ts';
import { Generator } from '../unit/policy/random-policies.ts';

const TABLES = 24;
/** Bytes. A larger image takes longer to verify than mutations of it are worth. */
const MOST = 48 << 10;

/** Writes the images; returns the paths of the files. */
export async function writeTables(folder: string): Promise<string[]> {
  const generator = new Generator(1);
  const images = [(await loadPolicies(defaultProfile(), FACTS)).image];
  while (images.length < TABLES) {
    generator.family = generator.random.pick(['file', 'exec']);
    const image = compileTable(randomSet(generator).all, FACTS);
    if (image.length <= MOST) images.push(image);
  }
  return images.map((image, index) => {
    const file = path.join(folder, `table-${index}`);
    writeFileSync(file, image);
    return file;
  });
}
