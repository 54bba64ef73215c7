// Commands as data in, help text for a terminal out.
import { type Command, HELP_OPTION, type Option } from './command.ts';

const WIDTH = 100;
const LONGEST_TERM = 34;

/** Breaks text at spaces into lines of at most `width` characters. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `-C, --workspace DIR`. */
export function optionTerm(option: Option): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${option.name}${option.kind === 'value' ? ` ${option.value}` : ''}`;
}

/** What an option does, its choices, its default, whether it may be repeated, and the variables that set it. */
export function optionText(option: Option): string {
  const { variables = [] } = option;
  const named = variables.length === 0 ? '' : ` Variable: ${variables.join(', ')}.`;
  if (option.kind === 'flag') return `${option.summary}.${named}`;
  const choices = option.choices === undefined ? '' : ` One of: ${option.choices.join(', ')}.`;
  const fallback = option.fallback === undefined ? '' : ` Default: ${option.fallback}.`;
  return `${option.summary}.${choices}${fallback}${option.repeatable === true ? ' May be repeated.' : ''}${named}`;
}

/** Two columns: terms, and their wrapped explanations. */
function definitions(entries: readonly (readonly [term: string, text: string])[]): readonly string[] {
  const column = Math.min(LONGEST_TERM, Math.max(...entries.map(([term]) => term.length)));
  const indent = ' '.repeat(column + 4);
  return entries.flatMap(([term, text]) => {
    const lines = wrap(text, WIDTH - indent.length).map((line) => `${indent}${line}`);
    const isOwnLine = term.length > column;
    if (isOwnLine) return [`  ${term}`, ...lines];
    const [first = '', ...others] = lines;
    return [`  ${term.padEnd(column)}  ${first.slice(indent.length)}`, ...others];
  });
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

function optionSection(options: readonly Option[]): readonly string[] {
  return section(
    'Options',
    definitions([...options, HELP_OPTION].map((option) => [optionTerm(option), optionText(option)])),
  );
}

function exampleSection(command: Command): readonly string[] {
  return section(
    'Examples',
    command.examples.flatMap(({ command: line, effect }) => [`  ${line}`, `      ${effect}`]),
  );
}

function commandSection(title: string, commands: readonly Command[]): readonly string[] {
  return commands.length === 0
    ? []
    : section(title, definitions(commands.map(({ name, summary }) => [name, `${summary}.`])));
}

/** Help for one command; `commands` are those it holds. */
export function commandHelp(command: Command, commands: readonly Command[] = []): string {
  const positionals = command.positionals.map(({ name, summary }) => [`<${name}>`, `${summary}.`] as const);
  return [
    `${command.summary}.`,
    ...section(
      'Usage',
      command.usage.map((line) => `  ${line}`),
    ),
    ...command.description.flatMap((paragraph) => ['', ...wrap(paragraph, WIDTH)]),
    ...commandSection('Commands', commands),
    ...section('Arguments', positionals.length === 0 ? [] : definitions(positionals)),
    ...optionSection(command.options),
    ...exampleSection(command),
    ...section('Exit status', definitions(command.exitCodes.map(({ status, meaning }) => [status, `${meaning}.`]))),
  ].join('\n');
}

/** Help for `leash` itself: its commands, and the options of the first, which is the default. */
export function overview(commands: readonly Command[]): string {
  const [run, ...others] = commands;
  if (run === undefined) return '';
  return [
    `leash: ${run.summary.toLowerCase()}.`,
    ...section(
      'Usage',
      [...run.usage.slice(0, 1), 'leash <leash command> [options]'].map((line) => `  ${line}`),
    ),
    ...commandSection('Leash commands', others),
    ...optionSection(run.options),
    ...exampleSection(run),
    '',
    '`leash help <leash command>` says more. A command of the agent that has the name of one of Leash is run by `leash -- <command>`.',
  ].join('\n');
}
