// Definitions of MCP tools enter as servers sent them, each many times; each once leaves, without credentials, for a file of the session.
import { createHash } from 'node:crypto';
import { ToolFile } from '../journal/tool-files.ts';
import { bodyRedactor } from './redact-body.ts';

/** More that differ are not kept. */
const MAX_TOOLS = 65_536;

export interface ToolPlace {
  /** The session's own folder. */
  readonly dir: string;
  /** Names and values; a value that holds another stands before it. */
  readonly credentials: readonly (readonly [string, string])[];
}

/**
 * What servers say of their tools is kept for `leash mcp schema`; nothing is decided by it, so a full disk stops nothing here: the
 * journal's own stops all.
 */
export function toolKeeper({ dir, credentials }: ToolPlace): (server: string, definition: string) => void {
  const file = new ToolFile(dir);
  const redactor = bodyRedactor(credentials);
  const known = new Set<string>();
  return (server, definition) => {
    const hash = createHash('sha256').update(`${server}\0${definition}`).digest('base64');
    if (known.has(hash) || known.size >= MAX_TOOLS) return;
    known.add(hash);
    try {
      file.add(server, redactor.clean(definition));
    } catch {
      known.delete(hash);
    }
  };
}
