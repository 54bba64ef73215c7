// A verified name and port enter, the addresses that may be dialled leave, or why none may.
import os from 'node:os';
import { canonicalAddress, vetAddress } from '../names/address.ts';
import { isHostLoopback } from '../names/canonical-host.ts';
import type { ResolvedAddress, UpstreamOptions } from '../options.ts';
import { resolveFailure, UpstreamError } from './failure.ts';

export interface Endpoint {
  readonly addresses: readonly [ResolvedAddress, ...ResolvedAddress[]];
  readonly port: number;
}

/** Milliseconds an answer is used. The system's resolver does not tell how long it may be: short enough for any. */
const CACHE_LIFE = 5_000;
const MAX_CACHED = 512;
const RESOLVE_TIMEOUT = 15_000;
/** The system's resolver goes on with a question that nobody waits for any more; an agent must not pile them up. */
const MAX_UNANSWERED = 256;

function located(address: string): ResolvedAddress {
  return { address, family: address.includes(':') ? 6 : 4 };
}

async function lookupAll(name: string): Promise<readonly ResolvedAddress[]> {
  const { lookup } = await import('node:dns/promises');
  return lookup(name, { all: true });
}

/** An address of this machine reaches services that trust their own host, public or not. */
function isOwnAddress(address: string): boolean {
  return Object.values(os.networkInterfaces())
    .flat()
    .some((own) => own !== undefined && canonicalAddress(own.address.replace(/%.*$/, '')) === address);
}

/** Whether a connection to an address ends on this machine. The unspecified addresses lead to its loopback, too. */
export function isThisMachine(address: string): boolean {
  const canonical = canonicalAddress(address.replace(/%.*$/, '')) ?? address;
  return ['loopback', 'unspecified'].includes(vetAddress(canonical)) || isOwnAddress(canonical);
}

/** @returns undefined when the address may be dialled. */
function objection(address: string): string | undefined {
  const kind = vetAddress(address);
  if (kind !== 'public') return kind;
  return isOwnAddress(address) ? 'an address of this machine' : undefined;
}

/**
 * Every address must be good: one private address among public ones is how DNS rebinding starts.
 * @throws UpstreamError EACCES, ENOTFOUND
 */
function vetAll(name: string, found: readonly ResolvedAddress[]): Endpoint['addresses'] {
  const addresses = found.map(({ address }) => canonicalAddress(address) ?? address);
  for (const address of addresses) {
    const why = objection(address);
    if (why !== undefined) throw new UpstreamError('EACCES', `${name} is ${address}, which is ${why}`, true);
  }
  const [first, ...rest] = addresses.map(located);
  if (first === undefined) throw resolveFailure('ENOTFOUND', name);
  return [first, ...rest];
}

/** Resolves the names of one session; each answer is vetted whole, and only what was vetted is ever dialled. */
export class Resolver {
  readonly #options: UpstreamOptions;
  readonly #timeout: number;
  /** Vetted answers by name, also those still awaited; oldest first. */
  readonly #answers: Map<string, Promise<Endpoint['addresses']>> = new Map();
  #unanswered = 0;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#timeout = options.timeouts?.resolve ?? RESOLVE_TIMEOUT;
  }

  /** The operator's word where the endpoint is, or the host's own loopback; undefined when the network must tell. */
  fixed(name: string, port: number): Endpoint | undefined {
    const { resolveOverrides } = this.#options;
    const override = resolveOverrides.get(`${name}:${port}`) ?? resolveOverrides.get(name);
    if (override !== undefined) return { addresses: [located(override.address)], port: override.port ?? port };
    if (isHostLoopback(name)) return { addresses: [located('127.0.0.1'), located('::1')], port };
    return undefined;
  }

  /**
   * Real addresses of a name, or of a literal address.
   * @throws UpstreamError when it does not resolve in time, or any of its addresses is not public
   */
  async endpoint(name: string, port: number): Promise<Endpoint> {
    return this.fixed(name, port) ?? { addresses: await this.#vetted(name), port };
  }

  /** As `endpoint`, for a machine that the operator named: it may be anywhere. @throws UpstreamError */
  async trusted(name: string, port: number): Promise<Endpoint> {
    const fixed = this.fixed(name, port);
    if (fixed !== undefined) return fixed;
    const [first, ...rest] = await this.#addresses(name);
    if (first === undefined) throw resolveFailure('ENOTFOUND', name);
    return { addresses: [first, ...rest], port };
  }

  #vetted(name: string): Promise<Endpoint['addresses']> {
    const known = this.#answers.get(name);
    if (known !== undefined) return known;
    const answer = this.#addresses(name).then((found) => vetAll(name, found));
    this.#answers.set(name, answer);
    if (this.#answers.size > MAX_CACHED) this.#answers.delete(this.#answers.keys().next().value ?? name);
    const forget = (): void => {
      if (this.#answers.get(name) === answer) this.#answers.delete(name);
    };
    // A failure is forgotten at once: whoever asks again shall be told what is so now.
    answer.then(() => setTimeout(forget, CACHE_LIFE).unref(), forget);
    return answer;
  }

  async #addresses(name: string): Promise<readonly ResolvedAddress[]> {
    const literal = canonicalAddress(name);
    if (literal !== undefined) return [located(literal)];
    if (this.#unanswered >= MAX_UNANSWERED) throw resolveFailure('EAI_AGAIN', name);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(resolveFailure('ETIMEDOUT', name)), this.#timeout);
    });
    try {
      return await Promise.race([this.#ask(name), late]);
    } catch (error) {
      if (error instanceof UpstreamError) throw error;
      throw resolveFailure(error instanceof Error && 'code' in error ? String(error.code) : 'ENOTFOUND', name);
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(name: string): Promise<readonly ResolvedAddress[]> {
    this.#unanswered++;
    try {
      return await (this.#options.lookup ?? lookupAll)(name);
    } finally {
      this.#unanswered--;
    }
  }
}
