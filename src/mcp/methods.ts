// The name of a method enters; what the Model Context Protocol makes of it leaves: who sends it, what it is about, what names its subject.

/** What a message is about. */
export type Subject = 'tool' | 'prompt' | 'resource' | 'task' | 'server' | 'client';

export interface Method {
  readonly subject: Subject;
  /** Who sends it; `both` of those that either may. */
  readonly sender: 'client' | 'server' | 'both';
  readonly isNotification: boolean;
  /** The parameter that names the subject; the header `Mcp-Name` repeats it. */
  readonly nameParameter?: 'name' | 'uri' | 'taskId';
  /** The name alone does not tell that MCP is spoken: other protocols over JSON-RPC have it, too. */
  readonly isShared?: true;
}

type Sender = Method['sender'];

function request(subject: Subject, sender: Sender = 'client', nameParameter?: 'name' | 'uri' | 'taskId'): Method {
  return { subject, sender, isNotification: false, ...(nameParameter !== undefined && { nameParameter }) };
}

function notification(subject: Subject, sender: Sender = 'server'): Method {
  return { subject, sender, isNotification: true };
}

/**
 * All methods of the revisions 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25 and 2026-07-28 (`schema.ts` of each), and of the extension
 * for tasks (SEP-2663). Names are exact: no server takes them in another case.
 */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['initialize', { ...request('server'), isShared: true }],
  ['ping', { ...request('server', 'both'), isShared: true }],
  ['server/discover', request('server')],
  ['logging/setLevel', request('server')],
  ['subscriptions/listen', request('server')],
  ['completion/complete', request('server')],
  ['tools/list', request('tool')],
  ['tools/call', request('tool', 'client', 'name')],
  ['prompts/list', request('prompt')],
  ['prompts/get', request('prompt', 'client', 'name')],
  ['resources/list', request('resource')],
  ['resources/templates/list', request('resource')],
  ['resources/read', request('resource', 'client', 'uri')],
  ['resources/subscribe', request('resource', 'client', 'uri')],
  ['resources/unsubscribe', request('resource', 'client', 'uri')],
  // Of 2025-11-25 either side may ask the other for its tasks.
  ['tasks/list', request('task', 'both')],
  ['tasks/get', request('task', 'both', 'taskId')],
  ['tasks/result', request('task', 'both', 'taskId')],
  ['tasks/cancel', request('task', 'both', 'taskId')],
  ['tasks/update', request('task', 'client', 'taskId')],
  // From the server until 2025-11-25; since 2026-07-28 within results that ask for input.
  ['sampling/createMessage', request('client', 'server')],
  ['elicitation/create', request('client', 'server')],
  ['roots/list', request('client', 'server')],
  ['notifications/initialized', notification('server', 'client')],
  ['notifications/roots/list_changed', notification('client', 'client')],
  ['notifications/cancelled', notification('server', 'both')],
  ['notifications/progress', notification('server', 'both')],
  ['notifications/message', notification('server')],
  ['notifications/tools/list_changed', notification('tool')],
  ['notifications/prompts/list_changed', notification('prompt')],
  ['notifications/resources/list_changed', notification('resource')],
  ['notifications/resources/updated', notification('resource')],
  ['notifications/subscriptions/acknowledged', notification('server')],
  ['notifications/elicitation/complete', notification('client')],
  ['notifications/tasks/status', notification('task', 'both')],
  ['notifications/tasks', notification('task')],
]);
