// Policies about connections in; for a host name the few that some connection to it could satisfy out.
import { type Guard, guardsOf } from './evaluate/guard.ts';
import { parseHostId, registryGroups, wildcardsOf } from './evaluate/host-entity.ts';
import { parseCanonicalAddress } from './evaluate/ip.ts';
import type { Policy } from './evaluate/policy.ts';
import { splitRepository } from './evaluate/repository-entity.ts';
import type { Registries } from './facts.ts';

/** Names by which a host asks for the policies of an atom; undefined when some connection to any host could make it hold. */
function namesOf({ reference, relation, key }: Guard['atoms'][number]): readonly string[] | undefined {
  const isName = reference.name === 'resource.4:name' || reference.name === 'context.8:hostname';
  if (relation === 'begins' || relation === 'ends') return undefined;
  if (isName) return key.kind === 'string' ? [key.value] : [];
  if (reference.name !== 'resource') return undefined;
  if (key.kind !== 'entity') return [];
  if (key.type === 'Repository') return [splitRepository(key.id)?.host ?? ''];
  if (key.type !== 'Host') return [];
  const pattern = relation === 'in' ? parseHostId(key.id) : undefined;
  if (pattern === undefined) return [key.id];
  // A name may resolve to any address.
  return parseCanonicalAddress(pattern.name) === undefined ? [key.id, pattern.name] : undefined;
}

/** Of the first guard that is about the host alone. */
function namesOfPolicy(policy: Policy): readonly string[] | undefined {
  for (const { atoms } of guardsOf(policy)) {
    const names = atoms.map(namesOf);
    if (names.every((each) => each !== undefined)) return names.flat();
  }
  return undefined;
}

export class HostCandidates {
  readonly #any: Policy[] = [];
  readonly #byName = new Map<string, Policy[]>();

  constructor(policies: readonly Policy[]) {
    for (const policy of policies) {
      const names = namesOfPolicy(policy);
      if (names === undefined) this.#any.push(policy);
      for (const name of names ?? []) {
        const named = this.#byName.get(name);
        if (named === undefined) this.#byName.set(name, [policy]);
        else named.push(policy);
      }
    }
  }

  /** Without those that no connection to the host satisfies, whatever its port, address and program. */
  of(host: string, registries: Registries): readonly Policy[] {
    const names = [host, ...wildcardsOf(host), ...registryGroups(registries, host)];
    return [...new Set([...this.#any, ...names.flatMap((name) => this.#byName.get(name) ?? [])])];
  }
}
