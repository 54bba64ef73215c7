// A denied event in, one line for the agent and the person beside it out: what, why, and what the user could add to the policy.

import { cedarString } from '../policy/text/literal.ts';
import type { Event, EventAction } from '../schema/event.ts';
import { escapeUnprintable } from '../schema/printable.ts';
import { resourceName } from '../schema/resource-name.ts';

/** UTF-16 units of a name or a reason; the journal has them whole. */
const SHOWN = 300;
/** A statement that is cut would be another one. */
const LONGEST_NAME = 1_024;
/** Ids of the statements that Leash adds to every policy. */
const OWN = 'leash:';
/** What UTF-8 decoding leaves of bytes that are none: no Cedar id can name such a path. */
const REPLACEMENT = '\ufffd';

function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN / 2)}…${text.slice(-SHOWN / 2)}`;
}

/** In quotes, on one line. */
function quoted(text: string): string {
  return escapeUnprintable(JSON.stringify(cut(text)));
}

function prose(text: string): string {
  return escapeUnprintable(cut(text).replaceAll(/\s+/g, ' ').trim());
}

function portOf({ detail }: Event): number | undefined {
  const port = detail?.['port'];
  return typeof port === 'number' ? port : undefined;
}

/** `"/w/x"`, `"/a" -> "/b"`, `"api.example:443" GET "/v1"`. */
function objects(event: Event): string {
  const { resource, target, detail } = event;
  const port = resource.type === 'host' ? portOf(event) : undefined;
  const name = resourceName(resource);
  const host = name.includes(':') && port !== undefined ? `[${name}]` : name;
  const words = [quoted(port === undefined ? name : `${host}:${port}`)];
  if (target !== undefined) words.push('->', quoted(resourceName(target)));
  if (event.action === 'HttpRequest')
    words.push(prose(String(detail?.['method'] ?? '')), quoted(String(detail?.['path'] ?? '')));
  return words.join(' ');
}

function pathEntity(path: string): string {
  return `${path.endsWith('/') ? 'Dir' : 'File'}::${cedarString(path)}`;
}

function actionScope(actions: readonly string[]): string {
  const entities = actions.map((action) => `Action::${cedarString(action)}`);
  return entities.length === 1 ? `action == ${entities.join()}` : `action in [${entities.join(', ')}]`;
}

/** The actions that a permit needs: an open that reads and writes asks for both. */
function actionsOf({ action, detail }: Event): readonly string[] {
  const all = detail?.['actions'];
  return Array.isArray(all) ? all : [action];
}

function hostEntity(event: Event): string {
  const port = portOf(event);
  const name = resourceName(event.resource);
  if (port === undefined) return `Host::${cedarString(name)}`;
  return `Host::${cedarString(`${name.includes(':') ? `[${name}]` : name}:${port}`)}`;
}

interface Git {
  readonly operation: string;
  readonly repository: string;
}

/** Undefined where no literal can name the repository. */
function gitOf({ detail }: Event): Git | undefined {
  const { git: operation, repository } = detail ?? {};
  if (typeof operation !== 'string' || typeof repository !== 'string') return undefined;
  return /\.git$/.test(repository) || repository.length > LONGEST_NAME ? undefined : { operation, repository };
}

/** A call of one tool, or one method of a server. */
function callCondition({ resource, detail }: Event): string | undefined {
  if (resource.type === 'tool')
    return `resource == MCP::Tool::${cedarString(resource.name)} && resource in MCP::Server::${cedarString(resource.server)}`;
  const method = detail?.['method'];
  if (resource.type !== 'server' || typeof method !== 'string') return undefined;
  return `resource == MCP::Server::${cedarString(resource.name)} && context.method == ${cedarString(method)}`;
}

/** What a policy would have to match besides the action. Undefined where no statement can name it. */
function conditionOf(event: Event): string | undefined {
  const { resource, target } = event;
  if (event.action === 'McpCall') return callCondition(event);
  const git = gitOf(event);
  if (git !== undefined) return `resource in Repository::${cedarString(git.repository)}`;
  if (resource.type === 'host') return `resource in ${hostEntity(event)}`;
  const paths = [resource, target].flatMap((each) => (each?.type === 'path' ? [each.path] : []));
  const isNameless = paths.some((path) => path.includes(REPLACEMENT) || path.length > LONGEST_NAME);
  if (paths.length === 0 || isNameless) return undefined;
  return paths.map((path) => `resource == ${pathEntity(path)}`).join(' || ');
}

/**
 * The smallest statement that would permit what was denied for want of one. Undefined where no statement can.
 * A connection is of no use without what is said on it, so both are permitted.
 */
export function permitFor(event: Event): string | undefined {
  const { resource, target } = event;
  const condition = conditionOf(event);
  if (condition === undefined) return undefined;
  if (event.action === 'McpCall')
    return `permit(principal, action == Action::"McpCall", resource) when { ${condition} };`;
  const git = gitOf(event);
  if (git !== undefined)
    return `permit(principal, action == Action::"HttpRequest", ${condition}) when { context has git && context.git.operation == ${cedarString(git.operation)} };`;
  if (resource.type === 'host') return `permit(principal, action in Action::"NetworkConnect", ${condition});`;
  // The new name of a rename or link is also created, and may be replaced.
  const action = target === undefined ? actionScope(actionsOf(event)) : 'action in Action::"FileOpenReadWrite"';
  const isFile = target === undefined && resource.type === 'path' && !resource.path.endsWith('/');
  // Of a directory in the scope Leash wants to know whether all below it is meant.
  return isFile
    ? `permit(principal, ${action}, ${condition});`
    : `permit(principal, ${action}, resource) when { ${condition} };`;
}

const UNCHANGEABLE: ReadonlySet<EventAction> = new Set<EventAction>(['SystemCall', 'ResourceLimit', 'PortConnect']);

/** How the agent, or the person it tells, gets further. */
function howToRequest(event: Event): string {
  const { policies, reason, ask, approval } = event;
  if (ask !== undefined && approval?.by === 'denied') return `The user was asked, and refused: ${quoted(ask)}.`;
  if (ask !== undefined) return `A person has to agree to it: ${quoted(ask)}. Ask the user.`;
  const isOwn = policies.length === 0 && reason !== undefined;
  if (UNCHANGEABLE.has(event.action) || isOwn || policies.some((id) => id.startsWith(OWN)))
    return 'No policy can permit it; find another way.';
  if (policies.length === 0) {
    const statement = permitFor(event);
    return statement === undefined
      ? 'No policy can name it; rename it.'
      : `To request it, ask the user to add to the policy: ${statement}`;
  }
  const condition = conditionOf(event);
  const exception = condition === undefined ? '' : `, by: unless { ${condition} }`;
  const which = policies.map(quoted).join(' and ');
  return `No permit outweighs a forbid. To request it, ask the user to make an exception in ${which}${exception}`;
}

function why({ policies, reason }: Event): string {
  const ids = policies.map(quoted).join(', ');
  if (policies.length === 0) return reason === undefined ? ': no policy permits it' : ` by Leash: ${prose(reason)}`;
  return ` by policy ${ids}${reason === undefined ? '' : `: ${prose(reason)}`}`;
}

/** What was denied and why, without the time and without what to do about it. */
export function denialText(event: Event): string {
  const error = event.error === undefined ? '' : ` (${event.error})`;
  return `${event.action} ${objects(event)} denied${error}${why(event)}`.replace(/[.]?$/, '.');
}

/** The whole line but for its time. */
export function denialLine(event: Event): string {
  return `${denialText(event)} ${howToRequest(event)}`;
}
