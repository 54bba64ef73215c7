// Random conditions on the calling program's line of descent, MCP server and content, and on the content that is to run.
import { HASHES, quote, VIAS, type Words } from './random-words.ts';

/** `other` is any condition. */
export function programTest(words: Words, other: string): string {
  const { random } = words;
  const hash = quote(random.pick(HASHES));
  const via = quote(random.pick(VIAS));
  const [one, two] = [`File::${quote(words.filePath())}`, `File::${quote(words.filePath())}`];
  return random.pick([
    `context.proc.ancestors.contains(${one})`,
    `context.proc.ancestors.containsAny([${one}, ${two}])`,
    `context.proc.ancestors.containsAll([${one}])`,
    'context.proc.ancestors.contains(context.proc.exe)',
    'context.proc.ancestors.contains(resource)',
    'context.proc.ancestors.isEmpty()',
    `context.proc.ancestors == [${one}]`,
    'context.proc.exe in context.proc.ancestors',
    'resource in context.proc.ancestors',
    `context.proc.via == ${via}`,
    `context.proc.via != ${via}`,
    'context.proc.via == ""',
    'context.proc.via like "mcp:?*"',
    `[${via}, ""].contains(context.proc.via)`,
    `(if context.proc.via == ${via} then ${other} else context.proc has via)`,
    `(context.proc has sha256 && context.proc.sha256 == ${hash})`,
    `!(context.proc has sha256 && [${hash}, "x"].contains(context.proc.sha256))`,
    `context.proc.sha256 == ${hash}`,
    'context has proc.sha256',
    'context has sha256',
    `(context has sha256 && context.sha256 == ${hash})`,
    '(context has sha256 && context.proc has sha256 && context.sha256 == context.proc.sha256)',
    `(if context has sha256 then context.sha256 like "ab*" else ${other})`,
  ]);
}
