// The values of --memory, --cpus and --pids in, numbers out. No I/O.
import { LeashError } from '../host/errors.ts';
import type { AskedLimits } from '../sandbox/limits.ts';

const SIZE = /^(\d{1,15}(?:\.\d{1,3})?)([KMGT]?)(?:i?B)?$/i;
const POWERS: Readonly<Record<string, number>> = { '': 0, K: 1, M: 2, G: 3, T: 4 };
/** Less does not even start a shell; nobody has more. */
const LEAST_MEMORY = 16 * 2 ** 20;
const MOST_MEMORY = 2 ** 50;
const LEAST_CPUS = 0.01;
const MOST_CPUS = 4_096;
const LEAST_PIDS = 8;
/** PID_MAX_LIMIT of a 64-bit kernel. Source: include/linux/threads.h. */
const MOST_PIDS = 4_194_304;

function usage(message: string): LeashError {
  return new LeashError('LEASH_USAGE', message);
}

/** `4G` is 4 GiB; a fraction may stand before a unit. Throws LEASH_USAGE. */
export function parseMemory(text: string): number {
  const [, number = '', unit = ''] = SIZE.exec(text) ?? [];
  const bytes = Math.floor(Number(number) * 1024 ** (POWERS[unit.toUpperCase()] ?? 0));
  if (number === '' || (unit === '' && number.includes('.')))
    throw usage(`--memory needs a size such as 512M or 4G; got ${JSON.stringify(text)}`);
  if (bytes < LEAST_MEMORY || bytes > MOST_MEMORY) throw usage(`--memory ${text} is not between 16M and 1024T`);
  return bytes;
}

/** Throws LEASH_USAGE. */
export function parseCpus(text: string): number {
  const cpus = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(cpus >= LEAST_CPUS && cpus <= MOST_CPUS))
    throw usage(`--cpus needs a number of processors between 0.01 and 4096, such as 1.5; got ${JSON.stringify(text)}`);
  return cpus;
}

/** Throws LEASH_USAGE. */
export function parsePids(text: string): number {
  const pids = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(pids >= LEAST_PIDS && pids <= MOST_PIDS))
    throw usage(`--pids needs a whole number between 8 and 4194304, such as 512; got ${JSON.stringify(text)}`);
  return pids;
}

/** What a person asked for. `given` gives an option's value by its name. Throws LEASH_USAGE. */
export function askedLimits(given: (name: string) => string | undefined): AskedLimits {
  const [memory, cpus, pids] = [given('memory'), given('cpus'), given('pids')];
  return {
    ...(memory !== undefined && { memory: parseMemory(memory) }),
    ...(cpus !== undefined && { cpus: parseCpus(cpus) }),
    ...(pids !== undefined && { pids: parsePids(pids) }),
  };
}
