import { describe, expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { Authorizer } from '../../../../src/policy/evaluate/authorizer.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import type { Request } from '../../../../src/schema/request.ts';
import { FACTS } from '../judge.ts';

interface Written {
  readonly text: string;
  readonly shadow?: boolean;
  readonly reason?: string;
  readonly ask?: string;
}

function authorizer(...policies: readonly Written[]): Authorizer {
  const stored = policies.map(({ text, shadow = false, ...rest }, i) =>
    readPolicy({ id: `p${i}`, shadow, ...rest, json: statementToJson(text) }),
  );
  return new Authorizer(stored, FACTS);
}

const program = { exe: '/bin/x', uid: 0 };
const read = (path: string): Request => ({ action: 'FileOpenReadOnly', resource: { type: 'path', path }, program });
const ALL = 'permit(principal, action, resource);';
const NONE = 'forbid(principal, action, resource);';

describe('verdicts', () => {
  test('nothing permitted is denied, by no policy', () => {
    expect(authorizer().decide(read('/a'))).toEqual({ effect: 'deny', policies: [] });
  });

  test('all permits are named, and all forbids in their place', () => {
    expect(authorizer({ text: ALL }, { text: ALL }).decide(read('/a')).policies).toEqual(['p0', 'p1']);
    expect(authorizer({ text: ALL }, { text: NONE, reason: 'because' }, { text: NONE }).decide(read('/a'))).toEqual({
      effect: 'deny',
      policies: ['p1', 'p2'],
      reason: 'because',
    });
  });

  test('a policy that fails is skipped and named', () => {
    const failing = 'forbid(principal, action, resource) when { context.proc.uid + 9223372036854775807 > 0 };'.replace(
      '9223372036854775807',
      '9007199254740991 * 9007199254740991',
    );
    expect(authorizer({ text: ALL }, { text: failing }).decide(read('/a'))).toEqual({
      effect: 'allow',
      policies: ['p0'],
      errors: ['p1'],
    });
  });

  test('a program belongs to one MCP server, or to none, which is the empty text', () => {
    const by = (via?: string): Request =>
      ({ ...read('/a'), program: { ...program, ...(via !== undefined && { via }) } }) as Request;
    const allowed = (condition: string): readonly string[] => {
      const judge = authorizer({ text: `permit(principal, action, resource) when { ${condition} };` });
      return [undefined, 'mcp:files', 'mcp:./files', 'mcp:?files'].flatMap((via) => {
        const { effect, errors = [] } = judge.decide(by(via));
        expect(errors).toEqual([]);
        return effect === 'allow' ? [via ?? 'none'] : [];
      });
    };
    expect(allowed('context.proc.via == "mcp:files"')).toEqual(['mcp:files']);
    expect(allowed('context.proc.via == ""')).toEqual(['none']);
    expect(allowed('context.proc.via != "mcp:files"')).toEqual(['none', 'mcp:./files', 'mcp:?files']);
    expect(allowed('context.proc.via like "mcp:?*"')).toEqual(['mcp:?files']);
    expect(allowed('context.proc.via like "mcp:*"')).toEqual(['mcp:files', 'mcp:./files', 'mcp:?files']);
  });

  test('what a person must allow is denied until then, with the question', () => {
    const asking = authorizer({ text: ALL }, { text: NONE, ask: 'May it?' });
    expect(asking.decide(read('/a'))).toEqual({
      effect: 'deny',
      policies: ['p1'],
      ask: 'May it?',
      reason: 'a person must agree, and nobody was asked: May it?',
    });
    expect(authorizer({ text: ALL, ask: 'May it?' }).decide(read('/a'))).toMatchObject({
      policies: ['p0'],
      ask: 'May it?',
    });
  });

  test('nobody is asked about what a plain policy decides', () => {
    const ask = 'May it?';
    expect(authorizer({ text: ALL }, { text: ALL, ask }).decide(read('/a'))).toEqual({
      effect: 'allow',
      policies: ['p0'],
    });
    expect(authorizer({ text: ALL }, { text: NONE }, { text: NONE, ask }).decide(read('/a'))).toEqual({
      effect: 'deny',
      policies: ['p1'],
    });
    expect(authorizer({ text: NONE, ask }).decide(read('/a'))).toEqual({ effect: 'deny', policies: [] });
  });

  test('shadow policies never change the effect; the difference is told', () => {
    expect(authorizer({ text: ALL }, { text: NONE, shadow: true }).decide(read('/a'))).toEqual({
      effect: 'allow',
      policies: ['p0'],
      shadow: 'deny',
    });
    expect(authorizer({ text: ALL, shadow: true }).decide(read('/a'))).toEqual({
      effect: 'deny',
      policies: [],
      shadow: 'allow',
    });
    expect(authorizer({ text: ALL }, { text: ALL, shadow: true }).decide(read('/a'))).toEqual({
      effect: 'allow',
      policies: ['p0'],
    });
  });
});

describe('requests outside the schema are denied whatever the policies say', () => {
  const permissive = authorizer({ text: ALL });

  test.each(['', 'a', '/a//b', '/a/../b', '/a/.'])('the path %j', (path) => {
    expect(permissive.decide(read(path))).toEqual({ effect: 'deny', policies: [] });
  });

  test('a directory to execute', () => {
    const request: Request = { action: 'ProcessExec', resource: { type: 'path', path: '/bin/' }, program, argv: [] };
    expect(permissive.decide(request).effect).toBe('deny');
    expect(permissive.decide({ ...request, resource: { type: 'path', path: '/bin/ls' } }).effect).toBe('allow');
  });

  test('an address that is none', () => {
    const request: Request = {
      action: 'NetConnect',
      resource: { type: 'host', name: 'a' },
      program,
      port: 1,
      protocol: 'tcp',
      ip: '1.2.3',
    };
    expect(permissive.decide(request).effect).toBe('deny');
    expect(permissive.decide({ ...request, ip: '1.2.3.4' }).effect).toBe('allow');
  });

  test('an action that is none', () => {
    for (const action of ['FileOpen', 'NetworkConnect', 'toString', '']) {
      expect(permissive.decide({ ...read('/a'), action } as unknown as Request).effect).toBe('deny');
    }
  });

  test('a host that is spelt like a group', () => {
    const request = (name: string): Request => ({
      action: 'SecretUse',
      resource: { type: 'secret', name: '*@' },
      host: { type: 'host', name },
      port: 443,
      header: 'authorization',
    });
    expect(permissive.decide(request('a.com')).effect).toBe('allow');
    expect(permissive.decide(request('*.a.com')).effect).toBe('deny');
    expect(permissive.decide(request('@registry/npm')).effect).toBe('deny');
  });
});
