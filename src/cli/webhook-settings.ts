// config.toml and Leash's environment in; where questions are sent, and what they are signed with, out.
import fs from 'node:fs';
import path from 'node:path';
import { readSecret } from '../api/webhook/signature.ts';
import type { Config } from '../config/config.ts';
import { LeashError } from '../host/errors.ts';
import { isBelow } from '../host/way.ts';

/** No variable of this prefix reaches an agent. */
export const SECRET_VARIABLE = 'LEASH_WEBHOOK_SECRET';
const MOST_BYTES = 4_096;
const OTHERS_READ = 0o077;

export interface WebhookSettings {
  readonly url: string;
  readonly secret: Buffer;
}

/** The sandbox hides the folder of config.toml, and no other place for sure. */
function objection(file: string, folder: string): string | undefined {
  const real = fs.realpathSync(file);
  const own = [0, process.getuid?.() ?? 0];
  if (!isBelow(real, fs.realpathSync(folder))) return `it does not lie in ${folder}, which agents cannot see`;
  const stat = fs.statSync(real);
  if (!stat.isFile() || stat.size > MOST_BYTES) return `it is no file, or longer than ${MOST_BYTES} bytes`;
  if (!own.includes(stat.uid) || (stat.mode & OTHERS_READ) !== 0)
    return 'others than you may read it; take the right away with chmod 600';
  return undefined;
}

function secretText({ file: configFile, approvals: { secretFile } }: Config, at: string): string {
  const file = secretFile?.value ?? '';
  try {
    const problem = objection(file, path.dirname(configFile));
    if (problem !== undefined) throw new LeashError('LEASH_CONFIG', `${at}: ${file} is not used: ${problem}`);
    return fs.readFileSync(file, 'latin1');
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new LeashError('LEASH_CONFIG', `${at}: ${file} cannot be read (${code})`, { cause });
  }
}

/** Undefined when no webhook is configured. No message holds the secret. @throws {LeashError} LEASH_CONFIG */
export function webhookSettings(
  config: Config | undefined,
  env: Readonly<Record<string, string | undefined>>,
): WebhookSettings | undefined {
  const { webhook, secretFile } = config?.approvals ?? {};
  if (config === undefined || webhook === undefined) return undefined;
  const at = `${config.file}:${(secretFile ?? webhook).line}`;
  const given = secretFile === undefined ? env[SECRET_VARIABLE] : secretText(config, at);
  if (!given)
    throw new LeashError('LEASH_CONFIG', `${at}: a webhook is signed; give secret_file, or set ${SECRET_VARIABLE}`);
  const secret = readSecret(given);
  if (secret !== undefined) return { url: webhook.value, secret };
  const source = secretFile?.value ?? SECRET_VARIABLE;
  throw new LeashError(
    'LEASH_CONFIG',
    `${at}: ${source} holds no secret of the form whsec_…: Base64 of 24 to 64 bytes`,
  );
}
