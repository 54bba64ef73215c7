import { expect, test } from 'vitest';
import { statementToJson } from '../../../src/policy/check/cedar.ts';
import { readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { type McpAttention, mcpAttention } from '../../../src/policy/mcp-attention.ts';
import { FACTS } from './judge.ts';

const ALL = 'permit(principal, action, resource);';

function attention(texts: readonly string[], shadow = false): McpAttention {
  const policies = texts.map((text, i) => readPolicy({ id: `p${i}`, shadow, json: statementToJson(text) }));
  return mcpAttention(policies, FACTS);
}

test.each([
  'permit(principal, action == Action::"McpCall", resource);',
  'forbid(principal, action == Action::"McpCall", resource);',
  'permit(principal, action in [Action::"NetConnect", Action::"McpCall"], resource);',
  'permit(principal == Agent::"somebody else", action == Action::"McpCall", resource);',
  'permit(principal, action, resource == MCP::Tool::"t");',
  'permit(principal, action, resource is MCP::Server);',
  'permit(principal, action, resource) when { resource in [MCP::Server::"s"] };',
  'permit(principal, action, resource) unless { action == Action::"McpCall" };',
  'permit(principal, action, resource) when { context has server };',
  'permit(principal, action, resource) when { context has server && context.server == "s" };',
  // Forbids for every action that a call may satisfy.
  'forbid(principal, action, resource);',
  'forbid(principal, action, resource) when { principal.name == "x" };',
  'forbid(principal, action, resource) unless { resource is Host };',
  'forbid(principal, action, resource) unless { context has port && context.port == 22 };',
  'forbid(principal, action, resource) when { resource is Host || principal.name == "x" };',
  'forbid(principal, action, resource) when { resource.name == "x" };',
])('calls are judged where a policy speaks of them: %s', (text) => {
  expect(attention([ALL, text]).calls).toBe('enforced');
  expect(attention([text], true).calls).toBe('shadow');
});

test.each([
  '',
  'permit(principal, action == Action::"HttpRequest", resource);',
  'permit(principal, action in Action::"FileOpen", resource in Dir::"/w/");',
  'permit(principal, action, resource) when { context has port };',
  'forbid(principal, action, resource == Host::"a.com");',
  'forbid(principal, action, resource in Host::"*.a.com");',
  'forbid(principal, action, resource is Secret);',
  'forbid(principal, action, resource) when { resource in [Host::"a.com", Host::"b.com"] };',
  'forbid(principal, action, resource) when { resource is Host && resource.name like "*.a.com" };',
  'forbid(principal, action, resource) when { resource has path && resource.path like "*/.env" };',
  'forbid(principal, action, resource) when { context has port && context.port == 22 };',
  'forbid(principal, action, resource) when { context.port == 22 };',
  'forbid(principal, action, resource) unless { context.port == 22 };',
  'forbid(principal == Agent::"somebody else", action, resource);',
  'forbid(principal, action in Action::"NetworkConnect", resource);',
])('and MCP is HTTP like any other where none does: %s', (text) => {
  expect(attention(text === '' ? [ALL] : [ALL, text])).toEqual({ calls: 'no', args: 'no' });
});

test.each([
  ['forbid(principal, action == Action::"McpCall", resource) when { context.args.hasTag("a") };', 'enforced'],
  ['permit(principal, action == Action::"McpCall", resource) when { context == context };', 'enforced'],
  ['permit(principal, action == Action::"McpCall", resource) when { context.method == "tools/call" };', 'no'],
  ['permit(principal, action == Action::"McpCall", resource) when { context has args };', 'no'],
] as const)('arguments are looked at: %s %s', (text, args) => {
  expect(attention([ALL, text]).args).toBe(args);
});
