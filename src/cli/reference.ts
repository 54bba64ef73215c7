// Commands and errors as data in, the pages of the reference in Markdown out.
import type { Route } from '../api/hub/route.ts';
import { ERRORS } from '../host/errors.ts';
import { type Command, HELP_OPTION } from './command.ts';
import { optionTerm, optionText } from './help-text.ts';

const NOTICE = '<!-- Generated from the source by `npm run docs`; do not edit. -->';

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return ['', line(headings), line(headings.map(() => '---')), ...rows.map(line)];
}

function code(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', '```sh', ...lines, '```'];
}

function commandSection(command: Command): readonly string[] {
  const options = [...command.options, HELP_OPTION];
  return [
    '',
    `## leash ${command.name}`,
    '',
    `${command.summary}.`,
    ...code(command.usage),
    ...command.description.flatMap((paragraph) => ['', paragraph]),
    ...table(
      ['Option', 'Meaning'],
      options.map((option) => [`\`${optionTerm(option).trim()}\``, cell(optionText(option))]),
    ),
    ...code(command.examples.flatMap(({ command: line, effect }) => [`# ${effect}`, line])),
    ...table(
      ['Exit status', 'Meaning'],
      command.exitCodes.map(({ status, meaning }) => [status, cell(`${meaning}.`)]),
    ),
  ];
}

/** `docs/reference/cli.md`. */
export function cliReference(commands: readonly Command[]): string {
  return [
    NOTICE,
    '',
    '# Command line',
    '',
    'Standard output carries data, standard error what Leash says to you. Colours are used on a terminal unless `NO_COLOR` is set.',
    ...commands.flatMap(commandSection),
    '',
  ].join('\n');
}

/** `docs/reference/errors.md`. */
export function errorReference(): string {
  const rows = Object.entries(ERRORS).map(([name, { exit, hint }]) => [`\`${name}\``, String(exit), cell(hint)]);
  return [
    NOTICE,
    '',
    '# Errors',
    '',
    'An error is printed on standard error as `leash: CODE: message`, lines of detail, and a hint. Codes are never reused. LEASH_USAGE ends with 2 when a command other than `run` is misused.',
    ...table(['Code', 'Exit status', 'What to do'], rows),
    '',
  ].join('\n');
}

const ACCESS: Readonly<Record<Route['access'], string>> = {
  open: 'anybody',
  session: 'the session’s, or the user’s',
  user: 'the user’s',
};

/** Paths of the control API. */
export function apiReference(routes: readonly Route[]): string {
  const rows = routes.map(({ method, path, summary, access }) => [
    `\`${method} ${path}\``,
    cell(`${summary}.`),
    ACCESS[access],
  ]);
  const opening =
    'What each takes and answers is in [openapi.json](openapi.json), which the API serves as well. [docs/api.md](../api.md) says how to use it.';
  return [NOTICE, '', '# Paths of the control API', '', opening, ...table(['Path', 'What', 'Token'], rows), ''].join(
    '\n',
  );
}
