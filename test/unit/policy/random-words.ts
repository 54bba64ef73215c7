// Random paths, hosts and numbers over a small vocabulary that makes policies and requests collide.
import type { Family } from './random-families.ts';

/** mulberry32: the same numbers for the same seed on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

export const COMPONENTS: readonly string[] = [
  'a',
  'b',
  'ab',
  'w',
  '.git',
  '.env',
  'x.pem',
  'hooks',
  'é',
  'a.b.env',
  'secrets',
  '..env',
  'k.',
  '€x',
  'home',
  'u',
  'tmp',
];
/** Of context.proc.via. */
export const VIAS: readonly string[] = ['mcp:a', 'mcp:./a', 'mcp:?a', 'mcp:a.com'];
export const HASHES: readonly string[] = ['0'.repeat(64), 'ab'.repeat(32), 'abc0'];
export const HOSTS: readonly string[] = [
  'a.com',
  'x.a.com',
  'y.x.a.com',
  'b.org',
  'a',
  'com',
  '10.0.0.1',
  'xa.com',
  'fe80::1',
];
export const PORTS: readonly number[] = [22, 80, 443, 444, 5432];
export const ADDRESSES: readonly string[] = [
  '10.0.0.1',
  '10.0.0.2',
  '10.1.2.3',
  '127.0.0.1',
  '192.168.1.7',
  '224.0.0.1',
  '::1',
  'fe80::1',
  'ff02::1',
  '2001:db8::5',
  '0.0.0.0',
  '255.255.255.255',
];
export const RANGES: readonly string[] = [
  '10.0.0.0/8',
  '10.0.0.0/30',
  '192.168.0.0/16',
  '0.0.0.0/0',
  '::/0',
  'fe80::/10',
  '10.0.0.1',
  '2001:db8::/32',
  '10.1.2.3/16',
];
export const PIECES: readonly string[] = [
  '*',
  '*',
  '/',
  '.',
  'a',
  'b',
  'w',
  '.env',
  '.git',
  '/hooks/',
  'pem',
  'é',
  '/a/',
  'secrets',
  '',
];

export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** Draws words; what kind of request is in question decides which. */
export class Words {
  readonly random: Random;
  family: Family = 'file';

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  get onPaths(): boolean {
    return this.family === 'file' || this.family === 'exec';
  }

  /** Does a session ask requests of this family? */
  get isOfAgent(): boolean {
    return this.onPaths || this.family === 'net' || this.family === 'http';
  }

  path(isDirectory: boolean = this.random.chance(0.3), depth = 5): string {
    const components = Array.from({ length: this.random.below(depth + 1) }, () => this.random.pick(COMPONENTS));
    if (components.length === 0) return '/';
    return `/${components.join('/')}${isDirectory ? '/' : ''}`;
  }

  filePath(): string {
    const path = this.path(false);
    return path === '/' ? '/a' : path;
  }
}
