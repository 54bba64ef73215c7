// Names enter, synthetic addresses leave, and back: the address an agent dials identifies the name it meant, for every protocol.
import { addressBytes } from './address.ts';

// 198.18.0.0/15 (RFC 2544) is never routed; its first /24 is kept for the resolver and for listeners.
const IPV4_BASE = 198 * 2 ** 24 + 18 * 2 ** 16;
const RESERVED = 256;
const POOL = 2 ** 17 - RESERVED;
// A unique local prefix (RFC 4193) whose global id spells "leash"; the low 32 bits carry the offset from the IPv4 base.
const IPV6_PREFIX = [0xfd, 0x6c, 0x65, 0x61, 0x73, 0x68, 0, 0, 0, 0, 0, 0] as const;

function ipv4Text(offset: number): string {
  const value = IPV4_BASE + offset;
  return [value / 2 ** 24, value / 2 ** 16, value / 2 ** 8, value].map((part) => Math.floor(part) % 256).join('.');
}

function ipv6Text(offset: number): string {
  const low = (offset & 0xffff).toString(16);
  const high = Math.floor(offset / 2 ** 16);
  return high === 0 ? `fd6c:6561:7368::${low}` : `fd6c:6561:7368::${high.toString(16)}:${low}`;
}

function uint32(bytes: readonly number[]): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** Offset from the start of the pool, or undefined when the address is in neither pool. */
function offsetOf(address: string): number | undefined {
  const bytes = addressBytes(address);
  if (bytes === undefined) return undefined;
  if (bytes.length === 4) {
    const offset = uint32(bytes) - IPV4_BASE;
    return offset >= 0 && offset < POOL + RESERVED ? offset : undefined;
  }
  return IPV6_PREFIX.every((byte, i) => bytes[i] === byte) ? uint32(bytes.slice(12)) : undefined;
}

/** The session's map between names and synthetic addresses. An address once given keeps its name until the session ends. */
export class SyntheticNames {
  readonly #names: string[] = [];
  readonly #indexes: Map<string, number> = new Map();
  readonly #capacity: number;

  /** @param capacity most names that ever get an address; at most the size of the pool, 130 816. */
  constructor(capacity: number = POOL) {
    this.#capacity = Math.min(capacity, POOL);
  }

  /**
   * The synthetic address of a canonical name, given now if it has none.
   * @returns undefined when the pool is exhausted: addresses are never reused, since a program may hold one for the whole session.
   */
  addressOf(name: string, family: 4 | 6): string | undefined {
    let index = this.#indexes.get(name);
    if (index === undefined) {
      if (this.#names.length >= this.#capacity) return undefined;
      index = this.#names.push(name) - 1;
      this.#indexes.set(name, index);
    }
    return family === 4 ? ipv4Text(index + RESERVED) : ipv6Text(index + RESERVED);
  }

  /** The name behind an address (canonical or IPv4-mapped text), or undefined when it was never given out. */
  nameOf(address: string): string | undefined {
    const offset = offsetOf(address.replace(/^::ffff:(?=\d+\.)/i, ''));
    return offset === undefined || offset < RESERVED ? undefined : this.#names[offset - RESERVED];
  }

  /** Whether an address lies in a pool, given out or not. */
  isSynthetic(address: string): boolean {
    return offsetOf(address.replace(/^::ffff:(?=\d+\.)/i, '')) !== undefined;
  }
}
