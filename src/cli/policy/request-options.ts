// What a person can say about a request besides its action and resource, as options.
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import type { ValueOption } from '../command.ts';

export interface RequestOption extends ValueOption {
  /** The actions whose requests say it. */
  readonly actions: readonly Action[];
}

/** What a request says besides its action and resource. */
export const REQUEST_OPTIONS: readonly RequestOption[] = [
  {
    kind: 'value',
    name: 'exe',
    value: 'PATH',
    fallback: 'not known',
    summary: 'Program that asks, for files, programs, connections and HTTP',
    actions: [...FILE_ACTIONS, 'ProcessExec', 'NetConnect', 'HttpRequest'],
  },
  {
    kind: 'value',
    name: 'via',
    value: 'SERVER',
    fallback: 'none',
    summary: 'MCP server that the program belongs to, such as `mcp:files`, `mcp:./files` or `mcp:?files`',
    actions: [...FILE_ACTIONS, 'ProcessExec', 'NetConnect', 'HttpRequest'],
  },
  {
    kind: 'value',
    name: 'arg',
    value: 'TEXT',
    repeatable: true,
    summary: 'Argument of the program to start, without its name; of an MCP call NAME=VALUE',
    actions: ['ProcessExec', 'McpCall'],
  },
  {
    kind: 'value',
    name: 'port',
    value: 'N',
    fallback: '443',
    summary: 'Port, for connections and HTTP',
    actions: ['NetConnect', 'HttpRequest', 'HttpRewrite', 'SecretUse'],
  },
  {
    kind: 'value',
    name: 'protocol',
    value: 'NAME',
    choices: ['tcp', 'udp'],
    fallback: 'tcp',
    summary: 'Protocol of a connection',
    actions: ['NetConnect'],
  },
  {
    kind: 'value',
    name: 'ip',
    value: 'ADDRESS',
    fallback: 'the resource itself if it is one, else a synthetic address',
    summary: 'Address of a connection',
    actions: ['NetConnect'],
  },
  {
    kind: 'value',
    name: 'method',
    value: 'NAME',
    fallback: 'GET, and tools/call of an MCP call',
    summary: 'HTTP method, or that of an MCP call',
    actions: ['HttpRequest', 'McpCall'],
  },
  { kind: 'value', name: 'server', value: 'HOST', summary: 'MCP server of a tool', actions: ['McpCall'] },
  {
    kind: 'value',
    name: 'path',
    value: 'PATH',
    fallback: '/',
    summary: 'Path and query of an HTTP request',
    actions: ['HttpRequest'],
  },
  {
    kind: 'value',
    name: 'scheme',
    value: 'NAME',
    choices: ['http', 'https'],
    fallback: 'https',
    summary: 'Scheme of an HTTP request',
    actions: ['HttpRequest'],
  },
  {
    kind: 'value',
    name: 'header',
    value: 'NAME:VALUE',
    repeatable: true,
    summary:
      'Header of an HTTP request; for HttpRewrite and SecretUse the one that is set, `authorization:` if not said',
    actions: ['HttpRequest', 'HttpRewrite', 'SecretUse'],
  },
  {
    kind: 'value',
    name: 'host',
    value: 'HOST',
    summary: 'Host, with an optional port, of the request that a credential is put into',
    actions: ['SecretUse'],
  },
  {
    kind: 'value',
    name: 'qtype',
    value: 'TYPE',
    fallback: 'A',
    summary: 'Type of a DNS query',
    actions: ['DnsResolve'],
  },
];

/** The same as data for a command. */
export const REQUEST_VALUE_OPTIONS: readonly ValueOption[] = REQUEST_OPTIONS.map(({ actions: _, ...option }) => option);
