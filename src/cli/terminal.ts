// Text in, bytes on a person's terminal or in a pipe out; text from the agent cannot drive the terminal.
import { once } from 'node:events';
import { escapeUnprintable } from '../schema/printable.ts';

/** Makes text of unknown origin safe to print on one line: what a terminal would act on becomes `\u001b`. */
export function printable(text: string): string {
  return escapeUnprintable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** JSON in one line, still the same JSON value, without bytes that a terminal would act on. */
export function jsonLine(value: unknown): string {
  // JSON.stringify escapes C0 only; in UTF-8 a terminal takes U+009B for ESC [.
  return escapeUnprintable(JSON.stringify(value));
}

/** One line of data on standard output; resolves when there is room for more. */
export async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

/** One line for the person on standard error. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export type Style = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

const SGR: Readonly<Record<Style, string>> = { red: '31', green: '32', yellow: '33', dim: '2', bold: '1' };

export type Paint = (style: Style, text: string) => string;

interface Terminal {
  readonly isTTY?: boolean;
}

/** Colours for a stream, or none: not a terminal, NO_COLOR (no-color.org) set and not empty, or TERM=dumb. */
export function painter(stream: Terminal, env: Readonly<Record<string, string | undefined>> = process.env): Paint {
  const isColoured = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return isColoured ? (style, text) => `\u001b[${SGR[style]}m${text}\u001b[0m` : (_style, text) => text;
}
