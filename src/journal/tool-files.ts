// The definitions of MCP tools that a session saw, to and from a file beside its segments: one JSON object a line.
import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';

const NAME = 'mcp-tools.jsonl';
/** UTF-16 units of one definition; a longer one is not kept. */
const MAX_DEFINITION = 262_144;
/** Bytes of all. */
const MAX_TOTAL = 16 << 20;

export interface SeenTool {
  /** What policies call the server. */
  readonly server: string;
  /** As the server sent it, without credentials. */
  readonly tool: { readonly name: string; readonly [key: string]: unknown };
}

/** Appends to the file of one session. */
export class ToolFile {
  readonly #file: string;
  #left: number = MAX_TOTAL;

  /** @param dir the session's own folder */
  constructor(dir: string) {
    this.#file = path.join(dir, NAME);
  }

  /**
   * What finds no room is not kept.
   * @param definition JSON of the tool
   * @throws the system's error (ENOSPC …)
   */
  add(server: string, definition: string): void {
    if (definition.length > MAX_DEFINITION) return;
    // White space to JSON.
    const tool = definition.replaceAll(/[\r\n]/g, ' ');
    const line = Buffer.from(`{"server":${JSON.stringify(server)},"tool":${tool}}\n`);
    if (line.length > this.#left) return;
    this.#left -= line.length;
    const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
    const descriptor = openSync(this.#file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
    try {
      writeSync(descriptor, line);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** Undefined: none was seen. */
function content(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > MAX_TOTAL) throw new TypeError('not a file of Leash');
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** What a kill cut off is no line. */
function seenTool(line: string): SeenTool | undefined {
  try {
    const { server, tool } = JSON.parse(line) as Partial<SeenTool>;
    const { name } = tool ?? {};
    return typeof server === 'string' && typeof name === 'string' ? { server, tool: { ...tool, name } } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The tools that the session in `dir` saw, each of a server as it was offered last, in the order of their names. The file is no part of the
 * chain: nothing is decided by it.
 *
 * @throws {LeashError} LEASH_JOURNAL_CORRUPT
 */
export function readTools(dir: string): readonly SeenTool[] {
  const file = path.join(dir, NAME);
  let text: string | undefined;
  try {
    text = content(file);
  } catch (cause) {
    throw new LeashError('LEASH_JOURNAL_CORRUPT', `the definitions of MCP tools cannot be read from ${file}`, {
      cause,
    });
  }
  const seen = (text ?? '').split('\n').flatMap((line) => seenTool(line) ?? []);
  const last = new Map(seen.map((entry) => [JSON.stringify([entry.server, entry.tool.name]), entry]));
  return [...last].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}
