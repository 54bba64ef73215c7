// A text that an agent chose in, the same on one line, with everything that hides or reorders text made visible, out.
import { escapeUnprintable } from '../../../src/schema/printable.ts';

export function printable(text: string): string {
  return escapeUnprintable(text).replaceAll('\n', '\\u000a').replaceAll('\t', '\\u0009');
}
