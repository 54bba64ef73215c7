// Policy text and session facts in, a policy set out: from the cache when it is there, else checked and compiled.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { PACKAGE_ROOT } from '../host/paths.ts';
import { readCache, writeCache } from './cache.ts';
import { canonicalFacts, type SessionFacts } from './facts.ts';
import { type Compiled, openPolicySet, type PolicySet } from './policy-set.ts';
import type { Source } from './text/diagnostic.ts';

/** Part of every cache key: raise it with any change to what is checked, compiled or stored. */
const COMPILER_VERSION = 'leash policy compiler 1, cedar-wasm 4.13.0';

export interface LoadOptions {
  /** Parent of the folder `policy` that holds compiled policies; without it every load compiles. */
  readonly cacheDir?: string;
}

/** The session id stays out: no table depends on it, and a new one comes with every start. */
function keyOf(source: Source, schema: string, facts: SessionFacts): string {
  const { agent, user, workspace, home, tmp } = facts;
  const parts = [COMPILER_VERSION, schema, source.name, source.text, agent, user, workspace, home, tmp];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

async function compile(source: Source, schema: string, facts: SessionFacts, today: string): Promise<Compiled> {
  // The Cedar library takes longer to load than everything else at start-up.
  const { compilePolicies } = await import('./compile.ts');
  return compilePolicies(source, schema, facts, today);
}

/**
 * Loads a policy text. `source.name` is how messages call it.
 * Throws LeashError LEASH_POLICY_INVALID, with every fault and its place in `details`, and LEASH_WORKSPACE for bad directories.
 */
export async function loadPolicies(source: Source, facts: SessionFacts, options: LoadOptions = {}): Promise<PolicySet> {
  const canonical = canonicalFacts(facts);
  const schema = await readFile(path.join(PACKAGE_ROOT, 'src/schema/leash.cedarschema'), 'utf8');
  const today = new Date().toISOString().slice(0, 10);
  const key = keyOf(source, schema, canonical);
  const { cacheDir } = options;
  const cached = cacheDir === undefined ? undefined : readCache(cacheDir, key, today);
  if (cached !== undefined) return openPolicySet(key, cached, canonical);
  const compiled = await compile(source, schema, canonical, today);
  if (cacheDir !== undefined) writeCache(cacheDir, key, compiled);
  return openPolicySet(key, compiled, canonical);
}

/** Policy text from the bytes of a file; `name` is how messages call it. Throws LeashError LEASH_POLICY_INVALID unless they are UTF-8. */
export function policySource(name: string, bytes: Uint8Array): Source {
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (cause) {
    throw new LeashError('LEASH_POLICY_INVALID', `policy ${name} is not UTF-8 text`, { cause });
  }
}
