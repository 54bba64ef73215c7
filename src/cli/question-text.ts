// An open question in, the words a person decides by out; all of it may be the agent's choice, so all of it is made printable.

import type { Question } from '../schema/approval.ts';
import { resourceName } from '../schema/resource-name.ts';
import { printable } from './terminal.ts';

const NAME_MAX = 300;

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function nameOf({ resource, particulars }: Question): string {
  const name = resourceName(resource);
  const { port } = particulars;
  return port === undefined ? name : `${name}:${String(port)}`;
}

/** What is done with the resource, beside the action itself: command line, method and path. */
function about({ particulars }: Question): string {
  const { port: _port, sha256: _sha256, protocol: _protocol, ...facts } = particulars;
  return Object.values(facts)
    .map((fact) => (Array.isArray(fact) ? `[${fact.join(' ')}]` : String(fact)))
    .join(' ');
}

/** `FileOpenReadOnly, FileWrite /etc/hosts`. */
export function whatText(question: Question): string {
  const parts = [question.actions.join(', '), cut(nameOf(question), NAME_MAX), about(question)];
  return printable(parts.filter((part) => part !== '').join(' '));
}

/** `cat (pid 12)`, `node via mcp:files (pid 12)`. */
export function whoText({ who }: Question): string {
  if (who === undefined) return 'the agent';
  const via = who.via === undefined ? '' : ` via ${who.via}`;
  return printable(`${who.exe === '' ? 'an unknown program' : who.exe}${via} (pid ${who.pid})`);
}

/** `1m 05s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}

/** Some lines, the first of which begins with the id. */
export function questionLines(question: Question, session: string, now: number): readonly string[] {
  const { id, text, policies, who, opened, expires, waiting } = question;
  const calls = waiting === 1 ? '1 call waits' : `${waiting} calls wait`;
  const argv = who?.argv === undefined ? [] : [`  command  ${printable(who.argv.join(' '))}`];
  return [
    `${id}  ${printable(text)}`,
    `  what     ${whatText(question)}`,
    `  who      ${whoText(question)}`,
    ...argv,
    `  policy   ${printable(policies.join(', '))}`,
    `  session  ${session}, asked ${duration(now - opened)} ago, refused in ${duration(expires - now)}; ${calls}`,
  ];
}
