// Options that several commands about events have.
import type { EventAction } from '../../../schema/event.ts';
import { FILE_ACTIONS } from '../../../schema/request.ts';
import type { FlagOption, ValueOption } from '../../command.ts';

// A record, so that the compiler asks for every action there is.
const OTHER_ACTIONS: Readonly<Record<Exclude<EventAction, (typeof FILE_ACTIONS)[number]>, true>> = {
  ProcessExec: true,
  NetConnect: true,
  HttpRequest: true,
  DnsResolve: true,
  HttpRewrite: true,
  SecretUse: true,
  McpCall: true,
  SystemCall: true,
  ResourceLimit: true,
  PortPublish: true,
  PortConnect: true,
  McpToolNotice: true,
  PolicyLoad: true,
  SessionStart: true,
  SessionExec: true,
  SessionEnd: true,
};

export const SESSION_OPTION: ValueOption = {
  kind: 'value',
  name: 'session',
  short: 's',
  value: 'ID',
  fallback: 'latest',
  summary: 'Session to show: an id, the beginning or end of one, or `latest`',
};

export const DENIED_OPTION: FlagOption = {
  kind: 'flag',
  name: 'denied',
  summary: 'Only what was denied, or would be in enforce mode',
};

export const ACTION_OPTION: ValueOption = {
  kind: 'value',
  name: 'action',
  value: 'ACTION',
  repeatable: true,
  choices: [...FILE_ACTIONS, ...Object.keys(OTHER_ACTIONS)],
  summary: 'Only events of this action',
};
