// Changes that are about to be taken over in, the same after a crash out: what was begun is known, and is ended.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import type { Change } from './change.ts';
import { syncFolder, writeDurably } from './durable.ts';
import { codeOf, type Review } from './record.ts';

export interface Intent {
  readonly v: 1;
  readonly isForced: boolean;
  readonly changes: readonly Change[];
}

function fileOf({ dir }: Review): string {
  return path.join(dir, 'accepting.json');
}

/** Returns when it is on the disk. */
export function declare(review: Review, intent: Intent): void {
  writeDurably(fileOf(review), JSON.stringify(intent));
}

/** @throws {LeashError} LEASH_REVIEW */
export function declared(review: Review): Intent | undefined {
  try {
    const intent = JSON.parse(fs.readFileSync(fileOf(review), 'utf8')) as Intent;
    if (intent.v === 1 && Array.isArray(intent.changes)) return intent;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
  }
  throw new LeashError('LEASH_REVIEW', `${fileOf(review)} cannot be read; what was begun there is not ended`);
}

export function withdraw(review: Review): void {
  fs.rmSync(fileOf(review), { force: true });
  syncFolder(review.dir);
}
