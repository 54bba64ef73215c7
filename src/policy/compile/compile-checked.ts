// A checked policy set in, the same with its table out.
import { LeashError } from '../../host/errors.ts';
import { readPolicy } from '../evaluate/policy.ts';
import type { Checked, Compiled } from '../policy-set.ts';
import { TooComplex } from './atoms.ts';
import { imageFault } from './image.ts';
import type { TableCompiler } from './table.ts';

const mentions = new WeakMap<object, boolean>();

/** Does the statement speak of the content of programs? As the name of an attribute, or by chance as a string: then they are hashed in vain. */
function mentionsContent(json: object): boolean {
  const known = mentions.get(json) ?? JSON.stringify(json).includes('"sha256"');
  mentions.set(json, known);
  return known;
}

/** `name` is how messages call the text. Throws LeashError LEASH_POLICY_INVALID for a set that no table can hold. */
export function compileChecked(table: TableCompiler, checked: Checked, name: string): Compiled {
  try {
    const image = table.compile(checked.policies.map(readPolicy));
    const fault = imageFault(image);
    if (fault !== undefined) throw new Error(`the compiler wrote an unsound table: ${fault}`);
    const readsContent = checked.policies.some(({ json }) => mentionsContent(json as object));
    return { ...checked, image, readsContent };
  } catch (cause) {
    if (!(cause instanceof TooComplex)) throw cause;
    throw new LeashError('LEASH_POLICY_INVALID', `policy ${name} is too complex: ${cause.message}`, { cause });
  }
}
