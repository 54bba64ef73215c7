// Words of a command line and a command's options in, its invocation out. No I/O.
import { parseArgs } from 'node:util';
import { LeashError } from '../host/errors.ts';
import { type Command, HELP_OPTION, type Invocation, type Option } from './command.ts';
import { nearest } from './suggest.ts';

type Token = NonNullable<ReturnType<typeof tokenize>>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

function usage(message: string): LeashError {
  return new LeashError('LEASH_USAGE', message);
}

function tokenize(options: readonly Option[], args: readonly string[]) {
  const config = Object.fromEntries(
    options.map(({ name, kind, short }) => {
      const type = kind === 'flag' ? ('boolean' as const) : ('string' as const);
      return [name, short === undefined ? { type, multiple: true } : { type, multiple: true, short }];
    }),
  );
  // Not strict: parseArgs would also judge the agent's own options.
  return parseArgs({ args: [...args], options: config, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function unknownOption(token: OptionToken, options: readonly Option[]): LeashError {
  const meant = token.rawName.startsWith('--')
    ? nearest(
        token.name,
        options.map((option) => option.name),
      )
    : undefined;
  return usage(`unknown option ${token.rawName}${meant === undefined ? '' : `; did you mean --${meant}?`}`);
}

/** `-e=A=b` is `-e A=b`: no value of a short option begins with an equals sign. */
function writtenValue({ value, inlineValue, rawName }: OptionToken): string | undefined {
  const isShort = inlineValue === true && !rawName.startsWith('--');
  return isShort && value?.startsWith('=') === true ? value.slice(1) : value;
}

/** The value of an option that needs one. */
function requireValue(token: OptionToken, option: Extract<Option, { kind: 'value' }>): string {
  const { inlineValue, rawName } = token;
  const value = writtenValue(token);
  if (value === undefined) throw usage(`${rawName} needs a value: ${rawName} ${option.value}`);
  // `--policy -- claude` must not take `--` for a file.
  if (!inlineValue && value.startsWith('-') && value !== '-') {
    const way = value === '--' ? '' : `; if it begins with a dash, write --${option.name}=${value}`;
    throw usage(`${rawName} needs a value: ${rawName} ${option.value}${way}`);
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    const meant = nearest(value, option.choices);
    const choices = `it is one of ${option.choices.join(', ')}`;
    throw usage(
      `${rawName} ${JSON.stringify(value)} is unknown; ${meant === undefined ? choices : `did you mean ${meant}?`}`,
    );
  }
  return value;
}

/** Where the command's own words begin: at the first word, or after `--`. */
function restIndex(
  tokens: readonly Token[],
  args: readonly string[],
): { readonly options: number; readonly words: number } {
  for (const token of tokens) {
    if (token.kind === 'positional') return { options: token.index, words: token.index };
    if (token.kind === 'option-terminator') return { options: token.index, words: token.index + 1 };
  }
  return { options: args.length, words: args.length };
}

function checkWords(command: Command, words: readonly string[]): void {
  const { positionals } = command;
  const surplus = words[positionals.length];
  const last = positionals.at(-1);
  if (surplus !== undefined && last?.rest !== true && last?.repeatable !== true)
    throw usage(`unexpected word ${JSON.stringify(surplus)}`);
}

/**
 * Sorts `args` (without the command's name) by the command's options. Options may stand anywhere, except that a command
 * with a `rest` positional ends them at its first word or `--`.
 * Throws LEASH_USAGE: unknown option, missing or surplus value, option given twice, surplus word.
 */
export function parse(command: Command, args: readonly string[]): Invocation {
  const options = [...command.options, HELP_OPTION];
  const tokens = tokenize(options, args);
  const takesRest = command.positionals.at(-1)?.rest === true;
  const rest = restIndex(tokens, args);
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (takesRest && token.index >= rest.options) break;
    if (token.kind !== 'option') continue;
    const option = options.find(({ name }) => name === token.name);
    if (option === undefined) throw unknownOption(token, options);
    if (option.kind === 'flag') {
      if (token.value !== undefined) throw usage(`${token.rawName} takes no value`);
      flags.add(option.name);
      continue;
    }
    const value = requireValue(token, option);
    const earlier = values.get(option.name);
    if (earlier !== undefined && option.repeatable !== true) throw usage(`${token.rawName} is given twice`);
    values.set(option.name, [...(earlier ?? []), value]);
  }
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const words = takesRest ? args.slice(rest.words) : positionals;
  if (!flags.has(HELP_OPTION.name)) checkWords(command, words);
  return { flags, values, words };
}
