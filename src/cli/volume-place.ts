// A volume as a person wrote it in, where it really is on the host out.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import type { Volume } from '../sandbox/volume.ts';
import type { AskedVolume } from './volume-args.ts';

/** @throws {LeashError} LEASH_VOLUME */
export function locatedVolume({ source, place, access }: AskedVolume): Volume {
  const named = path.resolve(source);
  let real: string;
  try {
    real = realpathSync(named);
  } catch (cause) {
    throw new LeashError('LEASH_VOLUME', `the volume ${source} does not exist; nothing was started`, { cause });
  }
  // Without a place it is where it really is: a link inside leads there.
  return { source: real, place: place === undefined ? real : path.normalize(place).replace(/(?<=.)\/$/, ''), access };
}
