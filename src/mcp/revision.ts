// The revision that two sides speak enters; what it allows on the wire leaves.

/** The revisions that have batches, of JSON-RPC 2.0 by reference or by their own words; 2025-06-18 took them out. */
const WITH_BATCHES: ReadonlySet<string> = new Set(['2024-11-05', '2025-03-26']);

/** @param version `MCP-Protocol-Version`; without it servers assume 2025-03-26 (2025-06-18, Transports, Protocol Version Header). */
export function hasBatches(version: string | undefined): boolean {
  return version === undefined || WITH_BATCHES.has(version);
}
