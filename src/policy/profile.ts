// Names of profiles and a policy text of one's own in, one policy text out: the union of their statements, read from the package.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from '../host/paths.ts';
import type { Section, Source } from './text/diagnostic.ts';

/** Stands for the statements of the agent's own profile without what that extends: where its model is. */
const MODEL = 'model';

interface Composition {
  /** Profiles whose statements come along. */
  readonly extends?: readonly string[];
  /** Joins a profile that can stand alone; without one in the list, the default of the command. */
  readonly isAddition?: true;
}

const AGENT: Composition = { extends: ['base', 'sources'] };
const ADDITION: Composition = { isAddition: true };

/** One entry a file of policies/. It stands here and not in the files: to Cedar, and so to every reader, a comment means nothing. */
const PROFILES: Readonly<Record<string, Composition>> = {
  base: {},
  coder: { extends: ['base', 'sources'] },
  strict: { extends: ['base', MODEL] },
  claude: AGENT,
  codex: AGENT,
  gemini: AGENT,
  qwen: AGENT,
  opencode: AGENT,
  sources: ADDITION,
  node: ADDITION,
  python: ADDITION,
  readonly: ADDITION,
  'no-network': ADDITION,
  'no-secrets': ADDITION,
  mcp: ADDITION,
  'no-mcp': ADDITION,
};

/** Rules a command that no agent's profile is made for. */
export const DEFAULT_PROFILE = 'coder';

export interface Profile {
  readonly name: string;
  /** The first sentence of its file. */
  readonly summary: string;
  /** Other profiles whose statements it holds as well. `model` stands for the hosts of the agent's own model. */
  readonly extends: readonly string[];
  /** Stands in a list beside others; alone, it joins the default profile. */
  readonly isAddition: boolean;
}

export function profileNames(): readonly string[] {
  return Object.keys(PROFILES);
}

export function isProfile(name: string): boolean {
  return Object.hasOwn(PROFILES, name);
}

/** The profile of a command by its name: the agent's own, else `coder`. No name widens: an agent's profile permits less than `coder`. */
export function defaultProfileName(agent: string = DEFAULT_PROFILE): string {
  return PROFILES[agent] === AGENT ? agent : DEFAULT_PROFILE;
}

function readText(name: string): string {
  return readFileSync(path.join(PACKAGE_ROOT, 'policies', `${name}.cedar`), 'utf8');
}

export function listProfiles(): readonly Profile[] {
  return Object.entries(PROFILES).map(([name, { extends: parents = [], isAddition = false }]) => {
    const [line = ''] = readText(name).split('\n', 1);
    return { name, summary: line.replace(`// ${name}: `, ''), extends: parents, isAddition };
  });
}

/** Adds the files behind a name, what it extends first; each once. */
function collect(name: string, agent: string | undefined, files: Set<string>): void {
  if (name === MODEL) {
    files.add(defaultProfileName(agent));
    return;
  }
  for (const parent of PROFILES[name]?.extends ?? []) collect(parent, agent, files);
  files.add(name);
}

/** Texts one after another; a diagnostic still names the text it is about, and the line in it. */
function join(name: string, parts: readonly Source[]): Source {
  let text = '';
  const sections: Section[] = [];
  for (const part of parts) {
    sections.push({ name: part.name, start: text.length });
    // A comment that ends one text must not swallow the next. A statement that is not finished in its own is a fault.
    text += `${part.text}\n`;
  }
  return { name, text, sections };
}

/** The profiles that a list without a file puts in force: those it names, and the default where it names only additions. */
export function profilesInForce(names: readonly string[], agent?: string): readonly string[] {
  const standsAlone = names.some((name) => PROFILES[name]?.isAddition !== true);
  return standsAlone ? names : [defaultProfileName(agent), ...names];
}

/** Names of all files whose statements are in force, with what the chosen profiles extend: the parents `Profile::"…"` of the agent. */
export function profileFiles(names: readonly string[], agent: string | undefined, hasOwn: boolean): readonly string[] {
  const files = new Set<string>();
  for (const name of hasOwn ? names : profilesInForce(names, agent)) collect(name, agent, files);
  return [...files];
}

/**
 * The union of profiles, of a person's own text if there is one, and of the default profile where only additions are named.
 * Forbids of any outweigh permits of all. `names` are profiles; `agent` is the command's base name.
 * The result is called as one would write it after `--policy`, so its name has no directory of one machine but the person's own.
 */
export function composeProfiles(names: readonly string[], agent?: string, own?: Source): Source {
  if (own !== undefined && names.length === 0) return own;
  const hasOwn = own !== undefined;
  const files = profileFiles(names, agent, hasOwn);
  const parts = files.map((file) => ({ name: `${file}.cedar`, text: readText(file) }));
  const label = [...(hasOwn ? [own.name] : []), ...(hasOwn ? names : profilesInForce(names, agent))].join();
  return join(label, hasOwn ? [own, ...parts] : parts);
}

/** What rules a command when a person names no policy. */
export function defaultProfile(agent?: string): Source {
  return composeProfiles([], agent);
}
