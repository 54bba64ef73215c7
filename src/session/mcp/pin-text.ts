// The text of a file of pins in, the pins out, or nothing if it is none; and the other way round.
import type { KeptPin } from '../../mcp/offered-tools.ts';

const VERSION = 1;
const DIGEST = /^[0-9a-f]{64}$/;

/** Of one place where a server offers tools. */
export interface PinList {
  /** For people: what policies call the server. */
  readonly server: string;
  /** By the name of the tool. */
  readonly pins: ReadonlyMap<string, KeptPin>;
}

type Json = Readonly<Record<string, unknown>>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}

function readPin(value: unknown): readonly [string, KeptPin] | undefined {
  if (!isJson(value)) return undefined;
  const { name, digest, since, fields, ...others } = value;
  if (typeof name !== 'string' || !isDigest(digest) || !Number.isFinite(since) || !isJson(fields)) return undefined;
  if (Object.keys(others).length > 0 || !Object.values(fields).every(isDigest)) return undefined;
  return [name, { digest, since: since as number, fields: fields as KeptPin['fields'] }];
}

/** Strict: half of a list would be a list in which tools are new that are not. */
export function readPins(text: string): PinList | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJson(value)) return undefined;
  const { v, server, tools, ...others } = value;
  if (v !== VERSION || typeof server !== 'string' || !Array.isArray(tools)) return undefined;
  const pins = new Map<string, KeptPin>();
  for (const tool of tools) {
    const read = readPin(tool);
    if (read === undefined || pins.has(read[0])) return undefined;
    pins.set(...read);
  }
  return Object.keys(others).length > 0 ? undefined : { server, pins };
}

/** One tool a line. */
export function pinsText({ server, pins }: PinList): string {
  const lines = [...pins].map(([name, { digest, since, fields }]) => JSON.stringify({ name, digest, since, fields }));
  return `{"v":${VERSION},"server":${JSON.stringify(server)},"tools":[\n${lines.join(',\n')}\n]}\n`;
}
