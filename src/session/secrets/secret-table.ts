// One [secrets.NAME] table in, the secret it describes out, or what is wrong with it.
import path from 'node:path';
import { canonicalHost } from '../../proxy/names/canonical-host.ts';
import type { HostPattern, Place } from '../../proxy/secrets/binding.ts';
import type { TokenEndpoint } from '../../proxy/secrets/oauth-broker.ts';
import { AWS_SECRET_KEY } from './aws.ts';
import type { ConfiguredSecret, Source } from './configured.ts';

type Table = Readonly<Record<string, unknown>>;

/** What is wrong, and the key to point at. */
export class SecretFault extends Error {
  readonly key: string | undefined;

  constructor(message: string, key?: string) {
    super(message);
    this.key = key;
  }
}

const SOURCES = ['env', 'file', 'command', 'keyring', 'oauth'] as const;
const PLACES = ['header', 'basic', 'query', 'cookie'] as const;
const OTHERS = [
  'ttl',
  'prefix',
  'hosts',
  'paths',
  'git',
  'aws',
  'wildcard',
  'format',
  'variable',
  'mode',
  'allow_plaintext',
  'max_uses',
] as const;
export const SECRET_KEYS: readonly string[] = [...SOURCES, ...PLACES, ...OTHERS];

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const PARAMETER = /^[\w.~-]+$/;
const PREFIX = /^[\w.-]{1,40}$/;
/** Belong to the connection, to framing, or say where the request goes. */
const RESERVED: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'keep-alive',
  'accept-encoding',
  'proxy-authorization',
  'proxy-connection',
]);

function text(table: Table, key: string): string | undefined {
  const value = table[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new SecretFault(`${key} is no text`, key);
  return value;
}

function flag(table: Table, key: string): boolean {
  const value = table[key] ?? false;
  if (typeof value !== 'boolean') throw new SecretFault(`${key} is neither true nor false`, key);
  return value;
}

function count(table: Table, key: string): number | undefined {
  const value = table[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw new SecretFault(`${key} is no whole number above 0`, key);
  return value;
}

function texts(table: Table, key: string): readonly string[] | undefined {
  const value = table[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0 || !value.every((word) => typeof word === 'string'))
    throw new SecretFault(`${key} is no list of texts`, key);
  return value;
}

/** The one of several keys that is there. */
function only<Key extends string>(table: Table, keys: readonly Key[], what: string): Key | undefined {
  const [first, second] = keys.filter((key) => table[key] !== undefined);
  if (second !== undefined) throw new SecretFault(`${first} and ${second} exclude each other: ${what}`, second);
  return first;
}

function record(value: unknown, key: string): readonly (readonly [string, string])[] {
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (entries.length === 0 || !entries.every(([, word]) => typeof word === 'string'))
    throw new SecretFault(`${key} is no table of texts`, key);
  return entries;
}

function readSource(table: Table, home: string): Source {
  const kind = only(table, SOURCES, 'a secret has one source');
  const ttl = count(table, 'ttl');
  if (kind === undefined) throw new SecretFault(`it has no source: one of ${SOURCES.join(', ')}`);
  if (ttl !== undefined && kind !== 'command' && kind !== 'keyring')
    throw new SecretFault('ttl belongs to command and keyring', 'ttl');
  const good = ttl === undefined ? {} : { ttl };
  switch (kind) {
    case 'env': {
      const variable = text(table, 'env') ?? '';
      if (!VARIABLE.test(variable)) throw new SecretFault('env is no name of a variable', 'env');
      return { kind, variable };
    }
    case 'file': {
      const file = text(table, 'file') ?? '';
      const absolute = file.startsWith('~/') ? path.join(home, file.slice(2)) : file;
      if (!path.isAbsolute(absolute)) throw new SecretFault('file is no path that begins with / or ~/', 'file');
      return { kind, file: path.normalize(absolute) };
    }
    case 'command':
      return { kind, argv: texts(table, 'command') ?? [], ...good };
    case 'oauth':
      return { kind, endpoints: (texts(table, 'oauth') ?? []).map(readEndpoint) };
    case 'keyring':
      return { kind, attributes: record(table['keyring'], 'keyring'), ...good };
  }
}

function readEndpoint(text: string): TokenEndpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const name = canonicalHost(url?.hostname ?? '');
  if (url?.protocol !== 'https:' || name === undefined || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new SecretFault(
      `${JSON.stringify(text)} is no token endpoint, as "https://login.example.com/oauth/token"`,
      'oauth',
    );
  return { name, port: Number(url.port || 443), path: url.pathname };
}

function readHost(word: string, hasWildcard: boolean, allowPlaintext: boolean): readonly HostPattern[] {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|(\*|[^:[\]]+))(?::(\d{1,5}))?$/.exec(word) ?? [];
  const host = bracketed ?? plain ?? '';
  const isWildcard = host.startsWith('*');
  if (isWildcard && !hasWildcard)
    throw new SecretFault(
      `${JSON.stringify(word)} needs wildcard = true: every host below it may be sent the secret`,
      'hosts',
    );
  const bare = canonicalHost(host.replace(/^\*\./, ''));
  const isWide = isWildcard && (!host.startsWith('*.') || bare?.includes('.') !== true);
  const port = portText === undefined ? undefined : Number(portText);
  if (bare === undefined || isWide || port === 0 || (port ?? 0) > 65_535)
    throw new SecretFault(
      `${JSON.stringify(word)} is no host: a name, "*.name.example" or an address, with an optional :port`,
      'hosts',
    );
  const name = isWildcard ? `*.${bare}` : bare;
  const plaintext = allowPlaintext ? { allowPlaintext } : {};
  if (port !== undefined) return [{ name, port, ...plaintext }];
  return [{ name, port: 443 }, ...(allowPlaintext ? [{ name, port: 80, allowPlaintext }] : [])];
}

function readPlace(table: Table): Place {
  const kind = only(table, PLACES, 'a secret stands in one part of a request') ?? 'header';
  const format = text(table, 'format');
  if (format !== undefined && kind !== 'header') throw new SecretFault('format belongs to header', 'format');
  switch (kind) {
    case 'header': {
      const name = (text(table, 'header') ?? 'authorization').toLowerCase();
      if (!TOKEN.test(name) || RESERVED.has(name))
        throw new SecretFault(`the header ${name} cannot hold a secret`, 'header');
      const written = format ?? (name === 'authorization' ? 'Bearer {}' : '{}');
      if (written.split('{}').length !== 2 || !/^[\x20-\x7e]+$/.test(written))
        throw new SecretFault('format needs {} once, where the value stands', 'format');
      return { kind, name, format: written };
    }
    case 'basic': {
      const user = new Map(record(table['basic'], 'basic')).get('user');
      if (user === undefined || /[:\r\n]/.test(user))
        throw new SecretFault('basic needs a user without colon: basic = { user = "name" }', 'basic');
      return { kind, user };
    }
    case 'query':
    case 'cookie': {
      const name = text(table, kind) ?? '';
      if (!PARAMETER.test(name)) throw new SecretFault(`${kind} is no name of letters, digits, . _ ~ and -`, kind);
      return { kind, name };
    }
  }
}

function readPaths(table: Table): readonly string[] | undefined {
  const paths = texts(table, 'paths');
  const wrong = paths?.find((each) => !/^\/[\w.~/@+-]*$/.test(each) || /(?:^|\/)\.{1,2}(?:\/|$)|\/\//.test(each));
  if (wrong !== undefined)
    throw new SecretFault(`${JSON.stringify(wrong)} is no beginning of a path, as "/org/"`, 'paths');
  return paths;
}

function readGitUser(table: Table, mode: string): string | undefined {
  const user = text(table, 'git');
  if (user === undefined) return undefined;
  if (!/^[\w.@-]{1,100}$/.test(user)) throw new SecretFault('git is no user name', 'git');
  if (mode === 'inject') throw new SecretFault('with mode = "inject" git has nothing to offer', 'git');
  return user;
}

function readVariable(table: Table, source: Source, mode: string, isOffered: boolean): string | undefined {
  const usual = source.kind === 'env' && mode === 'replace' ? source.variable : undefined;
  const variable = text(table, 'variable') ?? usual;
  if (variable !== undefined && mode === 'inject')
    throw new SecretFault('with mode = "inject" there is nothing for a variable to hold', 'variable');
  if (variable !== undefined && !VARIABLE.test(variable))
    throw new SecretFault('variable is no name of a variable', 'variable');
  if (variable === undefined && mode === 'replace' && !isOffered)
    throw new SecretFault('it needs variable: where the agent finds its placeholder; or mode = "inject"');
  return variable;
}

/** Hosts in the order of the text. @throws SecretFault */
function readHosts(table: Table): readonly HostPattern[] {
  const hosts = texts(table, 'hosts');
  const [hasWildcard, allowPlaintext] = [flag(table, 'wildcard'), flag(table, 'allow_plaintext')];
  if (hosts === undefined)
    throw new SecretFault('it has no hosts: those that may be sent it, as hosts = ["api.example.com"]');
  return hosts.flatMap((host) => readHost(host, hasWildcard, allowPlaintext));
}

/** Credentials of AWS come from the three variables that every client knows. */
function readAws(name: string, table: Table): ConfiguredSecret {
  const other = Object.keys(table).find((key) => !['aws', 'hosts', 'wildcard'].includes(key));
  if (other !== undefined)
    throw new SecretFault(`with aws = true only hosts and wildcard are said, not ${other}`, other);
  const source = { kind: 'env', variable: AWS_SECRET_KEY } as const;
  const places: readonly Place[] = [{ kind: 'header', name: 'authorization', format: '{}' }];
  return { name, source, hosts: readHosts(table), places, mode: 'replace', variable: AWS_SECRET_KEY, isAws: true };
}

/** @throws SecretFault */
export function readSecret(name: string, table: Table, home: string): ConfiguredSecret {
  if (flag(table, 'aws')) return readAws(name, table);
  const source = readSource(table, home);
  const hosts = readHosts(table);
  const mode = text(table, 'mode') ?? 'replace';
  if (mode !== 'replace' && mode !== 'inject') throw new SecretFault('mode is "replace" or "inject"', 'mode');
  const gitUser = readGitUser(table, mode);
  const isOauth = source.kind === 'oauth';
  if (isOauth && mode === 'inject')
    throw new SecretFault('with oauth there is nothing to put in before the agent logs in', 'mode');
  const variable = readVariable(table, source, mode, gitUser !== undefined || isOauth);
  const prefix = text(table, 'prefix');
  if (prefix !== undefined && !PREFIX.test(prefix))
    throw new SecretFault('prefix has letters, digits, . _ and - only', 'prefix');
  const maxUses = count(table, 'max_uses');
  const paths = readPaths(table);
  return {
    name,
    source,
    hosts,
    places: [readPlace(table)],
    mode,
    ...(paths === undefined ? {} : { paths }),
    ...(gitUser === undefined ? {} : { gitUser }),
    ...(variable === undefined ? {} : { variable }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(maxUses === undefined ? {} : { maxUses }),
  };
}
