// An event and what a person chose about it in; the one Cedar statement that says so out. Names are the agent's: they stand in literals only.
import { cedarString, hasLiteral } from '../../../../src/policy/text/literal.ts';
import type { EventEntry } from '../../../../src/schema/api.ts';
import type { Event } from '../../../../src/schema/event.ts';

/** One way to say what an event was about, from narrow to wide. */
export interface Scope {
  readonly id: 'this' | 'folder' | 'path' | 'repository' | 'host' | 'lookup' | 'tool' | 'server';
  /** What the statement will be about, for a person; may hold names of the agent's. */
  readonly label: string;
  /** `action == Action::"FileWrite"` */
  readonly action: string;
  /** `resource == File::"/w/a"` */
  readonly resource: string;
  readonly when: readonly string[];
  /** The schema tells which program does it. */
  readonly hasProgram: boolean;
}

export interface Choice {
  readonly effect: 'permit' | 'forbid';
  readonly scope: Scope;
  /** Only what the program of the event does. */
  readonly isProgramOnly: boolean;
}

type Made = Omit<Scope, 'when' | 'hasProgram'> & Partial<Scope>;

function scope(made: Made): Scope {
  return { when: [], hasProgram: true, ...made };
}

function actionIs(actions: readonly string[]): string {
  const names = actions.map((action) => `Action::${cedarString(action)}`);
  return names.length === 1 ? `action == ${names.join()}` : `action in [${names.join(', ')}]`;
}

/** An open that reads and writes asks for both. */
function actionsOf({ action, detail }: Event): readonly string[] {
  const all = detail?.['actions'];
  return Array.isArray(all) ? all : [action];
}

function entity(path: string): string {
  return `${path.endsWith('/') ? 'Dir' : 'File'}::${cedarString(path)}`;
}

/** The folder that holds it, with its final slash; the root holds itself. */
function folderOf(path: string): string {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  return bare.slice(0, bare.lastIndexOf('/') + 1) || '/';
}

function pathScopes(event: Event, path: string): readonly Scope[] {
  const target = event.target?.type === 'path' ? event.target.path : undefined;
  const paths = target === undefined ? [path] : [path, target];
  if (!paths.every(hasLiteral)) return [];
  const isExec = event.action === 'ProcessExec';
  // The new name of a rename or link is also created, and may be replaced.
  const action = target === undefined ? actionIs(actionsOf(event)) : 'action in Action::"FileOpenReadWrite"';
  // Of a directory in the head of a statement Leash wants to know whether all below it is meant.
  const isHead = target === undefined && !path.endsWith('/');
  const same = paths.map((each) => `resource == ${entity(each)}`).join(' || ');
  const folder = folderOf(path);
  const kind = isExec ? 'program' : path.endsWith('/') ? 'directory' : 'file';
  return [
    scope({
      id: 'this',
      label: target === undefined ? `this ${kind}: ${path}` : `changes of these two names: ${path}, ${target}`,
      action,
      ...(isHead ? { resource: same } : { resource: 'resource', when: [same] }),
    }),
    ...(target === undefined && folder !== '/'
      ? [
          scope({
            id: 'folder',
            label: `all below its folder: ${folder}`,
            action,
            resource: `resource in Dir::${cedarString(folder)}`,
          }),
        ]
      : []),
  ];
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(name);
}

/** What servers read in more than one way is refused where a policy looks at paths (decision 0022), so no condition names it. */
function isPlainPath(path: string): boolean {
  return hasLiteral(path) && /^\/[A-Za-z0-9\-._~!$&'()*+,=:@/]*$/.test(path) && !/\/\/|\/\.{1,2}(\/|$)/.test(path);
}

/** Record types that are asked for outside, by a permit that speaks of them. */
const OUTSIDE: readonly unknown[] = ['TXT', 'SRV', 'MX', 'CAA'];

function lookupScopes(event: Event, name: string): readonly Scope[] {
  const qtype = event.detail?.['qtype'];
  const host = `resource == Host::${cedarString(name)}`;
  const made = { resource: host, hasProgram: false };
  const when = OUTSIDE.includes(qtype) ? [`context.qtype == ${cedarString(String(qtype))}`] : [];
  const all = 'action in [Action::"DnsResolve", Action::"NetworkConnect"]';
  return [
    scope({ ...made, id: 'lookup', label: `lookups of ${name}`, action: actionIs(['DnsResolve']), when }),
    ...(when.length > 0
      ? []
      : [scope({ ...made, id: 'host', label: `lookups of ${name}, connections and requests to it`, action: all })]),
  ];
}

function requestScopes({ action, detail }: Event, host: string, where: Pick<Scope, 'resource' | 'when'>): Scope[] {
  if (action !== 'HttpRequest') return [];
  const { method, path, git, repository } = detail ?? {};
  const scopes: Scope[] = [];
  const request = actionIs(['HttpRequest']);
  if (typeof method === 'string' && typeof path === 'string' && isPlainPath(path) && hasLiteral(method)) {
    const said = [`context.method == ${cedarString(method)}`, `context.path == ${cedarString(path)}`];
    const label = `this request: ${method} ${host}${path}, whatever its query`;
    scopes.push(scope({ ...where, id: 'path', label, action: request, when: [...where.when, ...said] }));
  }
  if (typeof git === 'string' && typeof repository === 'string' && hasLiteral(repository) && !/\.git$/.test(repository))
    scopes.push(
      scope({
        id: 'repository',
        label: `${git} of the repository ${repository}`,
        action: request,
        resource: `resource in Repository::${cedarString(repository)}`,
        when: [`context has git && context.git.operation == ${cedarString(git)}`],
      }),
    );
  return scopes;
}

function hostScopes(event: Event, name: string): readonly Scope[] {
  // The agent chooses the names it looks up, and one could be spelt like a group: `*.a.example`.
  if (/[*@]/.test(name) || !hasLiteral(name)) return [];
  if (event.action === 'DnsResolve') return lookupScopes(event, name);
  if (event.action !== 'NetConnect' && event.action !== 'HttpRequest') return [];
  const port = event.detail?.['port'];
  if (typeof port !== 'number') return [];
  // `in` would also mean names that are dialled at an address.
  const where = isAddress(name)
    ? { resource: `resource == Host::${cedarString(name)}`, when: [`context.port == ${port}`] }
    : { resource: `resource in Host::${cedarString(`${name}:${port}`)}`, when: [] };
  const host = `${name.includes(':') ? `[${name}]` : name}:${port}`;
  const isDatagram = event.detail?.['protocol'] === 'udp';
  return [
    ...requestScopes(event, host, where),
    isDatagram
      ? scope({
          ...where,
          id: 'host',
          label: `datagrams to ${host}`,
          action: actionIs(['NetConnect']),
          when: [...where.when, 'context.protocol == "udp"'],
        })
      : scope({
          ...where,
          id: 'host',
          label: `connections and requests to ${host}`,
          action: 'action in Action::"NetworkConnect"',
        }),
  ];
}

function toolScopes(event: Event): readonly Scope[] {
  const { resource } = event;
  if (resource.type !== 'tool' && resource.type !== 'server') return [];
  const server = resource.type === 'tool' ? resource.server : resource.name;
  if (!hasLiteral(server) || !hasLiteral(resource.name)) return [];
  const made = { action: actionIs(['McpCall']), hasProgram: false };
  const ofServer = `context.server == ${cedarString(server)}`;
  const tool = `resource == MCP::Tool::${cedarString(resource.name)}`;
  const named = { ...made, id: 'tool', resource: tool } as const;
  return [
    ...(resource.type === 'tool'
      ? [scope({ ...named, label: `the tool ${resource.name} of ${server}`, when: [ofServer] })]
      : []),
    scope({ ...made, id: 'server', label: `all of the server ${server}`, resource: 'resource', when: [ofServer] }),
  ];
}

/** From narrow to wide; none where no statement can name it, or no policy decides it. */
export function scopesOf(event: Event): readonly Scope[] {
  switch (event.resource.type) {
    case 'path':
      return pathScopes(event, event.resource.path);
    case 'host':
      return hostScopes(event, event.resource.name);
    default:
      return toolScopes(event);
  }
}

/** May the statement be about the program of the event alone? */
export function hasProgram({ hasProgram: isTold }: Scope, { who }: Event): boolean {
  return isTold && who !== undefined && who.exe !== '' && hasLiteral(who.exe) && hasLiteral(who.via ?? '');
}

/** `/usr/bin/node via mcp:files`. */
export function programOf({ who }: Event): string {
  return `${who?.exe ?? ''}${who?.via === undefined ? '' : ` via ${who.via}`}`;
}

/** An id that no statement of the text has. */
function freshId(text: string, wanted: string): string {
  let id = wanted;
  for (let turn = 2; text.includes(`"${id}"`); turn += 1) id = `${wanted}-${turn}`;
  return id;
}

/** @param text the policy that it will be added to */
export function statementOf(
  { seq, event }: EventEntry,
  { effect, scope: of, isProgramOnly }: Choice,
  text: string,
): string {
  const id = freshId(text, `${effect === 'permit' ? 'allow' : 'forbid'}-event-${seq}`);
  const reason = effect === 'forbid' ? ` @reason("A person forbade it while it ran.")` : '';
  const isOneProgram = isProgramOnly && hasProgram(of, event);
  // The same program serves the agent and its MCP servers: node.
  const { exe = '', via = '' } = event.who ?? {};
  const program = isOneProgram
    ? [`context.proc.exe == File::${cedarString(exe)}`, `context.proc.via == ${cedarString(via)}`]
    : [];
  const all = [...of.when, ...program];
  const conditions = all.map((one) => (all.length > 1 && one.includes('||') ? `(${one})` : one)).join(' && ');
  const when = conditions === '' ? '' : `\nwhen { ${conditions} }`;
  return `@id(${cedarString(id)})${reason}\n${effect}(principal, ${of.action}, ${of.resource})${when};`;
}

/** The policy with the statement after all others. */
export function withStatement(text: string, statement: string): string {
  const before = text.trimEnd();
  return before === '' ? `${statement}\n` : `${before}\n\n${statement}\n`;
}

/** What stands in the way of a permit: another statement that forbids, a question, or Leash itself. */
export type Obstacle =
  | { readonly is: 'forbidden'; readonly policies: readonly string[] }
  | { readonly is: 'asked' }
  | { readonly is: 'own' };

export function obstacleOf({ effect, policies, reason, ask, action }: Event): Obstacle | undefined {
  if (effect === 'allow') return undefined;
  if (ask !== undefined) return { is: 'asked' };
  const isOwn = action === 'SystemCall' || action === 'ResourceLimit' || action === 'PortConnect';
  if (isOwn || policies.some((id) => id.startsWith('leash:')) || (policies.length === 0 && reason !== undefined))
    return { is: 'own' };
  return policies.length === 0 ? undefined : { is: 'forbidden', policies };
}
