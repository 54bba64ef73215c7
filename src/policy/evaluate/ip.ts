// IP addresses and ranges as Cedar's `ip()` reads them: from text to a number with a prefix length.

/** An address (prefix 32 or 128) or a range. The host bits of a range are kept, because `==` compares them. */
export interface Ip {
  readonly kind: 'ip';
  readonly v4: boolean;
  readonly address: bigint;
  readonly prefix: number;
}

export function isSingleAddress({ v4, prefix }: Ip): boolean {
  return prefix === (v4 ? 32 : 128);
}

export function ipKey(ip: Ip): string {
  return `${ip.v4 ? 4 : 6} ${ip.address}/${ip.prefix}`;
}

function parseV4(address: string): bigint | undefined {
  let value = 0n;
  for (const octet of address.split('.')) {
    if ((octet.length > 1 && octet.startsWith('0')) || Number(octet) > 255) return undefined;
    value = value * 256n + BigInt(octet);
  }
  return value;
}

function parseV6(address: string): bigint | undefined {
  const halves = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [high = [], low = []] = halves;
  const given = high.length + low.length;
  if (halves.length > 2 || (halves.length === 2 ? given > 7 : given !== 8)) return undefined;
  const groups = [...high, ...Array<string>(8 - given).fill('0'), ...low];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) + BigInt(`0x${group}`), 0n);
}

/**
 * Reads `10.0.0.1`, `10.0.0.0/8`, `::1` or `fe80::/10`. IPv4-in-IPv6 notation, leading zeros and signs are not accepted, as in Cedar.
 * Source: cedar-policy-core, extensions/ipaddr.rs.
 */
export function parseIp(source: string): Ip | undefined {
  if (source.length > 43) return undefined;
  const slash = source.indexOf('/');
  const address = slash < 0 ? source : source.slice(0, slash);
  const prefix = slash < 0 ? undefined : source.slice(slash + 1);
  if (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const v4 = /^\d{1,3}(\.\d{1,3}){3}$/.test(address);
  const width = v4 ? 32 : 128;
  const bits = prefix === undefined ? width : Number(prefix);
  const value = v4 ? parseV4(address) : /^[0-9a-fA-F:]+$/.test(address) ? parseV6(address) : undefined;
  return value === undefined || bits > width ? undefined : { kind: 'ip', v4, address: value, prefix: bits };
}

/** Lowest and highest address of a range. */
export function bounds(ip: Ip): readonly [bigint, bigint] {
  const hostBits = (1n << BigInt((ip.v4 ? 32 : 128) - ip.prefix)) - 1n;
  const low = ip.address & ~hostBits;
  return [low, low | hostBits];
}

export function isInRange(ip: Ip, range: Ip): boolean {
  if (ip.v4 !== range.v4) return false;
  const [low, high] = bounds(ip);
  const [from, to] = bounds(range);
  return low >= from && high <= to;
}

export const LOOPBACK: readonly Ip[] = [ipOf('127.0.0.0/8'), ipOf('::1')];
export const MULTICAST: readonly Ip[] = [ipOf('224.0.0.0/4'), ipOf('ff00::/8')];

function ipOf(source: string): Ip {
  const ip = parseIp(source);
  if (ip === undefined) throw new Error(`not an address: ${source}`);
  return ip;
}

export function isLoopback(ip: Ip): boolean {
  return LOOPBACK.some((range) => isInRange(ip, range));
}

export function isMulticast(ip: Ip): boolean {
  return MULTICAST.some((range) => isInRange(ip, range));
}

function formatV6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((address >> BigInt(112 - 16 * i)) & 0xffffn));
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run++;
    if (run > length) [start, length] = [i, run];
  }
  const hex = groups.map((group) => group.toString(16));
  return start < 0 ? hex.join(':') : `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** The one canonical text of an address. Source: RFC 5952. */
export function formatIp(ip: Ip): string {
  if (!ip.v4) return formatV6(ip.address);
  return [24n, 16n, 8n, 0n].map((shift) => String((ip.address >> shift) & 255n)).join('.');
}

/** A single address in its canonical text, the only spelling a `Host` id has. */
export function parseCanonicalAddress(source: string): Ip | undefined {
  const ip = source.includes('/') ? undefined : parseIp(source);
  return ip !== undefined && formatIp(ip) === source ? ip : undefined;
}
