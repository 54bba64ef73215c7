// A verified name and port enter, the addresses that may be dialled leave, or why none may.
import os from 'node:os';
import { canonicalAddress, vetAddress } from '../names/address.ts';
import { isHostLoopback } from '../names/canonical-host.ts';
import type { ResolvedAddress, UpstreamOptions } from '../options.ts';

export interface Endpoint {
  readonly addresses: readonly [ResolvedAddress, ...ResolvedAddress[]];
  readonly port: number;
}

/** The upstream could not be reached or may not be; `refused` tells a rule of Leash from a failure of the network. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly code: string;
  readonly refused: boolean;

  constructor(code: string, message: string, refused: boolean = false) {
    super(message);
    this.code = code;
    this.refused = refused;
  }
}

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

/** @returns undefined when the address may be dialled. */
function objection(address: string): string | undefined {
  const kind = vetAddress(address);
  if (kind !== 'public') return kind;
  return isOwnAddress(address) ? 'an address of this machine' : undefined;
}

/** Every address must be good: one private address among public ones is how DNS rebinding starts. */
function vetAll(name: string, found: readonly ResolvedAddress[]): Endpoint['addresses'] {
  const addresses = found.map(({ address }) => canonicalAddress(address) ?? address);
  for (const address of addresses) {
    const why = objection(address);
    if (why !== undefined) throw new UpstreamError('EACCES', `${name} is ${address}, which is ${why}`, true);
  }
  const [first, ...rest] = addresses.map(located);
  if (first === undefined) throw new UpstreamError('ENOTFOUND', `${name} has no address`);
  return [first, ...rest];
}

async function lookupName(name: string, options: UpstreamOptions): Promise<readonly ResolvedAddress[]> {
  try {
    return await (options.lookup ?? lookupAll)(name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'ENOTFOUND';
    throw new UpstreamError(code, `${name} could not be resolved (${code})`);
  }
}

/**
 * Real addresses of a name, or of a literal address.
 * @throws UpstreamError when it does not resolve, or any of its addresses is not public.
 */
export async function resolveEndpoint(name: string, port: number, options: UpstreamOptions): Promise<Endpoint> {
  const override = options.resolveOverrides.get(`${name}:${port}`) ?? options.resolveOverrides.get(name);
  if (override !== undefined) return { addresses: [located(override.address)], port: override.port ?? port };
  if (isHostLoopback(name)) return { addresses: [located('127.0.0.1'), located('::1')], port };
  const literal = canonicalAddress(name);
  const found = literal === undefined ? await lookupName(name, options) : [located(literal)];
  return { addresses: vetAll(name, found), port };
}
