// A path of the host and a place in a container in, the words that have an engine show the one at the other out.
import { LeashError } from '../../host/errors.ts';

/** Neither `--mount` nor `--tmpfs` has a way to write these; an option in a path would be one of the mount. */
export function checkPath(place: string): string {
  if (!/[,:"\n]/.test(place)) return place;
  throw new LeashError(
    'LEASH_WORKSPACE',
    `${JSON.stringify(place)} cannot be shown in a container: its path has a comma, a colon, a quote or a line break`,
  );
}

/** @throws {LeashError} LEASH_WORKSPACE */
export function bind(source: string, place: string, isWritable = false): string[] {
  const access = isWritable ? '' : ',readonly';
  return ['--mount', `type=bind,source=${checkPath(source)},destination=${checkPath(place)}${access}`];
}
