// One [agents.NAME] table in, the agent that it describes out, or what is wrong with it.
import path from 'node:path';
import { isProfile, profileNames } from '../../policy/profile.ts';
import type { AgentPackage, McpPlace } from '../../sandbox/agents/agent.ts';
import { agentNames } from '../../sandbox/agents/catalog.ts';
import { mcpFormOf } from '../../sandbox/mcp-servers/form-of.ts';
import type { ConfiguredSecret } from '../secrets/configured.ts';
import { readSecret, SecretFault } from '../secrets/secret-table.ts';
import type { NamedAgent } from './session-agent.ts';

type Table = Readonly<Record<string, unknown>>;

/** What is wrong, and the key to point at. */
export class AgentFault extends Error {
  readonly key: string | undefined;

  constructor(message: string, key?: string) {
    super(message);
    this.key = key;
  }
}

export const AGENT_TABLE_KEYS = [
  'package',
  'integrity',
  'command',
  'config_dirs',
  'env',
  'keys',
  'trust',
  'mcp_config',
  'profile',
] as const;

/** As a command: what has a slash is a path, and what begins with a dash an option. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PROGRAM = /^[\w.+-]{1,100}$/;
/** A package's name as npm takes it, and one version. */
const PACKAGE = /^((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)@(\d+\.\d+\.\d+(?:-[\w.]+)?)$/;
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
/** Belong to Leash and to the loader of programs. */
const RESERVED_VARIABLE = /^(?:LEASH|LD)_|^(?:PATH|HOME)$/;

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function text(table: Table, key: string): string | undefined {
  const value = table[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new AgentFault(`${key} is no text`, key);
  return value;
}

function texts(table: Table, key: string): readonly string[] {
  const value = table[key];
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((word) => typeof word === 'string'))
    throw new AgentFault(`${key} is no list of texts`, key);
  return value;
}

function readPackage(table: Table): AgentPackage | undefined {
  const [wanted, integrity] = [text(table, 'package'), text(table, 'integrity')];
  if (wanted === undefined) {
    if (integrity !== undefined) throw new AgentFault('integrity belongs to package', 'integrity');
    return undefined;
  }
  const [, name = '', version = ''] = PACKAGE.exec(wanted) ?? [];
  if (name === '') throw new AgentFault('package names no version: package = "name@1.2.3"', 'package');
  if (integrity === undefined || !INTEGRITY.test(integrity))
    throw new AgentFault(
      `package needs integrity = "sha512-…", as \`npm view ${wanted} dist.integrity\` prints it`,
      integrity === undefined ? 'package' : 'integrity',
    );
  return { name, version, integrity, isTrusted: false };
}

/** Name of a program, or an absolute path. */
function readProgram(table: Table, name: string, home: string): string {
  const command = text(table, 'command');
  if (command === undefined) return name;
  const absolute = command.startsWith('~/') ? path.join(home, command.slice(2)) : command;
  if (path.isAbsolute(absolute)) return path.normalize(absolute);
  if (PROGRAM.test(command)) return command;
  throw new AgentFault('command is neither the name of a program nor a path that begins with / or ~/', 'command');
}

/** Below the home directory, without it; what begins with `./` stays. */
function readPlaces(table: Table, key: string, isWorkspaceToo: boolean): readonly string[] {
  return texts(table, key).map((word) => {
    if (isWorkspaceToo && word.startsWith('./') && !word.includes('..')) return word;
    const inside = path.normalize(word.replace(/^~\//, ''));
    if (!word.startsWith('~/') || inside === '.' || inside.startsWith('..'))
      throw new AgentFault(`${JSON.stringify(word)} is no path that begins with ~/`, key);
    return inside.replace(/\/$/, '');
  });
}

function mcpPlace(place: string): McpPlace {
  const form = mcpFormOf(place);
  return place.startsWith('./')
    ? { in: 'workspace', path: path.normalize(place), form }
    : { in: 'home', file: { path: place }, form };
}

function readVariables(table: Table): Readonly<Record<string, string>> {
  const env = table['env'] ?? {};
  if (!isTable(env)) throw new AgentFault('env is no table of texts: env = { NAME = "value" }', 'env');
  for (const [name, value] of Object.entries(env)) {
    if (!VARIABLE.test(name) || RESERVED_VARIABLE.test(name))
      throw new AgentFault(`env cannot set the variable ${JSON.stringify(name)}`, 'env');
    if (typeof value !== 'string') throw new AgentFault(`env.${name} is no text`, 'env');
  }
  return env as Readonly<Record<string, string>>;
}

/** Each is written as a secret is, without its source: `keys.MY_API_KEY = { hosts = ["api.example.com"] }`. */
function readKeys(table: Table, home: string): readonly ConfiguredSecret[] {
  const keys = table['keys'] ?? {};
  if (!isTable(keys)) throw new AgentFault('keys is no table: keys.NAME = { hosts = ["api.example.com"] }', 'keys');
  return Object.entries(keys).map(([name, key]) => {
    if (!VARIABLE.test(name)) throw new AgentFault(`keys: ${JSON.stringify(name)} is no name of a variable`, 'keys');
    if (!isTable(key)) throw new AgentFault(`keys.${name} is no table: { hosts = ["api.example.com"] }`, 'keys');
    const other = Object.keys(key).find((word) => !KEY_WORDS.includes(word));
    if (other !== undefined)
      throw new AgentFault(`keys.${name} has no key ${other}; they are ${KEY_WORDS.join(', ')}`, 'keys');
    try {
      return { ...readSecret(name, { ...key, env: name }, home), isAutomatic: true };
    } catch (error) {
      if (error instanceof SecretFault) throw new AgentFault(`keys.${name}: ${error.message}`, 'keys');
      throw error;
    }
  });
}
const KEY_WORDS = ['hosts', 'wildcard', 'paths', 'header', 'format', 'query', 'cookie', 'basic', 'allow_plaintext'];

function readProfile(table: Table, home: string): string {
  const profile = text(table, 'profile') ?? 'coder';
  const absolute = profile.startsWith('~/') ? path.join(home, profile.slice(2)) : profile;
  if (isProfile(profile) || path.isAbsolute(absolute)) return absolute;
  throw new AgentFault(
    `profile is neither a profile (${profileNames().join(', ')}) nor a Cedar file that begins with / or ~/`,
    'profile',
  );
}

/** @throws {AgentFault} */
export function readAgent(name: string, table: Table, home: string): NamedAgent {
  if (!NAME.test(name)) throw new AgentFault('it is no name of an agent: small letters, digits, _ and -, 64 at most');
  if (agentNames().includes(name)) throw new AgentFault('Leash has an agent of that name; give yours another one');
  const unknown = Object.keys(table).find((key) => !(AGENT_TABLE_KEYS as readonly string[]).includes(key));
  if (unknown !== undefined)
    throw new AgentFault(`it has no key ${unknown}; the keys are ${AGENT_TABLE_KEYS.join(', ')}`, unknown);
  const installed = readPackage(table);
  if (installed === undefined && table['command'] === undefined)
    throw new AgentFault('it needs a package, with its integrity, or a command');
  const trust = texts(table, 'trust');
  const wrong = trust.find((variable) => !VARIABLE.test(variable) || RESERVED_VARIABLE.test(variable));
  if (wrong !== undefined) throw new AgentFault(`trust: ${JSON.stringify(wrong)} is no name of a variable`, 'trust');
  const keys = readKeys(table, home);
  const bin = readProgram(table, name, home);
  if (installed !== undefined && path.isAbsolute(bin))
    throw new AgentFault('with package, command is the name of one of its programs', 'command');
  const agent = {
    name,
    ...(installed && { package: installed }),
    bin,
    environment: readVariables(table),
    credentials: keys.map((key) => key.name),
    logins: [],
    hosts: [...new Set(keys.flatMap(({ hosts }) => hosts.map((host) => host.name)))],
    settings: readPlaces(table, 'config_dirs', false).map((place) => ({ path: place })),
    tokenFiles: [],
    mcpConfig: readPlaces(table, 'mcp_config', true).map(mcpPlace),
    trust,
    profile: readProfile(table, home),
  };
  return { agent, keys };
}
