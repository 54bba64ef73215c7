// An open question in, the words that a person decides by out; what the agent chose is made printable.
import type { Question, SettledBy } from '../../../../src/schema/approval.ts';
import { resourceName } from '../../../../src/schema/resource-name.ts';
import { printable } from '../../parts/printable.ts';

export interface Fact {
  readonly name: string;
  readonly text: string;
}

function factText(value: string | number | readonly string[]): string {
  return typeof value === 'object' ? commandLine(value) : String(value);
}

/** Arguments with what holds a space or nothing in quotes, so that two do not look like one. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((word) => (/^[^\s'"]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

function programText(who: Question['who']): string {
  if (who === undefined) return 'the agent';
  return `${who.exe || 'unknown'}${who.via === undefined ? '' : ` via ${who.via}`} (pid ${who.pid})`;
}

/** What is done to what, by whom; a fact that is not known is left out. */
export function facts({ actions, resource, particulars, who, policies }: Question): readonly Fact[] {
  const { port, ...others } = particulars;
  const name = `${resourceName(resource)}${port === undefined ? '' : `:${String(port)}`}`;
  return [
    { name: 'What', text: `${actions.join(', ')} ${name}` },
    ...Object.entries(others).map(([key, value]) => ({ name: key, text: factText(value) })),
    { name: 'Program', text: programText(who) },
    ...(who?.argv ? [{ name: 'Command', text: commandLine(who.argv) }] : []),
    { name: 'Asked by', text: policies.join(', ') },
  ].map(({ name: title, text }) => ({ name: printable(title), text: printable(text) }));
}

export function waitingText(waiting: number): string {
  return waiting === 1 ? '1 call waits' : `${waiting} calls wait`;
}

/** `1:05`; nothing below zero. @param left milliseconds */
export function countdown(left: number): string {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const ENDS: Readonly<Record<SettledBy, string>> = {
  once: 'allowed once',
  session: 'allowed for the session',
  always: 'allowed always',
  denied: 'denied by a person',
  timeout: 'nobody answered in time',
  nobody: 'nobody could be asked',
  flood: 'too many questions at once',
  withdrawn: 'given up before an answer',
};

export function endText(by: SettledBy): string {
  return ENDS[by];
}
