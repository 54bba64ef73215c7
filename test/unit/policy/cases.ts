// Reads a `.cases` file of policies/: lines of effect, action, resource and determining policies; the format stands in the file itself.
import { readFileSync } from 'node:fs';
import { ALIASES, aliasTarget, type SessionFacts } from '../../../src/policy/facts.ts';
import { FILE_ACTIONS, type Request } from '../../../src/schema/request.ts';

export interface PolicyCase {
  readonly line: string;
  readonly effect: string;
  readonly policies: readonly string[];
  readonly request: Request;
}

const program = { exe: '/usr/bin/node', uid: 1000 };

function expand(resource: string, facts: SessionFacts): string {
  const alias = ALIASES.find((name) => resource.startsWith(name));
  return alias === undefined ? resource : aliasTarget(facts, alias) + resource.slice(alias.length);
}

function hostRequest(action: string, resource: string): Request {
  const [name = '', port] = resource.split(':');
  if (action === 'DnsResolve') return { action, resource: { type: 'host', name }, qtype: 'A' };
  if (action !== 'NetConnect') throw new Error(`no such action: ${action}`);
  const ip = /^[\d.]+$/.test(name) ? name : '198.18.0.7';
  return { action, resource: { type: 'host', name }, program, port: Number(port), protocol: 'tcp', ip };
}

function requestOf(action: string, text: string, facts: SessionFacts): Request {
  const resource = { type: 'path', path: expand(text, facts) } as const;
  const fileAction = FILE_ACTIONS.find((name) => name === action);
  if (fileAction !== undefined) return { action: fileAction, resource, program };
  if (action === 'ProcessExec') return { action, resource, program, argv: [text] };
  return hostRequest(action, text);
}

export function readCases(path: string, facts: SessionFacts): readonly PolicyCase[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [effect = '', action = '', resource = '', ids = ''] = line.trim().split(/\s+/);
      return {
        line,
        effect,
        policies: ids === '-' ? [] : ids.split(',').sort(),
        request: requestOf(action, resource, facts),
      };
    });
}
