// The text of config.toml in, all that stands in it out: typed, with the secrets and agents as tables; or one fault with file and line.
import { parse, TomlError } from 'smol-toml';
import { LeashError } from '../host/errors.ts';
import { readApprovals } from './approvals-table.ts';
import { type Config, isTable, PROJECT_KEYS, type Settings, type Table } from './config.ts';
import { ConfigFault, insteadOf } from './fault.ts';
import { readJournal } from './journal-table.ts';
import { lineLookup } from './lines.ts';
import { readMcp } from './mcp-table.ts';
import { type Base, readPlace } from './place.ts';
import { readGlobal, readProject, type SettingsContext } from './settings.ts';

const SECTIONS = ['leash', 'volumes', 'projects', 'secrets', 'agents', 'journal', 'approvals', 'mcp'] as const;
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

export interface ReadContext extends Base {
  /** For messages. */
  readonly file: string;
  /** Names of the agents that Leash knows. */
  readonly agents: readonly string[];
}

function named(value: unknown, section: string, what: string): ReadonlyMap<string, Table> {
  if (value === undefined) return new Map();
  if (!isTable(value)) throw new ConfigFault(`${section} is no table; write [${section}.NAME]`, section);
  return new Map(
    Object.entries(value).map(([name, table]) => {
      if (!NAME.test(name))
        throw new ConfigFault(
          `${JSON.stringify(name)} is no name of ${what}: letters, digits, _ and -, 64 at most`,
          section,
          name,
        );
      if (!isTable(table))
        throw new ConfigFault(`${section}.${name} is no table; write [${section}.${name}]`, section, name);
      return [name, table];
    }),
  );
}

/**
 * Names without links: one in a workspace is its agent's to lead to another project, which would then have this one's settings. The
 * folders that `~` and relative names begin at are real.
 */
function readProjects(value: unknown, context: SettingsContext): ReadonlyMap<string, Settings> {
  if (value === undefined) return new Map();
  if (!isTable(value)) throw new ConfigFault('projects is no table; write [projects."/path"]', 'projects');
  const projects = new Map<string, Settings>();
  for (const [key, table] of Object.entries(value)) {
    const folder = readPlace(key, context, 'projects', key);
    if (projects.has(folder))
      throw new ConfigFault(`${JSON.stringify(key)} is a project that stands here already: ${folder}`, 'projects', key);
    projects.set(folder, readProject(key, table, context));
  }
  return projects;
}

/** A project may only take away what is there. */
function requireTaken(projects: ReadonlyMap<string, Settings>, global: Settings): void {
  for (const { volumes } of projects.values())
    for (const [source, { value }] of volumes)
      if (value === false && !global.volumes.has(source))
        throw new ConfigFault(`[volumes] has no ${source} for a project to take away`, 'projects');
}

function interpret(document: Table, context: SettingsContext, file: string): Config {
  for (const section of Object.keys(document)) {
    if (section === 'mounts')
      throw new ConfigFault('mounts is not known any more; write its lines into [volumes]', section);
    if (!(SECTIONS as readonly string[]).includes(section))
      throw new ConfigFault(`there is no section ${JSON.stringify(section)}; ${insteadOf(section, SECTIONS)}`, section);
  }
  const agents = named(document['agents'], 'agents', 'an agent');
  const taken = [...agents.keys()].find((name) => PROJECT_KEYS.includes(name));
  if (taken !== undefined)
    throw new ConfigFault(`${taken} is a key of [projects."…"]; give the agent another name`, 'agents', taken);
  const all = { ...context, agents: [...new Set([...context.agents, ...agents.keys()])] };
  const global = readGlobal(document['leash'], document['volumes'], all);
  const projects = readProjects(document['projects'], all);
  requireTaken(projects, global);
  const secrets = named(document['secrets'], 'secrets', 'a secret');
  const journal = readJournal(document['journal']);
  const approvals = readApprovals(document['approvals'], all);
  const mcp = readMcp(document['mcp']);
  return { file, global, projects, journal, approvals, mcp, secrets, agents, lineOf: context.lineOf };
}

/** A fixed text; what follows it in the library's message is the text around the fault, which may be a credential. */
function reasonOf({ message }: TomlError): string {
  return message.split('\n', 1)[0]?.replace('Invalid TOML document: ', '') ?? '';
}

/** @throws {LeashError} LEASH_CONFIG */
export function readConfigText(text: string, { file, ...context }: ReadContext): Config {
  const lineOf = lineLookup(text);
  try {
    return interpret(parse(text), { ...context, lineOf }, file);
  } catch (error) {
    if (error instanceof TomlError)
      throw new LeashError('LEASH_CONFIG', `${file}:${error.line}: this is not TOML: ${reasonOf(error)}`);
    if (!(error instanceof ConfigFault)) throw error;
    throw new LeashError('LEASH_CONFIG', `${file}:${lineOf(...error.keys)}: ${error.message}`);
  }
}
