// The tables of [secrets] in, the secrets they describe out, or one fault with its line.
import type { Config } from '../../config/config.ts';
import { insteadOf } from '../../config/fault.ts';
import { LeashError } from '../../host/errors.ts';
import type { ConfiguredSecret } from './configured.ts';
import { readSecret, SECRET_KEYS, SecretFault } from './secret-table.ts';

/** @throws {LeashError} LEASH_CONFIG */
export function readSecrets({ file, secrets, lineOf }: Config, home: string): readonly ConfiguredSecret[] {
  const fail = (message: string, ...keys: readonly string[]): never => {
    throw new LeashError('LEASH_CONFIG', `${file}:${lineOf('secrets', ...keys)}: ${message}`);
  };
  return [...secrets].map(([name, table]) => {
    for (const key of Object.keys(table)) {
      if (!SECRET_KEYS.includes(key))
        fail(`secrets.${name} has no key ${key}; ${insteadOf(key, SECRET_KEYS)}`, name, key);
    }
    try {
      return readSecret(name, table, home);
    } catch (error) {
      if (!(error instanceof SecretFault)) throw error;
      return fail(`secrets.${name}: ${error.message}`, name, ...(error.key === undefined ? [] : [error.key]));
    }
  });
}
