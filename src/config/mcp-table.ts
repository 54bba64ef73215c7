// The table [mcp] in, its settings out, or what is wrong with it.
import { isTable, type McpSettings } from './config.ts';
import { ConfigFault, insteadOf } from './fault.ts';

const KEYS = ['pins'];
const PINS = ['ask', 'warn', 'off'] as const;

/** @throws ConfigFault */
export function readMcp(value: unknown): McpSettings {
  if (value === undefined) return {};
  if (!isTable(value)) throw new ConfigFault('mcp is no table; write [mcp]', 'mcp');
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw new ConfigFault(`mcp has no key ${JSON.stringify(unknown)}; ${insteadOf(unknown, KEYS)}`, 'mcp', unknown);
  const { pins: text } = value;
  if (text === undefined) return {};
  const pins = PINS.find((word) => word === text);
  if (pins === undefined) throw new ConfigFault('pins is "ask", "warn" or "off"', 'mcp', 'pins');
  return { pins };
}
