// The text of a login file enters; the same with placeholders for its credentials, and the credentials, leave, or why it is not understood.
import { makePlaceholder } from '../../proxy/secrets/placeholder.ts';
import type { Renewed } from '../../proxy/secrets/renewal.ts';
import { valueObjection } from '../../proxy/secrets/secret-value.ts';
import { type Login, TOKEN_NAMES, type TokenName, type Way } from '../../sandbox/agents/agent.ts';

type Table = Record<string, unknown>;

export interface Credential {
  readonly value: string;
  readonly placeholder: string;
}

export interface ReadLogin {
  /** JSON for the agent. */
  readonly copy: string;
  readonly tokens: Readonly<Partial<Record<TokenName, Credential>>>;
  /** By the variable whose hosts they go to. */
  readonly keys: Readonly<Record<string, Credential>>;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): Table | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function at(table: Table, way: Way): unknown {
  let value: unknown = table;
  for (const name of way) value = isTable(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** Sets a member, with the tables on the way to it. Names come from Leash's own data. */
function put(table: Table, way: Way, value: unknown): void {
  const [name = '', ...rest] = way;
  if (rest.length === 0) table[name] = value;
  else {
    const inner = Object.hasOwn(table, name) ? table[name] : undefined;
    const next = isTable(inner) ? inner : {};
    table[name] = next;
    put(next, rest, value);
  }
}

/** Ways to every member that is no table itself, as far as the data can name one. */
function waysOf(table: Table, before: Way = []): readonly Way[] {
  return Object.entries(table).flatMap(([name, value]): readonly Way[] => {
    const way = [...before, name];
    return isTable(value) && way.length < 2 ? waysOf(value, way) : [way];
  });
}

const isBegin = (way: Way, of: Way): boolean => way.every((name, index) => of[index] === name);

/** The first member that the data does not speak of. */
function strange(table: Table, login: Login): string | undefined {
  const { leftOut, shown, tokens, keys = {} } = login;
  if (leftOut === 'all') return undefined;
  const known = [...shown, ...leftOut, ...Object.values(tokens), ...Object.values(keys)];
  // The name of a member is the file's: an unexpected one may itself be a credential.
  const way = waysOf(table).find((each) => !known.some((other) => isBegin(other, each)));
  return way && (/^[\w-]{1,32}$/.test(way.at(-1) ?? '') ? way.join('.') : 'with an unusual name');
}

function isPlain(value: unknown): boolean {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Undefined: there is no credential in it. */
export function readLogin(text: string, login: Login): ReadLogin | { readonly problem: string } | undefined {
  const table = parsed(text);
  if (table === undefined) return { problem: 'it is no JSON object' };
  const unknown = strange(table, login);
  if (unknown !== undefined) return { problem: `Leash does not know its member ${unknown}` };
  const copy: Table = {};
  for (const way of login.shown) {
    const value = at(table, way);
    if (value === undefined) continue;
    if (!isPlain(value)) return { problem: `its member ${way.join('.')} is not what Leash expects` };
    put(copy, way, value);
  }
  const credentials = new Map<string, Credential>();
  const wanted: readonly (readonly [string, Way])[] = [
    ...Object.entries(login.tokens),
    ...Object.entries(login.keys ?? {}),
  ];
  for (const [name, way] of wanted) {
    const value = at(table, way);
    if (value === undefined || value === null || value === '') continue;
    const objection = typeof value === 'string' ? valueObjection(value) : 'it is no text';
    if (typeof value !== 'string' || objection !== undefined)
      return { problem: `its member ${way.join('.')} cannot be used: ${objection}` };
    const credential = { value, placeholder: makePlaceholder(value) };
    credentials.set(name, credential);
    put(copy, way, credential.placeholder);
  }
  if (credentials.size === 0) return undefined;
  const shown = JSON.stringify(copy);
  if ([...credentials.values()].some(({ value }) => shown.includes(JSON.stringify(value).slice(1, -1))))
    return { problem: 'a credential stands in a second place of it' };
  const part = (names: readonly string[]): Record<string, Credential> =>
    Object.fromEntries([...credentials].filter(([name]) => names.includes(name)));
  return {
    copy: `${JSON.stringify(copy, undefined, 2)}\n`,
    tokens: part(TOKEN_NAMES),
    keys: part(Object.keys(login.keys ?? {})),
  };
}

/** The text of the file after a renewal; undefined when it is not understood any more. @param now milliseconds since 1970 */
export function renewedText(text: string, login: Login, renewed: Renewed, now: number): string | undefined {
  const table = parsed(text);
  if (table === undefined) return undefined;
  for (const name of TOKEN_NAMES) {
    const way = login.tokens[name];
    const value = renewed[name];
    if (way !== undefined && value !== undefined) put(table, way, value);
  }
  const { way, as } = login.expiry;
  if (as === 'renewed') put(table, way, new Date(now).toISOString());
  else if (renewed.expires_in !== undefined) put(table, way, Math.round(now + renewed.expires_in * 1000));
  return `${JSON.stringify(table, undefined, 2)}\n`;
}
