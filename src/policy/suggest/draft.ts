// Parts of a statement and what speaks for it in; its Cedar text, with a name and an evidence that are the same each time, out.

import { createHash } from 'node:crypto';
import type { SuggestedStatement } from '../../schema/learning.ts';
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import { cedarString } from '../text/literal.ts';
import type { Seen } from './evidence.ts';

export interface Draft {
  /** `files`, `folders`, `programs`, `hosts` …: the first part of its id. */
  readonly subject: string;
  readonly actions: readonly Action[];
  /** `resource`, `resource is File`, `resource in Host::"…"`. */
  readonly scope: string;
  readonly when?: string;
  /** The MCP server that it is for; absent: for every program. */
  readonly via?: string;
  /** Each a condition of its own; what one of them holds for is not permitted. */
  readonly unless?: readonly string[];
  readonly seen: readonly Seen[];
  /** What it permits beyond what was seen, in words; absent when that is nothing but other programs and arguments. */
  readonly widening?: string;
}

const CHANGES: readonly Action[] = FILE_ACTIONS.filter((action) => action !== 'FileOpenReadOnly');
const CONNECTS: readonly Action[] = ['NetConnect', 'HttpRequest'];

function actionScope(actions: readonly Action[]): string {
  const holds = (group: readonly Action[]): boolean =>
    group.length === actions.length && group.every((action) => actions.includes(action));
  if (holds(CHANGES)) return 'action in Action::"FileOpenReadWrite"';
  if (holds(FILE_ACTIONS)) return 'action in Action::"FileOpen"';
  if (holds(CONNECTS)) return 'action in Action::"NetworkConnect"';
  const [only, ...others] = actions.map((action) => `Action::${cedarString(action)}`);
  return others.length === 0 ? `action == ${only}` : `action in [${[only, ...others].join(', ')}]`;
}

/** Who else could call itself so: everybody but the servers that the user declared has the name from what the agent can write. */
function widenedBy(via: string): string | undefined {
  if (via.startsWith('mcp:?')) return 'whatever is started under this name';
  return via.startsWith('mcp:./') ? 'whatever the workspace declares under this name' : undefined;
}

function bodyOf({ actions, scope, when, via, unless = [] }: Draft): string {
  const conditions = [
    ...(when === undefined ? [] : [`when { ${when} }`]),
    ...(via === undefined ? [] : [`when { context.proc.via == ${cedarString(via)} }`]),
    ...(unless.length === 0 ? [] : [`unless { ${unless.join(' || ')} }`]),
  ];
  return `${[`permit(principal, ${actionScope(actions)}, ${scope})`, ...conditions].join('\n')};`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function nameOf({ request }: Seen): string {
  return request.resource.type === 'path' ? request.resource.path : request.resource.name;
}

const EXAMPLES = 3;

/** Numbers and fixed words only: names are the agent's, and stand nowhere but in literals. */
export function statementOf(draft: Draft): SuggestedStatement {
  const body = bodyOf(draft);
  const events = draft.seen.reduce((sum, seen) => sum + seen.events, 0);
  const sessions = new Set(draft.seen.flatMap((seen) => [...seen.sessions])).size;
  const all = [...new Set(draft.seen.map(nameOf))].sort();
  const names = all.length;
  const id = `learned-${draft.subject}-${createHash('sha256').update(body).digest('hex').slice(0, 8)}`;
  const evidence = `${counted(names, 'name')}, ${counted(events, 'event')}, ${counted(sessions, 'session')}`;
  const widenings = [draft.widening, widenedBy(draft.via ?? '')].filter((each) => each !== undefined);
  const widening = widenings.length === 0 ? undefined : widenings.join(', ');
  const reason = widening === undefined ? evidence : `widened to ${widening}: ${evidence}`;
  return {
    id,
    text: `@id(${cedarString(id)}) @reason(${cedarString(reason)})\n${body}`,
    actions: draft.actions,
    events,
    sessions,
    names,
    examples: all.slice(0, EXAMPLES),
    ...(widening !== undefined && { widening }),
  };
}

/** Elements of one set: the table compiler takes a set element by element, and a reader has an end of patience. */
const SET_MAX = 200;

export function chunks<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / SET_MAX) }, (_, index) =>
    all.slice(index * SET_MAX, (index + 1) * SET_MAX),
  );
}
