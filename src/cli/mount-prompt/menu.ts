// What a person typed in, what is marked or chosen in a menu of four out. No I/O.

/** How long an answer holds. */
export const CHOICES = ['always', 'project', 'once', 'never'] as const;
export type Choice = (typeof CHOICES)[number];

/** `later`: nothing is mounted and nothing remembered. `interrupt`: Ctrl-C. */
export type Outcome = Choice | 'later' | 'interrupt';

export interface Menu {
  /** Index of the marked choice. */
  readonly marked: number;
  /** Bytes of a key that has not come whole. */
  readonly rest: string;
  readonly outcome?: Outcome;
}

/** What holds for this run alone is marked first. */
export const FIRST: Menu = { marked: CHOICES.indexOf('once'), rest: '' };

const ESCAPE = '\u001b';
const CUT = /^\u001b(?:O|\[[0-?]*)?$/;
const UP = ['k', `${ESCAPE}[A`, `${ESCAPE}OA`];
const DOWN = ['j', '\t', `${ESCAPE}[B`, `${ESCAPE}OB`];
const OUTCOMES: ReadonlyMap<string, Outcome> = new Map(
  Object.entries({
    1: 'always',
    2: 'project',
    3: 'once',
    4: 'never',
    y: 'once',
    n: 'never',
    yes: 'once',
    no: 'never',
    q: 'later',
    '\u0003': 'interrupt',
    '\u0004': 'later',
  } as const),
);

/** Keys as a terminal sends them: one character, or an escape sequence as a whole. Source: ECMA-48, section 5.4. */
function keysIn(text: string): readonly string[] {
  return text.match(/\u001b\[[0-?]*[ -/]*[@-~]|\u001bO.|\u001b(?:O|\[[0-?]*)$|\u001b|[^\u001b]/gsu) ?? [];
}

function press(menu: Menu, key: string): Menu {
  const step = UP.includes(key) ? -1 : DOWN.includes(key) ? 1 : 0;
  if (step !== 0) return { ...menu, marked: (menu.marked + step + CHOICES.length) % CHOICES.length };
  const chosen = CHOICES[menu.marked];
  const outcome = key === '\r' || key === '\n' ? chosen : OUTCOMES.get(key.toLowerCase());
  return outcome === undefined ? menu : { ...menu, outcome };
}

/** Takes what was typed; an escape sequence that is cut waits for its end. */
export function type(menu: Menu, text: string): Menu {
  let next: Menu = { ...menu, rest: '' };
  const keys = keysIn(menu.rest + text);
  for (const [index, key] of keys.entries()) {
    if (next.outcome !== undefined) return next;
    if (index === keys.length - 1 && CUT.test(key)) return { ...next, rest: key };
    next = press(next, key);
  }
  return next;
}

/** No key followed: what is left was the escape key, or nothing that is known. */
export function rest(menu: Menu): Menu {
  return menu.rest === ESCAPE ? { ...menu, rest: '', outcome: 'later' } : { ...menu, rest: '' };
}

/** A line of a terminal without keys: a key, or a word; an empty one is the marked choice. */
export function readLine(line: string): Outcome | undefined {
  const word = line.trim().toLowerCase();
  if (word === '') return CHOICES[FIRST.marked];
  return OUTCOMES.get(word) ?? CHOICES.find((choice) => choice === word);
}
