// The official Cedar authorizer as judge: a request becomes Cedar's own JSON, written here without any code of the compiler.
import '../../../src/policy/check/cedar.ts';
import { createRequire } from 'node:module';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { SessionFacts } from '../../../src/policy/facts.ts';
import type { Program, Request } from '../../../src/schema/request.ts';

export const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar;

export const FACTS: SessionFacts = {
  agent: 'claude',
  session: 's1',
  user: 'alice',
  groups: ['staff', 'dev'],
  profiles: ['coder', 'no-network'],
  workspace: '/w/',
  home: '/home/u/',
  tmp: '/tmp/',
  registries: {
    npm: ['npm.registry.example:443', 'npm.registry.example:4873', 'a.com:443', '[fe80::1]:80'],
    pip: ['pip.registry.example:443', 'pip.registry.example:4873', 'a.com:443', '10.0.0.1:5432'],
    cargo: ['x.a.com:22'],
  },
};

type Uid = { type: string; id: string };
type EntityJson = {
  uid: Uid;
  attrs: Record<string, Cedar.CedarValueJson>;
  parents: Uid[];
  tags?: Record<string, string>;
};

const uid = (type: string, id: string): Uid => ({ type, id });
const reference = (to: Uid): Cedar.CedarValueJson => ({ __entity: to });

function pathUid(path: string): Uid {
  return uid(path.endsWith('/') ? 'Dir' : 'File', path);
}

function parentOf(path: string): string {
  return path.slice(0, path.replace(/\/$/, '').lastIndexOf('/') + 1) || '/';
}

function fileName(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? '';
}

function extension(path: string): string {
  return /^.+\.([^.]*)$/s.exec(fileName(path))?.[1] ?? '';
}

/** The path and each directory above it; a directory has its spelling without slash and its alias as parents. */
function pathEntities(path: string, facts: SessionFacts): EntityJson[] {
  const aliases: Record<string, string[]> = {};
  for (const [name, target] of Object.entries({
    '@workspace': facts.workspace,
    '@home': facts.home,
    '@tmp': facts.tmp,
  })) {
    aliases[target] = [...(aliases[target] ?? []), name];
  }
  const entities: EntityJson[] = [];
  for (let at = path; ; at = parentOf(at)) {
    const spellings = at.endsWith('/') && at !== '/' ? [at.slice(0, -1)] : [];
    const named = (aliases[at] ?? []).flatMap((name) => [name, `${name}/`]);
    const above = at === '/' || at === '' ? [] : [parentOf(at)];
    entities.push({
      uid: pathUid(at),
      attrs: { path: at, name: fileName(at), ext: extension(at), dir: reference(pathUid(parentOf(at))) },
      parents: [...spellings, ...named, ...above].map((id) => uid('Dir', id)),
    });
    if (above.length === 0) return entities;
  }
}

/** `host:port`, as the facts name a registry. */
function registriesOf(name: string, port: number | undefined, facts: SessionFacts): string[] {
  const holds = (members: readonly string[]): boolean =>
    members.some((member) => {
      const { hostname, port: own } = new URL(`ws://${member.replace(/:80$/, '')}`);
      return hostname.replace(/^\[|\]$/g, '') === name && (port === undefined || Number(own || 80) === port);
    });
  return Object.entries(facts.registries ?? {}).flatMap(([role, members]) =>
    holds(members) ? [`@registry/${role}`] : [],
  );
}

function hostEntity(name: string, port: number | undefined, ip: string | undefined, facts: SessionFacts): EntityJson {
  const labels = name.split('.');
  const groups = [
    '*',
    ...labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`),
    name,
    ...(ip ? [ip] : []),
  ];
  const colon = (host: string): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
  const parents = new Set(port === undefined ? groups : groups.flatMap((group) => [group, colon(group)]));
  for (const group of registriesOf(name, port, facts)) parents.add(group);
  parents.delete(name);
  return { uid: uid('Host', name), attrs: { name }, parents: [...parents].map((id) => uid('Host', id)) };
}

/** The repository and its folders, each in the next. */
function repositoryEntities(id: string): EntityJson[] {
  const above = /^(.*\/)[^/]+\/?$/.exec(id)?.[1];
  const own = { uid: uid('Repository', id), attrs: {}, parents: above === undefined ? [] : [uid('Repository', above)] };
  return above === undefined ? [own] : [own, ...repositoryEntities(above)];
}

const FILE_MUTATIONS = ['FileWrite', 'FileCreate', 'FileDelete', 'FileRename', 'FileLink', 'FileSetAttr'];
const ACTIONS: EntityJson[] = [
  ...FILE_MUTATIONS.map((id) => ({ uid: uid('Action', id), attrs: {}, parents: [uid('Action', 'FileOpenReadWrite')] })),
  { uid: uid('Action', 'FileOpenReadWrite'), attrs: {}, parents: [uid('Action', 'FileOpen')] },
  { uid: uid('Action', 'FileOpenReadOnly'), attrs: {}, parents: [uid('Action', 'FileOpen')] },
  ...['NetConnect', 'HttpRequest'].map((id) => ({
    uid: uid('Action', id),
    attrs: {},
    parents: [uid('Action', 'NetworkConnect')],
  })),
];

function agentEntities(facts: SessionFacts): EntityJson[] {
  const attrs = { name: facts.agent, session: facts.session, project: facts.workspace, labels: [] };
  return [
    {
      uid: uid('Agent', facts.agent),
      attrs,
      parents: [uid('User', facts.user), ...(facts.profiles ?? []).map((id) => uid('Profile', id))],
    },
    {
      uid: uid('User', facts.user),
      attrs: { name: facts.user },
      parents: (facts.groups ?? []).map((id) => uid('Group', id)),
    },
  ];
}

function proc(program: Program): Cedar.CedarValueJson {
  return {
    exe: reference(uid('File', program.exe)),
    uid: program.uid,
    ancestors: (program.ancestors ?? []).map((exe) => reference(uid('File', exe))),
    via: program.via ?? '',
    ...(program.sha256 !== undefined && { sha256: program.sha256 }),
  };
}

function contextOf(request: Request): Record<string, Cedar.CedarValueJson> {
  switch (request.action) {
    case 'ProcessExec': {
      const { argv, sha256 } = request;
      return {
        proc: proc(request.program),
        args: argv.join(' '),
        argv: [...argv],
        argc: argv.length,
        ...(sha256 !== undefined && { sha256 }),
      };
    }
    case 'NetConnect': {
      const { port, protocol, ip } = request;
      return {
        hostname: request.resource.name,
        port,
        protocol,
        ip: { __extn: { fn: 'ip', arg: ip } },
        proc: proc(request.program),
      };
    }
    case 'HttpRequest': {
      const { port, method, path, query, scheme, git, model } = request;
      const headers = reference(uid('Http::Headers', 'request'));
      return {
        hostname: request.resource.name,
        port,
        protocol: 'tcp',
        method,
        path,
        query,
        scheme,
        headers,
        proc: proc(request.program),
        ...(git && { git: { ...git } }),
        ...(model && {
          model: {
            ...model,
            tools: [...model.tools],
            serverTools: [...model.serverTools],
            mcpServers: [...model.mcpServers],
          },
        }),
      };
    }
    case 'DnsResolve':
      return { qtype: request.qtype };
    case 'HttpRewrite':
      return {
        hostname: request.resource.name,
        port: request.port,
        header: request.header,
        value: request.value,
      };
    case 'SecretUse':
      return { host: reference(uid('Host', request.host.name)), port: request.port, header: request.header };
    case 'McpCall': {
      const { resource, method } = request;
      const server = resource.type === 'tool' ? resource.server : resource.name;
      return { server, method, args: reference(uid('MCP::Args', 'call')) };
    }
    default:
      return { proc: proc(request.program) };
  }
}

function resourceUid({ resource }: Request): Uid {
  const types = { host: 'Host', tool: 'MCP::Tool', server: 'MCP::Server', secret: 'Secret' } as const;
  return resource.type === 'path' ? pathUid(resource.path) : uid(types[resource.type], resource.name);
}

function resourceEntities(request: Request, facts: SessionFacts): EntityJson[] {
  const { resource } = request;
  if (resource.type === 'path') return pathEntities(resource.path, facts);
  if (resource.type === 'host') {
    const port = 'port' in request ? request.port : undefined;
    const host = hostEntity(resource.name, port, request.action === 'NetConnect' ? request.ip : undefined, facts);
    if (request.action !== 'HttpRequest' || request.git === undefined) return [host];
    const repositories = repositoryEntities(request.git.repository);
    return [{ ...host, parents: [...host.parents, uid('Repository', request.git.repository)] }, ...repositories];
  }
  const own = { uid: resourceUid(request), attrs: { name: resource.name } };
  if (resource.type !== 'tool') return [{ ...own, parents: [] }];
  const server = uid('MCP::Server', resource.server);
  return [
    { ...own, parents: [server] },
    { uid: server, attrs: { name: resource.server }, parents: [] },
  ];
}

function entitiesOf(request: Request, facts: SessionFacts): EntityJson[] {
  const found = new Map<string, EntityJson>();
  const add = (entities: EntityJson[]): void => {
    for (const entity of entities) found.set(JSON.stringify(entity.uid), entity);
  };
  add([...ACTIONS, ...agentEntities(facts)]);
  if ('program' in request) {
    for (const exe of [request.program.exe, ...(request.program.ancestors ?? [])]) add(pathEntities(exe, facts));
  }
  add(resourceEntities(request, facts));
  if (request.action === 'HttpRequest') {
    add([{ uid: uid('Http::Headers', 'request'), attrs: {}, parents: [], tags: Object.fromEntries(request.headers) }]);
  }
  if (request.action === 'SecretUse') add([hostEntity(request.host.name, request.port, undefined, facts)]);
  if (request.action === 'McpCall') {
    add([{ uid: uid('MCP::Args', 'call'), attrs: {}, parents: [], tags: Object.fromEntries(request.args) }]);
  }
  return [...found.values()];
}

export interface Judgement {
  readonly effect: 'allow' | 'deny';
  readonly policies: readonly string[];
  readonly errors: readonly string[];
}

/** Makes a policy set known to the judge under a name. */
export function prepare(name: string, policies: Readonly<Record<string, string>>): void {
  const answer = cedar.preparsePolicySet(name, { staticPolicies: { ...policies } });
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
}

/** What Cedar itself says about a request, with ids sorted. */
export function judge(name: string, request: Request, facts: SessionFacts = FACTS): Judgement {
  const answer = cedar.statefulIsAuthorized({
    principal: uid('Agent', facts.agent),
    action: uid('Action', request.action),
    resource: resourceUid(request),
    context: contextOf(request),
    preparsedPolicySetId: name,
    entities: entitiesOf(request, facts),
  });
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
  const { decision, diagnostics } = answer.response;
  return {
    effect: decision,
    policies: diagnostics.reason.toSorted(),
    errors: diagnostics.errors.map((e) => e.policyId).sort(),
  };
}
