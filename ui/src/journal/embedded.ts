// Data blocks of a report in, the files that it carries out. src/api/hub/report.ts writes them. No DOM.

/** Base64 (RFC 4648, section 4). Throws the browser's error for anything else. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < characters.length; at += 1) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

export interface Block {
  readonly name: string;
  readonly text: string;
}

/** Blocks of one name are pieces of one file, in order. */
export function filesOf(blocks: Iterable<Block>): readonly File[] {
  const pieces = new Map<string, Uint8Array<ArrayBuffer>[]>();
  for (const { name, text } of blocks) {
    const known = pieces.get(name);
    if (known === undefined) pieces.set(name, [bytesOf(text)]);
    else known.push(bytesOf(text));
  }
  return [...pieces].map(([name, bytes]) => new File(bytes, name));
}
