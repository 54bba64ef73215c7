// A domain in; whether all names below it belong to whoever holds it out: over no other domain may a suggestion have a wildcard.
import { createRequire } from 'node:module';
import type * as Tldts from 'tldts';

const require = createRequire(import.meta.url);

/** The tree of the Public Suffix List as the library keeps it: of each node a flag and its edges, of each edge a label and a child. */
interface Trie {
  readonly rulesRoot: number;
  readonly nodeFlags: Uint8Array;
  readonly edgeStart: ArrayLike<number>;
  readonly edgeLength: ArrayLike<number>;
  readonly edgeChild: ArrayLike<number>;
  readonly labelText: string;
}

/** Is this node, or some node below it, the end of a rule? */
function holdsRule(trie: Trie, node: number): boolean {
  for (let edge = trie.edgeStart[node] ?? 0; edge < (trie.edgeStart[node + 1] ?? 0); edge++) {
    const child = trie.edgeChild[edge] ?? 0;
    if (trie.nodeFlags[child] !== 0 || holdsRule(trie, child)) return true;
  }
  return false;
}

function offsetsOf({ edgeLength }: Trie): Uint32Array {
  const offsets = new Uint32Array(edgeLength.length);
  for (let edge = 1; edge < offsets.length; edge++)
    offsets[edge] = (offsets[edge - 1] ?? 0) + (edgeLength[edge - 1] ?? 0);
  return offsets;
}

/** Strangers have names below a suffix that lies deeper: `s3.amazonaws.com` below `amazonaws.com`. */
function hasSuffixBelow(domain: string): boolean {
  const trie = require('tldts/dist/cjs/src/data/trie.js') as Trie;
  const offsets = offsetsOf(trie);
  let node: number | undefined = trie.rulesRoot;
  for (const label of domain.split('.').reverse()) {
    let next: number | undefined;
    for (let edge = trie.edgeStart[node] ?? 0; edge < (trie.edgeStart[node + 1] ?? 0); edge++) {
      const at = offsets[edge] ?? 0;
      if (trie.labelText.slice(at, at + (trie.edgeLength[edge] ?? 0)) === label) next = trie.edgeChild[edge];
    }
    if (next === undefined) return false;
    node = next;
  }
  return holdsRule(trie, node);
}

/**
 * A registrable domain, or a name below one, that no public suffix lies under. Not an address, not a single label.
 * Source: the Public Suffix List, registries and services alike, of the day of the library's release.
 */
export function isOneParty(domain: string): boolean {
  const { parse } = require('tldts') as typeof Tldts;
  const { domain: registrable, isIp } = parse(domain, { allowPrivateDomains: true });
  return isIp !== true && registrable !== null && !hasSuffixBelow(domain);
}
