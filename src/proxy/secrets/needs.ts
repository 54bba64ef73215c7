// A permitted request enters, which credentials it needs and where leaves, or why it must not go out.

import type { HttpRequest, SecretRequest } from '../../schema/request.ts';
import type { Objection, Outgoing } from '../exchange/passage.ts';
import { type Decide, type Decision, isQuestion, isRefusal, type Peer } from '../options.ts';
import { type Binding, headerOf, matchesPath, type Place, patternsFor } from './binding.ts';
import type { PlaceholderSearch, Sighting } from './leaks.ts';
import { replaceIn } from './place.ts';
import { Refusals } from './refusals.ts';

/** A credential that a request needs, and the places it takes there. */
export interface Need {
  readonly binding: Binding;
  readonly places: readonly Place[];
  /** Set whether or not the stand-in is there. */
  readonly isInjected: boolean;
  /** What a person has to agree to first. */
  readonly questions: readonly SecretRequest[];
}

interface Judged {
  readonly request: SecretRequest;
  readonly decision: Decision;
}

type Head = Pick<Outgoing, 'path' | 'fields'>;

export interface Found {
  readonly needs: readonly Need[];
  readonly refusals: Refusals;
  /** Of the policy set that permitted the use. */
  readonly epoch: number;
}

export class Needs {
  readonly #bindings: readonly Binding[];
  readonly #search: PlaceholderSearch;
  readonly #decide: Decide;
  readonly #alert: (text: string) => void;
  readonly #uses = new Map<Binding, number>();

  constructor(bindings: readonly Binding[], search: PlaceholderSearch, decide: Decide, alert: (text: string) => void) {
    this.#bindings = bindings;
    this.#search = search;
    this.#decide = decide;
    this.#alert = alert;
  }

  of(head: Head, request: HttpRequest, peer: Peer): Found | Objection {
    const sightings = this.#search.inHead(head);
    const refusals = new Refusals(peer, this.#alert);
    const needs: Need[] = [];
    let epoch = 0;
    for (const binding of this.#bindings) {
      const seen = sightings.find(({ placeholder }) => placeholder === binding.placeholder);
      if (seen === undefined && !this.#isInjected(binding, request, peer)) continue;
      const places = seen === undefined ? binding.places.slice(0, 1) : placesIn(head, binding);
      const need: Need = { binding, places, isInjected: seen === undefined, questions: [] };
      const judged = this.#judged(need, peer);
      epoch = judged[0]?.decision.epoch ?? epoch;
      const objection =
        (seen && this.#objection(need, seen, head, { request, peer, refusals }, epoch)) ??
        this.#refusal(need, judged, refusals, epoch);
      if (objection === 'without') continue;
      if (objection !== undefined) return objection;
      const questions = judged.filter(({ decision }) => isQuestion(decision)).map((asked) => asked.request);
      needs.push({ ...need, questions });
    }
    for (const { binding } of needs) this.#uses.set(binding, (this.#uses.get(binding) ?? 0) + 1);
    return { needs, refusals, epoch };
  }

  #isInjected({ mode, hosts, paths }: Binding, { scheme, method, path }: HttpRequest, { name, port }: Peer): boolean {
    if (mode !== 'inject' || method === 'TRACE' || !matchesPath(paths, path)) return false;
    return patternsFor(hosts, name, port).some((pattern) => scheme === 'https' || pattern.allowPlaintext === true);
  }

  /** Whether the stand-in is where it may be. */
  #objection(
    { binding, places }: Need,
    { where }: Sighting,
    head: Head,
    { request, peer, refusals }: { request: HttpRequest; peer: Peer; refusals: Refusals },
    epoch: number,
  ): Objection | undefined {
    const patterns = patternsFor(binding.hosts, peer.name, peer.port);
    if (patterns.length === 0) return refusals.elsewhere(binding, where, epoch);
    if (request.scheme === 'http' && !patterns.some(({ allowPlaintext }) => allowPlaintext))
      return refusals.plaintext(binding, where, epoch);
    if (request.method === 'TRACE') return refusals.traced(binding, where, epoch);
    if (!matchesPath(binding.paths, request.path)) return refusals.outside(binding, where, epoch);
    const left = this.#leftIn(head, binding, places);
    return left === undefined ? undefined : refusals.misplaced(binding, left, epoch);
  }

  /** Whether it may be used. `without`: the request goes on without a credential that the agent did not ask for. */
  #refusal(
    { binding, isInjected }: Need,
    judged: readonly Judged[],
    refusals: Refusals,
    epoch: number,
  ): Objection | 'without' | undefined {
    const denied = judged.find(({ decision }) => isRefusal(decision) && (isInjected || !isQuestion(decision)));
    if (denied !== undefined) return isInjected ? 'without' : refusals.denied(binding, denied.decision);
    const isSpent = (this.#uses.get(binding) ?? 0) >= (binding.maxUses ?? Number.POSITIVE_INFINITY);
    return isSpent ? refusals.spent(binding, epoch) : undefined;
  }

  /** Where the stand-in would still be after it was replaced in its places. */
  #leftIn(head: Head, { placeholder }: Binding, places: readonly Place[]): string | undefined {
    const filled = places.reduce((left: Head, place) => replaceIn(left, place, placeholder, ''), head);
    return this.#search.inHead(filled).find((sighting) => sighting.placeholder === placeholder)?.where;
  }

  /** One for each header; at least one, for its epoch. */
  #judged({ binding, places }: Need, { name, port, attribution }: Peer): readonly Judged[] {
    const resource = { type: 'secret', name: binding.name } as const;
    const host = { type: 'host', name } as const;
    const headers = new Set((places.length > 0 ? places : binding.places.slice(0, 1)).map(headerOf));
    return [...headers].map((header) => {
      const request: SecretRequest = { action: 'SecretUse', resource, host, port, header };
      return { request, decision: this.#decide(request, attribution.program) };
    });
  }
}

function placesIn(head: Head, { places, placeholder }: Binding): readonly Place[] {
  return places.filter((place) => {
    const { path, fields } = replaceIn(head, place, placeholder, '');
    return path !== head.path || fields.some((field, index) => field !== head.fields[index]);
  });
}
