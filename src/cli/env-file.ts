// A file of variables in the format of `docker run --env-file` in, the variables for the agent out.
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { isBelow, wayTo } from '../host/way.ts';

const MOST_BYTES = 1 << 20;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Say where the client of a model goes, and with it the key that Leash puts in. */
const LEADS_KEYS = /_(BASE_URL|API_BASE)$/;

type Env = Readonly<Record<string, string | undefined>>;

function fault(file: string, line: number, message: string): LeashError {
  return new LeashError('LEASH_USAGE', `--env-file: ${file}:${line}: ${message}`);
}

/**
 * `NAME=VALUE`: the value is all that follows, quotes and spaces included. `NAME`: the variable of that name, if it is set.
 * A line of spaces, or one that begins with `#`, is none.
 * @param isAgents the agent can write the file: it may neither ask for variables of the user's, nor lead keys elsewhere
 * @throws {LeashError} LEASH_USAGE; values are never part of a message
 */
export function parseEnvFile(text: string, file: string, env: Env, isAgents: boolean): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const name = equals < 0 ? line.trimEnd() : line.slice(0, equals);
    if (!NAME.test(name)) throw fault(file, index + 1, 'this is neither NAME=VALUE nor NAME');
    if (isAgents && equals < 0)
      throw fault(
        file,
        index + 1,
        `the file lies in the workspace, where the agent can write: pass ${name} on with --env ${name}`,
      );
    if (isAgents && LEADS_KEYS.test(name))
      throw fault(
        file,
        index + 1,
        `the file lies in the workspace, where the agent can write: it may not say where keys go; set ${name} with --env`,
      );
    const value = equals < 0 ? env[name] : line.slice(equals + 1);
    if (value?.includes('\0')) throw fault(file, index + 1, `the value of ${name} holds a NUL`);
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}

/** Of a pipe, too, such as that of `<(command)`, and of a device that never ends: one more than may be. */
function firstBytes(file: string): Buffer {
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(fd, bytes, length, bytes.length - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(fd);
  }
}

function readEnvFile(file: string): string {
  try {
    const bytes = firstBytes(file);
    if (bytes.length > MOST_BYTES) throw new LeashError('LEASH_USAGE', `--env-file: ${file} is longer than 1 MiB`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8' : `cannot be read (${code})`;
    throw new LeashError('LEASH_USAGE', `--env-file: ${file} ${why}`, { cause });
  }
}

/** Later files outweigh earlier ones. @throws {LeashError} LEASH_USAGE */
export function envFiles(files: readonly string[], env: Env, workspace: string): Record<string, string> {
  const parts = files.map((file) => {
    const { links, end } = wayTo(file);
    const isAgents = [path.resolve(file), ...links, end].some((place) => isBelow(place, workspace));
    return parseEnvFile(readEnvFile(file), file, env, isAgents);
  });
  return Object.assign({}, ...parts) as Record<string, string>;
}
