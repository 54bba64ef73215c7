// What was seen in; what a suggestion has to permit, and what it leaves alone and why, out.
import { Authorizer } from '../evaluate/authorizer.ts';
import { isEmbeddable } from '../evaluate/embeddable.ts';
import { parseHostId } from '../evaluate/host-entity.ts';
import type { Policy } from '../evaluate/policy.ts';
import { hasLiteral } from '../text/literal.ts';
import { type Seen, type Setting, viaOf } from './evidence.ts';

/** What is not suggested: recorded, not permitted by the base, and none of a suggestion's business. */
export interface LeftAlone {
  readonly seen: Seen;
  readonly why: 'forbidden' | 'asked' | 'kept' | 'nameless';
  /** The statements that decide it. */
  readonly policies: readonly string[];
  readonly reason?: string;
}

export interface Wanted {
  readonly missing: readonly Seen[];
  readonly leftAlone: readonly LeftAlone[];
  /** Requests that the base permits already. */
  readonly permitted: number;
}

/** `a//b`, `a/../b` and what ends with `.git` twice are no `Repository`. */
function isRepository(id: string): boolean {
  return hasLiteral(id) && !id.endsWith('.git') && !/\/\/|\/\.{1,2}(?:\/|$)/.test(id);
}

function isNameable({ request }: Seen): boolean {
  if (!isEmbeddable(request)) return false;
  if (!hasLiteral(viaOf(request))) return false;
  const { resource } = request;
  if (resource.type === 'path') return hasLiteral(resource.path);
  if (request.action === 'HttpRequest' && request.git !== undefined && !isRepository(request.git.repository))
    return false;
  return resource.type === 'host' && parseHostId(resource.name) !== undefined;
}

/** Judges with one authorizer for each setting. */
class Judges {
  readonly #make: (setting: Setting) => readonly Policy[];
  readonly #known = new Map<Setting, Authorizer>();

  constructor(make: (setting: Setting) => readonly Policy[]) {
    this.#make = make;
  }

  decide({ setting, request }: Seen): ReturnType<Authorizer['decide']> {
    let judge = this.#known.get(setting);
    if (judge === undefined) {
      judge = new Authorizer(this.#make(setting), setting.facts);
      this.#known.set(setting, judge);
    }
    return judge.decide(request);
  }
}

/** @param fence a set that permits all but what no suggestion may permit: see fence.ts */
export function wantedOf(all: readonly Seen[], fence: readonly Policy[]): Wanted {
  const base = new Judges((setting) => setting.base);
  const kept = new Judges(() => fence);
  const missing: Seen[] = [];
  const leftAlone: LeftAlone[] = [];
  let permitted = 0;
  for (const seen of all) {
    const { effect, ask, policies, reason } = base.decide(seen);
    const because = reason === undefined ? {} : { reason };
    if (effect === 'allow') permitted++;
    else if (ask !== undefined) leftAlone.push({ seen, why: 'asked', policies, ...because });
    else if (policies.length > 0) leftAlone.push({ seen, why: 'forbidden', policies, ...because });
    else if (isNameable(seen)) {
      const verdict = kept.decide(seen);
      if (verdict.effect === 'allow') missing.push(seen);
      else
        leftAlone.push({
          seen,
          why: 'kept',
          policies: verdict.policies,
          ...(verdict.reason !== undefined && { reason: verdict.reason }),
        });
    } else leftAlone.push({ seen, why: 'nameless', policies: [] });
  }
  return { missing, leftAlone, permitted };
}

/** Of the missing requests those that the base, joined by the suggestion, still does not permit. None: it is proven. */
export function unpermitted(missing: readonly Seen[], suggestion: readonly Policy[]): readonly Seen[] {
  const judges = new Judges((setting) => [...setting.base, ...suggestion]);
  return missing.filter((seen) => judges.decide(seen).effect !== 'allow');
}
