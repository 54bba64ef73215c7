// Changes that a person has decided in, remembered beside the layers, which stay as the agent left them; the memory out.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import type { Change } from './change.ts';
import { writeDurably } from './durable.ts';
import { codeOf, type Review } from './record.ts';

type Which = Pick<Change, 'root' | 'path'>;

export type Settled = ReadonlySet<string>;

const key = ({ root, path: at }: Which): string => `${root}/${at}`;

function fileOf({ dir }: Review): string {
  return path.join(dir, 'settled.json');
}

/** @throws {LeashError} LEASH_REVIEW */
export function readSettled(review: Review): Settled {
  let text: string;
  try {
    text = fs.readFileSync(fileOf(review), 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return new Set();
    throw new LeashError('LEASH_REVIEW', `${fileOf(review)} cannot be read (${codeOf(cause)})`, { cause });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return new Set(value);
  } catch {
    // Told below.
  }
  throw new LeashError('LEASH_REVIEW', `${fileOf(review)} is not a list of changes`);
}

export function isSettled(settled: Settled, change: Which): boolean {
  return settled.has(key(change));
}

/** Returns when it is on the disk. */
export function settle(review: Review, changes: readonly Which[]): void {
  const all = new Set([...readSettled(review), ...changes.map(key)]);
  writeDurably(fileOf(review), JSON.stringify([...all]));
}
