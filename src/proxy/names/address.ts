// IP addresses as text: what one is in canonical form, and whether a connection to it may leave this machine.
import net from 'node:net';

/** Why an address is not an ordinary public one. Source: IANA special-purpose address registries (RFC 6890), cloud vendors' documentation. */
export type AddressClass =
  | 'public'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'shared'
  | 'link-local'
  | 'multicast'
  | 'metadata'
  | 'documentation'
  | 'benchmarking'
  | 'reserved'
  | 'not-an-address';

type Range = readonly [prefix: readonly number[], bits: number, kind: AddressClass];

// First match wins, so single metadata addresses stand before the ranges that contain them.
const IPV4_RANGES: readonly Range[] = [
  [[169, 254, 169, 254], 32, 'metadata'], // AWS, GCP, Azure, OpenStack
  [[169, 254, 170, 2], 32, 'metadata'], // AWS ECS task credentials
  [[100, 100, 100, 200], 32, 'metadata'], // Alibaba
  [[168, 63, 129, 16], 32, 'metadata'], // Azure wire server, in public space
  [[192, 0, 0, 192], 32, 'metadata'], // Oracle
  [[0], 8, 'unspecified'],
  [[10], 8, 'private'],
  [[100, 64], 10, 'shared'], // carrier-grade NAT, RFC 6598
  [[127], 8, 'loopback'],
  [[169, 254], 16, 'link-local'],
  [[172, 16], 12, 'private'],
  [[192, 0, 0], 24, 'reserved'],
  [[192, 0, 2], 24, 'documentation'],
  [[192, 88, 99], 24, 'reserved'], // 6to4 relay anycast, deprecated by RFC 7526
  [[192, 168], 16, 'private'],
  [[198, 18], 15, 'benchmarking'], // the synthetic addresses live here
  [[198, 51, 100], 24, 'documentation'],
  [[203, 0, 113], 24, 'documentation'],
  [[224], 4, 'multicast'],
  [[240], 4, 'reserved'],
];

const IPV6_RANGES: readonly Range[] = [
  [[0xfd, 0x00, 0x0e, 0xc2], 32, 'metadata'], // AWS
  [[0x20, 0x01, 0x00, 0x00], 32, 'reserved'], // Teredo
  [[0x20, 0x01, 0x0d, 0xb8], 32, 'documentation'],
  [[0x20, 0x01, 0x00], 23, 'reserved'], // IETF protocol assignments
  [[0x3f, 0xff, 0x00], 20, 'documentation'],
  [[0xfc], 7, 'private'],
  [[0xfe, 0x80], 10, 'link-local'],
  [[0xff], 8, 'multicast'],
];

/** Prefixes whose addresses carry an IPv4 address at the given byte: IPv4-mapped, NAT64 (RFC 6052), 6to4 (RFC 3056). */
const EMBEDDED: readonly (readonly [prefix: readonly number[], bits: number, at: number])[] = [
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 96, 12],
  [[0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 96, 12],
  [[0x20, 0x02], 16, 2],
];

function hasPrefix(address: readonly number[], prefix: readonly number[], bits: number): boolean {
  for (let i = 0; i * 8 < bits; i++) {
    const mask = (0xff << Math.max(0, 8 - (bits - i * 8))) & 0xff;
    if (((address[i] ?? 0) & mask) !== ((prefix[i] ?? 0) & mask)) return false;
  }
  return true;
}

/** Canonical IPv6 text by RFC 5952, or undefined when the text is not one, or has a zone. */
function canonicalIpv6(text: string): string | undefined {
  if (!net.isIPv6(text) || text.includes('%')) return undefined;
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

function bytesOfIpv6(canonical: string): number[] {
  const [head = '', tail] = canonical.split('::');
  const groups = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = groups(tail);
  const zeros = new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** The 4 or 16 bytes of an address in network order, or undefined when `text` is not an address. */
export function addressBytes(text: string): number[] | undefined {
  if (net.isIPv4(text)) return text.split('.').map(Number);
  const canonical = canonicalIpv6(text);
  return canonical === undefined ? undefined : bytesOfIpv6(canonical);
}

/** Canonical text of an address: dotted quad, or RFC 5952. An IPv4-mapped address (`::ffff:a.b.c.d`) becomes its IPv4 address. */
export function canonicalAddress(text: string): string | undefined {
  const bytes = addressBytes(text);
  if (bytes === undefined) return undefined;
  if (bytes.length === 4) return bytes.join('.');
  const [prefix, bits] = EMBEDDED[0]!;
  return hasPrefix(bytes, prefix, bits) ? bytes.slice(12).join('.') : canonicalIpv6(text);
}

function classOfBytes(bytes: readonly number[]): AddressClass {
  if (bytes.length === 4) {
    return IPV4_RANGES.find(([prefix, bits]) => hasPrefix(bytes, prefix, bits))?.[2] ?? 'public';
  }
  for (const [prefix, bits, at] of EMBEDDED) {
    if (hasPrefix(bytes, prefix, bits)) return classOfBytes(bytes.slice(at, at + 4));
  }
  if (bytes.every((byte) => byte === 0)) return 'unspecified';
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return 'loopback';
  const special = IPV6_RANGES.find(([prefix, bits]) => hasPrefix(bytes, prefix, bits));
  if (special !== undefined) return special[2];
  // Only 2000::/3 is global unicast (RFC 4291); this also refuses IPv4-compatible and local-use NAT64 (64:ff9b:1::/48).
  return hasPrefix(bytes, [0x20], 3) ? 'public' : 'reserved';
}

/** What kind of address `ip` is; anything but `public` is refused as the real address of a name. An embedded IPv4 address counts as itself. */
export function vetAddress(ip: string): AddressClass {
  const bytes = addressBytes(ip);
  return bytes === undefined ? 'not-an-address' : classOfBytes(bytes);
}
