import { expect, test } from 'vitest';
import { statementToJson } from '../../../src/policy/check/cedar.ts';
import { readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { McpReach } from '../../../src/policy/mcp-reach.ts';
import { FACTS } from './judge.ts';

function reaches(name: string, ...texts: readonly string[]): boolean {
  const policies = texts.map((text, i) => {
    const asks = text.startsWith('@ask') ? { ask: 'May it?' } : {};
    return readPolicy({ id: `p${i}`, shadow: text.startsWith('@mode'), ...asks, json: statementToJson(text) });
  });
  const resource = { type: 'tool', name, server: 's' } as const;
  return new McpReach(policies, FACTS).includes({ action: 'McpCall', resource, method: 'tools/call', args: new Map() });
}

const PERMIT = 'permit(principal, action == Action::"McpCall", resource)';
const FORBID = 'forbid(principal, action == Action::"McpCall", resource)';
const SMALL = 'context.args.hasTag("n") && context.args.getTag("n") == "1"';

test.each([
  [`${PERMIT};`],
  // With the right argument it is permitted.
  [`${PERMIT} when { ${SMALL} };`],
  [`${PERMIT};`, `${FORBID} when { ${SMALL} };`],
  [`${PERMIT};`, `${FORBID} unless { ${SMALL} };`],
  [`${PERMIT};`, `@ask("May it?") ${FORBID};`],
  [`${PERMIT};`, `@mode("shadow") ${FORBID};`],
])('some call may be permitted: %j', (...texts) => {
  expect(reaches('t', ...texts)).toBe(true);
});

test.each([
  [],
  [`${PERMIT} when { resource == MCP::Tool::"other" };`],
  [`${PERMIT} when { resource == MCP::Tool::"other" } when { ${SMALL} };`],
  [`${PERMIT};`, `${FORBID} when { resource.name == "t" };`],
  [`@mode("shadow") ${PERMIT};`],
])('none is: %j', (...texts) => {
  expect(reaches('t', ...texts)).toBe(false);
});
