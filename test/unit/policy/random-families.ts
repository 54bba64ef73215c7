// What policies and requests of each family speak of: the vocabulary of the random policies.
import { FILE_ACTIONS } from '../../../src/schema/request.ts';
import { HOSTS, quote, type Random } from './random-words.ts';

export const FAMILIES = ['file', 'exec', 'net', 'http', 'mcp', 'secret', 'rewrite'] as const;
export type Family = (typeof FAMILIES)[number];

export const SERVERS: readonly string[] = ['fs', 'git', 'a.com'];
export const TOOLS: readonly string[] = ['read', 'write', 'fs', '*'];
export const METHODS: readonly string[] = ['tools/call', 'tools/list', 'ping'];
export const ARGUMENTS: readonly string[] = ['path', 'opts/force', ''];
export const SECRETS: readonly string[] = ['github', 'npm', 'a.com'];
export const HEADERS: readonly string[] = ['authorization', 'x-key'];
export const HEADER_VALUES: readonly string[] = ['Bearer x', 'y', ''];

export const OPERATIONS = ['fetch', 'push', 'info'] as const;
/** Below the host; the last is a repository at the root. */
export const REPOSITORIES: readonly string[] = ['team/app', 'team/b', 'team', 'a', ''];
export const PROVIDERS: readonly string[] = ['anthropic', 'openai'];
export const MODELS: readonly string[] = ['opus', 'a.com', ''];
export const MODEL_TOOLS: readonly string[] = ['web_search', 'fs'];

export interface Vocabulary {
  readonly actions: readonly string[];
  readonly group: string;
  /** Entity types of `is`. */
  readonly types: readonly string[];
  /** Expressions that are a text in a well-formed request. */
  readonly texts: readonly string[];
  readonly constants: readonly string[];
  /** Expressions that are an entity. */
  readonly entities: readonly string[];
}

const PATH_TYPES = ['File', 'Dir', 'Host'];
const PATH = {
  types: PATH_TYPES,
  constants: [],
  entities: ['resource', 'resource', 'resource', 'context.proc.exe', 'resource.dir'],
  texts: [
    'resource.path',
    'resource.name',
    'resource.ext',
    'resource.dir.path',
    'context.proc.exe.path',
    'context.proc.exe.name',
  ],
};
const PEER = {
  group: 'NetworkConnect',
  types: PATH_TYPES,
  constants: [...HOSTS, 'tcp', 'udp', 'GET', 'POST', '/v1', 'https'],
  entities: ['resource'],
};

export const VOCABULARY: Readonly<Record<Family, Vocabulary>> = {
  file: { ...PATH, actions: FILE_ACTIONS, group: 'FileOpen' },
  exec: { ...PATH, actions: ['ProcessExec'], group: 'ProcessExec' },
  net: {
    ...PEER,
    actions: ['NetConnect'],
    texts: ['resource.name', 'context.hostname', 'context.protocol', 'context.proc.exe.path'],
  },
  http: {
    ...PEER,
    actions: ['HttpRequest'],
    texts: [
      'resource.name',
      'context.method',
      'context.path',
      'context.query',
      'context.scheme',
      'context.proc.exe.path',
      'context.git.operation',
      'context.git.repository',
      'context.model.name',
      'context.headers.getTag("accept")',
      'context.hostname',
    ],
  },
  mcp: {
    actions: ['McpCall'],
    group: 'McpCall',
    types: ['MCP::Tool', 'MCP::Server', 'Host'],
    texts: ['resource.name', 'context.server', 'context.method', 'context.args.getTag("path")'],
    constants: [...SERVERS, ...TOOLS, ...METHODS, '/w/a', 'true'],
    entities: ['resource'],
  },
  secret: {
    actions: ['SecretUse'],
    group: 'SecretUse',
    types: ['Secret', 'Host', 'File'],
    texts: ['resource.name', 'context.host.name', 'context.header'],
    constants: [...SECRETS, ...HOSTS, ...HEADERS],
    entities: ['resource', 'context.host'],
  },
  rewrite: {
    actions: ['HttpRewrite'],
    group: 'HttpRewrite',
    types: PATH_TYPES,
    texts: ['resource.name', 'context.hostname', 'context.header', 'context.value'],
    constants: [...HOSTS, ...HEADERS, ...HEADER_VALUES],
    entities: ['resource'],
  },
};

/** A repository or a folder. */
export function repositoryId(random: Random): string {
  return `${random.pick(HOSTS)}/${random.pick([...REPOSITORIES, 'team/', 'none/'])}`;
}

/** Tests of HTTP requests, above all of the records that a request may lack. */
export function httpTest(random: Random): string {
  const operation = quote(random.pick(OPERATIONS));
  const repository = quote(repositoryId(random));
  const [tool, other] = [quote(random.pick(TOOLS)), quote(random.pick(MODEL_TOOLS))];
  return random.pick([
    'context.headers.hasTag("accept")',
    `context.method == ${quote(random.pick(['GET', 'POST']))}`,
    'context.path like "/v1/*"',
    'context.query like "*v1"',
    'context.query == ""',
    `resource in Repository::${repository}`,
    `resource in [Repository::${repository}, Repository::"a.com/"]`,
    'context has git',
    '!(context has model)',
    `(context has git && context.git.operation == ${operation})`,
    `(context has git && [${operation}, "push"].contains(context.git.operation))`,
    `!(context has git && context.git.operation == ${operation})`,
    `(context has git.operation && context.git.operation != ${operation})`,
    `context.git.operation == ${operation}`,
    `(context has git && context.git.repository == ${repository})`,
    `(context has git && context.git.repository like ${quote(random.pick(['a.com/team/*', '*/app', 'a*', '*/']))})`,
    '(context has git && context.git.nope == 1)',
    `(context has git || context.git.operation == ${operation})`,
    `context.git == {operation: ${operation}, repository: ${repository}}`,
    `(context has model && context.model.provider == ${quote(random.pick(PROVIDERS))})`,
    `(context has model && context.model.name like ${quote(random.pick(['op*', '*', 'a*m']))})`,
    `(context has model && context.model.tools.contains(${tool}))`,
    `(context has model && context.model.serverTools.containsAny([${tool}, ${other}]))`,
    '(context has model && !context.model.mcpServers.isEmpty())',
    `(context has model && context.model.mcpServers.contains(${quote(random.pick(SERVERS))}))`,
    '(context has model && context.model.tools == context.model.serverTools)',
    'context.model.tools.contains("fs")',
  ]);
}

/** An entity that only this family speaks of. */
export function foreignEntity(random: Random): string {
  return random.pick([
    () => `MCP::Server::${quote(random.pick(SERVERS))}`,
    () => `MCP::Tool::${quote(random.pick(TOOLS))}`,
    () => `Secret::${quote(random.pick(SECRETS))}`,
  ])();
}

/** Tests of the families `mcp`, `secret` and `rewrite`. */
export function otherTest(random: Random): string {
  const argument = quote(random.pick(ARGUMENTS));
  return random.pick([
    `context.args.hasTag(${argument})`,
    `(context.args.hasTag(${argument}) && context.args.getTag(${argument}) like "/w/*")`,
    `context.args.getTag(${argument}) == "true"`,
    'context.args has path',
    'context has args',
    `context.method == ${quote(random.pick(METHODS))}`,
    `resource in MCP::Server::${quote(random.pick(SERVERS))}`,
    `(resource is MCP::Tool && resource.name == ${quote(random.pick(TOOLS))})`,
    `context.server == ${quote(random.pick(SERVERS))}`,
    `[${quote(random.pick(HEADERS))}, "x"].contains(context.header)`,
    `context.host in Host::${quote(random.pick(['*', '*.a.com', '*.com', 'a.com', '@registry/npm']))}`,
    `context.port == ${random.pick([443, 80, 22])}`,
    `context.host in Host::${quote(random.pick(['a.com:443', '*:80', '*.a.com:22']))}`,
    `context.value like ${quote(random.pick(['Bearer *', '*', 'y']))}`,
    `resource == Secret::${quote(random.pick(SECRETS))}`,
  ]);
}
