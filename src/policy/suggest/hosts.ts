// Hosts that were seen in; which of them stand for themselves, and which a wildcard of one party stands for, out.
import { parseCanonicalAddress } from '../evaluate/ip.ts';
import { isOneParty } from './one-party.ts';

/** Different names directly or further below a domain that prove a wildcard. */
export const SUBDOMAINS = 3;

/** Suffixes after each dot: `b.example.com`, `example.com`, `com` for `a.b.example.com`. */
function parentsOf(host: string): readonly string[] {
  const labels = host.split('.');
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'));
}

/**
 * For each host the pattern that stands for it: itself, or `*.domain` where enough names below the domain were seen, all of them belong to
 * whoever holds it, and no narrower domain will do. `isExact`: no wildcards.
 */
export function patternsOf(hosts: readonly string[], isExact: boolean): ReadonlyMap<string, string> {
  const patterns = new Map(hosts.map((host) => [host, host]));
  if (isExact) return patterns;
  const below = new Map<string, string[]>();
  for (const host of patterns.keys()) {
    if (parseCanonicalAddress(host) !== undefined) continue;
    for (const parent of parentsOf(host)) {
      const others = below.get(parent) ?? [];
      others.push(host);
      below.set(parent, others);
    }
  }
  // The longest domain first: `*.cdn.example.com` before `*.example.com`.
  const domains = [...below]
    .filter(([, names]) => names.length >= SUBDOMAINS)
    .sort(([a], [b]) => b.split('.').length - a.split('.').length || (a < b ? -1 : 1));
  for (const [domain, names] of domains) {
    const free = names.filter((name) => patterns.get(name) === name);
    if (free.length < SUBDOMAINS || !isOneParty(domain)) continue;
    for (const name of free) patterns.set(name, `*.${domain}`);
  }
  return patterns;
}
