// Policy text and session facts in, a policy set out: from the cache when it is there, else checked and compiled.
import { createHash } from 'node:crypto';
import { LeashError } from '../host/errors.ts';
import { readCache, writeCache } from './cache.ts';
import { cedarSchema } from './cedar-schema.ts';
import type { Scope } from './check/check.ts';
import { readPolicy } from './evaluate/policy.ts';
import { canonicalFacts, type SessionFacts } from './facts.ts';
import { type Checked, type Compiled, openPolicySet, type PolicySet } from './policy-set.ts';
import { decodeChecked, decodeCompiled, encodeChecked, encodeCompiled } from './stored.ts';
import type { Source } from './text/diagnostic.ts';

/** Part of every cache key: raise it with any change to what is checked, compiled or stored. */
const COMPILER_VERSION = 'leash policy compiler 4, cedar-wasm 4.13.0';

/** A policy text, and how messages call it. */
export interface GuardedSource extends Source {
  /** Statements of Leash itself, joined to the text's own: ids start with `leash:`. */
  readonly guard?: string;
}

export interface LoadOptions {
  /** Parent of the folder `policy` that holds results; without it every load checks and compiles. */
  readonly cacheDir?: string;
  /** `session` refuses policies that name what no layer enforces; without it the whole language loads. */
  readonly scope?: Scope;
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

async function compile(checked: Checked, name: string, facts: SessionFacts): Promise<Compiled> {
  const { compileTable } = await import('./compile/table.ts');
  const { imageFault } = await import('./compile/image.ts');
  const { TooComplex } = await import('./compile/atoms.ts');
  try {
    const image = compileTable(checked.policies.map(readPolicy), facts);
    const fault = imageFault(image);
    if (fault !== undefined) throw new Error(`the compiler wrote an unsound table: ${fault}`);
    return { ...checked, image };
  } catch (cause) {
    if (!(cause instanceof TooComplex)) throw cause;
    throw new LeashError('LEASH_POLICY_INVALID', `policy ${name} is too complex: ${cause.message}`, { cause });
  }
}

function join(own: Checked, guard: Checked, name: string): Checked {
  const taken = own.policies.find((policy) => guard.policies.some(({ id }) => id === policy.id));
  if (taken) throw new LeashError('LEASH_POLICY_INVALID', `policy ${name}: the id ${taken.id} belongs to Leash`);
  return { ...own, policies: [...own.policies, ...guard.policies] };
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
  const schema = cedarSchema();
  const today = new Date().toISOString().slice(0, 10);
  const { scope = 'language' } = options;
  const textKey = keyOf([
    COMPILER_VERSION,
    scope,
    schema,
    source.name,
    source.text,
    JSON.stringify(source.sections ?? []),
    source.guard ?? '',
  ]);
  const check = async (): Promise<{ result: Checked; body: string }> => {
    // The Cedar library takes longer to load than everything else at start-up.
    const { checkSource } = await import('./check/check-source.ts');
    const own = checkSource(source, schema, today, scope);
    const guard = source.guard && checkSource({ name: 'leash', text: source.guard }, schema, today, scope);
    const result = guard ? join(own, guard, source.name) : own;
    return { result, body: encodeChecked(result) };
  };
  const { agent, user, groups = [], profiles = [], workspace, home, tmp, registries = {} } = canonical;
  // The session id stays out: no table depends on it, and a new one comes with every start.
  const key = keyOf([textKey, agent, user, workspace, home, tmp, JSON.stringify({ groups, profiles, registries })]);
  const compiled = await remember(
    options,
    key,
    (body) => decodeCompiled(body, today),
    async () => {
      const checked = await remember(options, textKey, (body) => decodeChecked(body, today), check);
      const result = await compile(checked, source.name, canonical);
      return { result, body: encodeCompiled(result) };
    },
  );
  return openPolicySet(key, compiled, canonical);
}
