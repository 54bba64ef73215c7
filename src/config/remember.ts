// A person's answer about the configuration of an agent in; config.toml with it out, comments, order and format as they were, or untouched.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse as parseForPatch, patch } from '@decimalturn/toml-patch';
import { parse } from 'smol-toml';
import { LeashError } from '../host/errors.ts';
import { makeFolder } from '../host/make-folder.ts';
import { isTable } from './config.ts';
import { type ConfigSurroundings, configFile, isAgents, readConfigFile, readContext } from './file.ts';
import { whileLocked } from './lock.ts';
import { readPlace, writePlace } from './place.ts';
import { type ReadContext, readConfigText } from './read-text.ts';

export interface Answer {
  readonly agent: string;
  /** `project`: the workspace alone. */
  readonly scope: 'global' | 'project';
  readonly value: boolean;
}

type Document = Record<string, unknown>;

function tableIn(document: Document, key: string): Document {
  document[key] ??= {};
  return document[key] as Document;
}

/** The key under which a project stands, as it is written there. */
function projectKey(document: Document, workspace: string, context: ReadContext): string | undefined {
  const keys = Object.keys((document['projects'] ?? {}) as Document);
  return keys.find((key) => readPlace(key, context) === workspace);
}

function answered(document: Document, { agent, scope, value }: Answer, project: string): Document {
  const table = scope === 'global' ? tableIn(document, 'volumes') : tableIn(tableIn(document, 'projects'), project);
  table[agent] = value;
  return document;
}

/** Ways to write it, the one a person would choose first. */
function* written(text: string, answer: Answer, project: string, isNew: boolean): Generator<string> {
  if (isNew) {
    const gap = text === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
    const header = answer.scope === 'global' ? '[volumes]' : `[projects.${JSON.stringify(project)}]`;
    yield `${text}${gap}${header}\n${answer.agent} = ${answer.value}\n`;
  }
  yield patch(text, answered(parseForPatch(text) as Document, answer, project));
}

/** For comparing: tables of one kind, and dates as they are written. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return { date: value.toISOString() };
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Another library reads what was written: it must be what was there, and the answer, and nothing else. */
function isRight(text: string, wanted: Document): boolean {
  try {
    return isDeepStrictEqual(plain(parse(text)), plain(wanted));
  } catch {
    return false;
  }
}

/** The next start must read the answer, and nothing that it refuses. */
function holds(text: string, { agent, scope, value }: Answer, workspace: string, context: ReadContext): boolean {
  const { global, projects } = readConfigText(text, context);
  return (scope === 'global' ? global : projects.get(workspace))?.mounts.get(agent)?.value === value;
}

/** The new text. @throws {LeashError} LEASH_CONFIG */
export function withAnswer(text: string, answer: Answer, workspace: string, context: ReadContext): string {
  readConfigText(text, context);
  const document = parse(text) as Document;
  const known = answer.scope === 'global' ? undefined : projectKey(document, workspace, context);
  const project = known ?? writePlace(workspace);
  const isNew = answer.scope === 'global' ? document['volumes'] === undefined : known === undefined;
  const wanted = answered(document, answer, project);
  try {
    for (const candidate of written(text, answer, project, isNew))
      if (isRight(candidate, wanted) && holds(candidate, answer, workspace, context)) return candidate;
  } catch {
    // A text that only one of two readers takes is left to the person who wrote it.
  }
  const where = answer.scope === 'global' ? '[volumes]' : `[projects.${JSON.stringify(project)}]`;
  throw new LeashError(
    'LEASH_CONFIG',
    `${context.file} cannot be changed without harm; write ${answer.agent} = ${answer.value} below ${where} yourself`,
  );
}

/** Beside, then renamed; a link stays a link. */
function replace(file: string, text: string): void {
  let made: string | undefined;
  try {
    makeFolder(path.dirname(file));
    const old = fs.statSync(file, { throwIfNoEntry: false });
    const real = old === undefined ? file : fs.realpathSync(file);
    const temporary = path.join(path.dirname(real), `.config.toml.${randomBytes(6).toString('hex')}`);
    const descriptor = fs.openSync(temporary, 'wx', 0o600);
    made = temporary;
    try {
      fs.writeFileSync(descriptor, text);
      if (old !== undefined) fs.fchownSync(descriptor, old.uid, old.gid);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, real);
    const folder = fs.openSync(path.dirname(real), 'r');
    try {
      fs.fsyncSync(folder);
    } finally {
      fs.closeSync(folder);
    }
  } catch (cause) {
    if (made !== undefined) fs.rmSync(made, { force: true });
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new LeashError('LEASH_CONFIG', `cannot write ${file} (${code}); it is unchanged`, { cause });
  }
}

/** Whole or not at all; what others write meanwhile is kept. @throws {LeashError} LEASH_CONFIG */
export async function rememberMount(answer: Answer, surroundings: ConfigSurroundings): Promise<void> {
  const file = configFile(surroundings.env);
  await whileLocked(file, () => {
    if (isAgents(file, surroundings))
      throw new LeashError(
        'LEASH_CONFIG',
        `${file} is not written: it lies in the workspace, where the agent could change it`,
      );
    const text = readConfigFile(surroundings) ?? '';
    replace(file, withAnswer(text, answer, surroundings.workspace, readContext(surroundings)));
  });
}
