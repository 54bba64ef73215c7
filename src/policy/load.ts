// Policy text and session facts in, a policy set out: from the cache when it is there, else checked and compiled.
import { createHash } from 'node:crypto';
import { readCache, writeCache } from './cache.ts';
import { cedarSchema } from './cedar-schema.ts';
import { canonicalFacts, type SessionFacts } from './facts.ts';
import { type Checked, openPolicySet, type PolicySet } from './policy-set.ts';
import { decodeChecked, decodeCompiled, encodeChecked, encodeCompiled } from './stored.ts';
import type { Source } from './text/diagnostic.ts';

/** Part of every cache key: raise it with any change to what is checked, compiled or stored. */
const COMPILER_VERSION = 'leash policy compiler 13, cedar-wasm 4.13.0';

/** A policy text, and how messages call it. */
export interface GuardedSource extends Source {
  /** Statements of Leash itself, joined to the text's own: ids start with `leash:`. */
  readonly guard?: string;
}

export interface LoadOptions {
  /** Parent of the folder `policy` that holds results; without it every load checks and compiles. */
  readonly cacheDir?: string;
}

function keyOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Looks a result up, or makes and keeps it. `decode` may refuse what is stored. */
async function remember<T>(
  { cacheDir }: LoadOptions,
  key: string,
  decode: (body: string) => T | undefined,
  make: () => Promise<{ readonly result: T; readonly body: string }>,
): Promise<T> {
  if (cacheDir === undefined) return (await make()).result;
  const stored = readCache(cacheDir, key);
  const known = stored === undefined ? undefined : decode(stored);
  if (known !== undefined) return known;
  const { result, body } = await make();
  writeCache(cacheDir, key, body);
  return result;
}

interface Keys {
  /** Of what the text alone determines. */
  readonly text: string;
  /** Of the compiled set. */
  readonly set: string;
}

function keysOf(source: GuardedSource, facts: SessionFacts): Keys {
  const { name, text, sections = [], guard = '' } = source;
  const textKey = keyOf([COMPILER_VERSION, cedarSchema(), name, text, JSON.stringify(sections), guard]);
  const { agent, user, groups = [], profiles = [], workspace, home, tmp, registries = {} } = facts;
  // The session id stays out: no table depends on it, and a new one comes with every start.
  const set = keyOf([textKey, agent, user, workspace, home, tmp, JSON.stringify({ groups, profiles, registries })]);
  return { text: textKey, set };
}

/** What decides the same as another set has the same id. `facts` are canonical. */
export function setId(source: GuardedSource, facts: SessionFacts): string {
  return keysOf(source, facts).set;
}

/** The day in UTC, `YYYY-MM-DD`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/**
 * Loads a policy text. `source.name` is how messages call it.
 * Throws LeashError LEASH_POLICY_INVALID, with every fault and its place in `details`, and LEASH_WORKSPACE for bad directories.
 */
export async function loadPolicies(
  source: GuardedSource,
  facts: SessionFacts,
  options: LoadOptions = {},
): Promise<PolicySet> {
  const canonical = canonicalFacts(facts);
  const keys = keysOf(source, canonical);
  const day = today();
  const checked = (): Promise<Checked> =>
    remember(
      options,
      keys.text,
      (body) => decodeChecked(body, day),
      async () => {
        // The Cedar library takes longer to load than everything else at start-up.
        const { GuardedChecker } = await import('./check/check-guarded.ts');
        const result = new GuardedChecker(cedarSchema()).check(source, day);
        return { result, body: encodeChecked(result) };
      },
    );
  const compiled = await remember(
    options,
    keys.set,
    (body) => decodeCompiled(body, day),
    async () => {
      const { compileChecked } = await import('./compile/compile-checked.ts');
      const { TableCompiler } = await import('./compile/table.ts');
      const result = compileChecked(new TableCompiler(canonical), await checked(), source.name);
      return { result, body: encodeCompiled(result) };
    },
  );
  return openPolicySet(keys.set, compiled, canonical);
}
