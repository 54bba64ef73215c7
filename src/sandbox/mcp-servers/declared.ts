// An agent and where it is to run in; the MCP servers that it is told to start out, as they stand before it begins.
import type { Agent, McpForm, McpPlace } from '../agents/agent.ts';
import { MCP_JSON } from '../agents/claude.ts';
import { expand } from './expand.ts';
import { serverName } from './server-name.ts';
import { type Source, Sources, type Surroundings } from './sources.ts';
import { isTable, parse, type Table, tableAt } from './table-of.ts';

export interface DeclaredServer {
  /** As the configuration calls it, fit to be said. */
  readonly name: string;
  /**
   * `workspace`: a file that lies there has a part in it, whoever named the file. `argument`: the agent's command line, or a variable that carries
   * configuration.
   */
  readonly origin: 'settings' | 'workspace' | 'argument';
  readonly command: string;
  readonly args: readonly string[];
  /** For messages: the file, option or variable. */
  readonly file: string;
}

export interface Declarations {
  /** Of two that start the same command line the first counts. */
  readonly servers: readonly DeclaredServer[];
  /** What could not be read: what, why, what follows. */
  readonly notes: readonly string[];
  /** False: the agent may know of servers that are not among these. */
  readonly isComplete: boolean;
}

export interface Asked extends Surroundings {
  /** Undefined: the command is no agent that Leash knows by name. */
  readonly agent: Pick<Agent, 'mcpConfig'> | undefined;
}

/** Where any client may look. */
const USUAL_PLACES: readonly McpPlace[] = [
  { in: 'workspace', path: '.mcp.json', form: MCP_JSON },
  { in: 'option', names: ['--mcp-config'], holds: 'texts or files', form: MCP_JSON },
];

/** Of one place: a workspace must not crowd out what the user declared. */
const MOST_SERVERS = 256;
/** Letters that variables put into all command lines; the kernel takes 128 KiB a word. */
const MOST_EXPANDED = 4 << 20;
const UNREAD = 'MCP servers that it names are not known by their names';

/** One word of a command line, as Node makes it. */
function isWord(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** `none`: it is no program, but is reached over HTTP. */
function commandOf({ command, args }: Table): readonly [string, ...string[]] | 'none' | 'unclear' {
  const isLine = Array.isArray(command);
  const [program, ...own] = isLine ? (command as readonly unknown[]) : [command];
  const words = isLine || !Array.isArray(args) ? own : (args as readonly unknown[]);
  if (program === undefined) return 'none';
  return typeof program === 'string' && words.every(isWord) ? [program, ...words.map(String)] : 'unclear';
}

class Collection {
  readonly #servers = new Map<string, DeclaredServer>();
  readonly #said = new Map<string, { readonly entry: Table; readonly origin: DeclaredServer['origin'] }>();
  readonly #notes = new Set<string>();
  #isComplete = true;
  #room = MOST_EXPANDED;

  unread(file: string, fault: string): void {
    this.#isComplete = false;
    this.#notes.add(`${file}: ${fault}; ${UNREAD}`);
  }

  #expanded(word: string, { variables }: McpForm, env: Source['env']): string | undefined {
    const expanded = expand(word, variables, env, this.#room);
    this.#room -= Math.max(0, (expanded?.length ?? 0) - word.length);
    return expanded;
  }

  addAll(servers: Table, source: Source): void {
    const all = Object.entries(servers);
    for (const [name, said] of all.slice(0, MOST_SERVERS)) if (isTable(said)) this.#add(name, said, source);
    if (all.length > MOST_SERVERS) this.unread(source.file, `it names more than ${MOST_SERVERS} servers`);
  }

  /** What one place says of one server. */
  #add(calledName: string, said: Table, { file, origin, form, env }: Source): void {
    const before = form.isMerged ? this.#said.get(calledName) : undefined;
    const entry = { ...before?.entry, ...said };
    // A workspace that gives the user's server an environment decides what it does.
    const weakest = before?.origin === 'workspace' ? 'workspace' : origin;
    this.#said.set(calledName, { entry, origin: weakest });
    const words = commandOf(entry);
    if (words === 'none') return;
    if (words === 'unclear') {
      this.unread(file, 'the command line of a server is no list of words');
      return;
    }
    const name = serverName(calledName);
    if (name !== calledName) this.#notes.add(`${file}: the name of a server cannot be said as it is, and is changed`);
    const [command, ...args] = words.map((word) => this.#expanded(word, form, env));
    if (command === undefined || !args.every((word) => word !== undefined)) {
      this.unread(file, 'its variables make command lines that are too long');
      return;
    }
    const key = JSON.stringify([name, weakest, command, args]);
    // What was said last is found first.
    this.#servers.delete(key);
    this.#servers.set(key, { name, origin: weakest, command, args, file });
  }

  /**
   * All that may count, not only those that outweigh: whether a workspace is trusted only the agent knows. Those of the workspace are first, because it
   * could declare the user's command line once more, with an environment of its own.
   */
  declarations(): Declarations {
    const isOfWorkspace = ({ origin }: DeclaredServer): number => Number(origin === 'workspace');
    const servers = [...this.#servers.values()]
      .reverse()
      .sort((one, other) => isOfWorkspace(other) - isOfWorkspace(one));
    return { servers, notes: [...this.#notes], isComplete: this.#isComplete };
  }
}

/** The first text that is what it should be; undefined: none is. */
async function read({ texts, form }: Source, values: Map<string, unknown>): Promise<unknown> {
  for (const text of texts) {
    try {
      // One file may be several places.
      const value = values.get(text) ?? (await parse(text, form.syntax));
      values.set(text, value);
      return value;
    } catch {
      // Its message would quote the content.
    }
  }
  return undefined;
}

/**
 * Reads on the host. Nothing that is read is executed, or trusted beyond its words.
 * @param asked `env` is what the agent will have: variables in command lines are replaced by it
 */
export async function declaredServers({ agent, ...asked }: Asked): Promise<Declarations> {
  const sources = new Sources(asked);
  const collection = new Collection();
  const values = new Map<string, unknown>();
  for (const { form, ...place } of agent?.mcpConfig ?? USUAL_PLACES) {
    for (const found of sources.at({ form, ...place })) {
      const value = 'fault' in found ? undefined : await read(found, values);
      if ('fault' in found) collection.unread(found.file, found.fault);
      else if (value === undefined)
        collection.unread(found.file, `it is no ${form.syntax === 'toml' ? 'TOML' : 'JSON'}`);
      else collection.addAll(tableAt(value, form.way, sources.workspaces), found);
    }
  }
  return collection.declarations();
}
