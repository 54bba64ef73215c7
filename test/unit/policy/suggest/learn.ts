// Requests as a session would have recorded them in; what is suggested from them out.
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { GuardedChecker } from '../../../../src/policy/check/check-guarded.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { Evidence, type Operation, type Setting } from '../../../../src/policy/suggest/evidence.ts';
import { fencePolicies } from '../../../../src/policy/suggest/fence.ts';
import { type Suggestion, suggest } from '../../../../src/policy/suggest/suggest.ts';
import type { Action, FileAction, Request } from '../../../../src/schema/request.ts';
import { FACTS } from '../judge.ts';

const DAY = '2026-11-29';
const checker = new GuardedChecker(cedarSchema());
const fence = fencePolicies(checker, DAY);
const program = { exe: '/usr/bin/node', uid: 1000 } as const;

export const file = (path: string, action: FileAction = 'FileOpenReadOnly'): Request => ({
  action,
  resource: { type: 'path', path },
  program,
});
export const exec = (path: string): Request => ({
  action: 'ProcessExec',
  resource: { type: 'path', path },
  program,
  argv: [path],
});
export const connect = (name: string, port = 443, protocol: 'tcp' | 'udp' = 'tcp'): Request => ({
  action: 'NetConnect',
  resource: { type: 'host', name },
  program,
  port,
  protocol,
  ip: '198.18.0.7',
});
export const http = (name: string, method: string, path: string): Request => ({
  action: 'HttpRequest',
  resource: { type: 'host', name },
  program,
  port: 443,
  method,
  path,
  query: '',
  scheme: 'https',
  headers: new Map(),
});
export const dns = (name: string, qtype = 'A'): Request => ({
  action: 'DnsResolve',
  resource: { type: 'host', name },
  qtype,
});

export interface Learning {
  /** Text of the policy that is added to. */
  readonly base?: string;
  readonly isExact?: boolean;
}

export type Done = Partial<Omit<Operation, 'setting'>> & { readonly requests: readonly Request[] };

export function learn(
  operations: readonly (Request | Done)[],
  { base = '', isExact = false }: Learning = {},
): Suggestion {
  const policies = checker.check({ name: 'base', text: base }, DAY).policies.map(readPolicy);
  const setting: Setting = { facts: FACTS, base: policies };
  const evidence = new Evidence();
  for (const operation of operations) {
    const done = 'requests' in operation ? operation : { requests: [operation] };
    evidence.add({ session: 's1', succeeded: true, ...done, setting });
  }
  return suggest(evidence, { checker, fence, today: DAY, isExact });
}

export function textOf({ statements }: Suggestion): string {
  return statements.map(({ text }) => text).join('\n');
}

/** Statements with this action. */
export function ofAction({ statements }: Suggestion, action: Action): readonly string[] {
  return statements.filter(({ actions }) => actions.includes(action)).map(({ text }) => text);
}
