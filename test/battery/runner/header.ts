// The source text of an attack in, what its first comment says of it, checked, out.
import path from 'node:path';

/** What starts a file of each kind; a C program starts itself. */
const INTERPRETERS = { c: [], sh: ['sh'], mjs: [process.execPath], py: ['python3'] } as const;
export type Language = keyof typeof INTERPRETERS;

/**
 * Where the attack must succeed, or it proves nothing: in a session that forbids nothing, or without Leash in a folder of its own.
 * `none` needs a reason: what cannot be done anywhere on this machine, or would harm it.
 */
export type Control = { readonly kind: 'permissive' | 'outside' } | { readonly kind: 'none'; readonly reason: string };

/** What stands beside the sandbox while the attack runs; bystanders.ts has them. */
const BYSTANDERS = ['listener', 'socket', 'victim', 'power', 'neighbour', 'origins', 'services'] as const;
export type Bystander = (typeof BYSTANDERS)[number];

export interface Attack {
  /** Folder below test/battery/attacks: `files`. */
  readonly area: string;
  /** File name without its ending. */
  readonly name: string;
  /** Absolute path of the source. */
  readonly file: string;
  readonly language: Language;
  readonly technique: string;
  readonly source: string;
  readonly success: string;
  /** Name of a file in test/battery/policies, without `.cedar`. */
  readonly policy: string;
  readonly control: Control;
  /** `root`, `i386` (a kernel that answers 32-bit calls), or a program that must be on PATH. */
  readonly needs: readonly string[];
  readonly beside: readonly Bystander[];
  /** How long the attack runs, if it is one that tries again and again. */
  readonly seconds: number | undefined;
  /** An action of which the journal must hold a denial. */
  readonly event: string | undefined;
  /** The attack is known to succeed until what is named here is there. */
  readonly expectedAfter: string | undefined;
}

const REQUIRED = ['technique', 'source', 'success', 'control'];
const KNOWN = new Set([...REQUIRED, 'policy', 'needs', 'beside', 'races', 'event', 'expected-after']);

/** The lines of the first comment, without its marks. */
function commentLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines[0]?.startsWith('#!')) lines.shift();
  const isBlock = lines[0]?.startsWith('/*') ?? false;
  const end = lines.findIndex((line) => (isBlock ? line.includes('*/') : !/^(\/\/|#)/.test(line)));
  return lines
    .slice(0, isBlock ? end + 1 : end)
    .map((line) => line.replace(/^\s*(\/\*|\*\/|\*|\/\/|#) ?/, '').replace(/\s*\*\/\s*$/, ''));
}

function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let current: string | undefined;
  for (const line of commentLines(text)) {
    const [, name, value] = /^([a-z-]+): (.*)$/.exec(line) ?? [];
    if (name !== undefined && KNOWN.has(name)) {
      if (fields.has(name)) throw new Error(`the field ${name} comes twice`);
      fields.set(name, value?.trim() ?? '');
      current = name;
    } else if (name !== undefined) {
      throw new Error(`there is no field ${name}; fields are ${[...KNOWN].join(', ')}`);
    } else if (current !== undefined) {
      fields.set(current, `${fields.get(current)} ${line.trim()}`.trim());
    }
  }
  return fields;
}

function controlOf(text: string): Control {
  if (text === 'permissive' || text === 'outside') return { kind: text };
  const reason = /^none: (.+)$/.exec(text)?.[1];
  if (reason === undefined) throw new Error(`control is permissive, outside, or none: REASON; not ${text}`);
  return { kind: 'none', reason };
}

const words = (text: string | undefined): string[] => (text ?? '').split(/[\s,]+/).filter((word) => word !== '');

/**
 * @param file absolute path, `…/AREA/NAME.ENDING`
 * @param text its content
 * @throws Error that names the file and the field that is missing or wrong
 */
export function parseAttack(file: string, text: string): Attack {
  try {
    const { name, ext, dir } = path.parse(file);
    const language = ext.slice(1);
    if (!(language in INTERPRETERS)) throw new Error(`attacks are files of ${Object.keys(INTERPRETERS).join(', ')}`);
    const fields = fieldsOf(text);
    for (const required of REQUIRED) if (!fields.get(required)) throw new Error(`the field ${required} is missing`);
    const races = fields.get('races');
    if (races !== undefined && !/^[1-9]\d*$/.test(races)) throw new Error('races is a number of seconds');
    const beside = words(fields.get('beside'));
    const isBystander = (word: string): word is Bystander => (BYSTANDERS as readonly string[]).includes(word);
    if (!beside.every(isBystander)) throw new Error(`beside names ${BYSTANDERS.join(', ')}`);
    return {
      area: path.basename(dir),
      name,
      file,
      language: language as Language,
      technique: fields.get('technique') ?? '',
      source: fields.get('source') ?? '',
      success: fields.get('success') ?? '',
      policy: fields.get('policy') ?? 'vault',
      control: controlOf(fields.get('control') ?? ''),
      needs: words(fields.get('needs')),
      beside,
      seconds: races === undefined ? undefined : Number(races),
      event: fields.get('event'),
      expectedAfter: fields.get('expected-after'),
    };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** The words that start the attack once its program, or its source, lies in the working directory. */
export function commandOf(attack: Attack): string[] {
  const [interpreter] = INTERPRETERS[attack.language];
  return interpreter === undefined ? [`./${placedName(attack)}`] : [interpreter, placedName(attack)];
}

/** The attack's file name in the workspace. */
export function placedName(attack: Attack): string {
  return attack.language === 'c' ? 'attack' : `attack.${attack.language}`;
}
