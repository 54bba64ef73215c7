// Policies in; for a host what of the HTTP requests to it they look at, out: what costs to find out, or what servers may read in two ways.
import { applicablePolicies } from './evaluate/applicable.ts';
import { type Expression, operandsOf } from './evaluate/expression.ts';
import type { Policy } from './evaluate/policy.ts';
import type { Value } from './evaluate/value.ts';
import type { SessionFacts } from './facts.ts';
import { HostCandidates } from './host-candidates.ts';

/** `shadow`: only by policies that decide nothing. */
export type Attentive = 'no' | 'shadow' | 'enforced';

/** Never less than what holds for some request to a host. */
export interface Looks {
  readonly path: Attentive;
  readonly method: Attentive;
  readonly model: Attentive;
}

/** What a request does to a repository, and which model it asks, are told from path and method. */
const TOLD = ['git', 'model'];
/** By which attributes of the context a policy looks at each. */
const ATTRIBUTES: Readonly<Record<keyof Looks, ReadonlySet<string>>> = {
  path: new Set(['path', ...TOLD]),
  method: new Set(['method', ...TOLD]),
  model: new Set(['model']),
};

function isContext(expression: Expression): boolean {
  return expression.op === 'variable' && expression.name === 'context';
}

function isRepository(value: Value): boolean {
  if (value.kind === 'set') return value.elements.some(isRepository);
  return value.kind === 'entity' && value.type === 'Repository';
}

function holdsRepository(expression: Expression): boolean {
  if (expression.op === 'is') return expression.type === 'Repository';
  if (expression.op === 'literal') return isRepository(expression.value);
  return operandsOf(expression).some(holdsRepository);
}

/** Whether the expression's value could depend on one of these. The context as a whole depends on all. */
function asks(expression: Expression, names: ReadonlySet<string>): boolean {
  if (isContext(expression)) return true;
  if (expression.op === 'attribute' && isContext(expression.operand)) return names.has(expression.name);
  if (expression.op === 'has' && isContext(expression.operand)) return names.has(expression.path[0] ?? '');
  return operandsOf(expression).some((operand) => asks(operand, names));
}

function looksAt({ scope, conditions }: Policy, aspect: keyof Looks): boolean {
  const parts = [scope.resource, ...conditions.map(({ body }) => body)];
  // A repository is found in path and method, and says nothing of models.
  if (aspect !== 'model' && parts.some(holdsRepository)) return true;
  return parts.some((part) => asks(part, ATTRIBUTES[aspect]));
}

/** The agent chooses the hosts it speaks to, so what is remembered about them is bounded. */
const MAX_HOSTS = 1024;

export class Attention {
  readonly #facts: SessionFacts;
  readonly #candidates: Readonly<Record<keyof Looks, HostCandidates>>;
  readonly #known = new Map<string, Looks>();

  /** All policies of the set. `facts` are canonical. */
  constructor(policies: readonly Policy[], facts: SessionFacts) {
    this.#facts = facts;
    const applicable = applicablePolicies(policies, 'HttpRequest', facts);
    const looking = (aspect: keyof Looks): HostCandidates =>
      new HostCandidates(applicable.filter((policy) => looksAt(policy, aspect)));
    this.#candidates = { path: looking('path'), method: looking('method'), model: looking('model') };
  }

  to(host: string): Looks {
    const known = this.#known.get(host);
    if (known !== undefined) return known;
    const looks = {
      path: this.#attentive(host, 'path'),
      method: this.#attentive(host, 'method'),
      model: this.#attentive(host, 'model'),
    };
    if (this.#known.size >= MAX_HOSTS) this.#known.clear();
    this.#known.set(host, looks);
    return looks;
  }

  #attentive(host: string, aspect: keyof Looks): Attentive {
    const looking = this.#candidates[aspect].of(host, this.#facts.registries ?? {});
    if (looking.length === 0) return 'no';
    return looking.every(({ shadow }) => shadow) ? 'shadow' : 'enforced';
  }
}
