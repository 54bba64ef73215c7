// The policy of a session: a file or the built-in profile in, its text out, now and whenever the file changes.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { defaultProfile } from '../policy/profile.ts';

export interface PolicyText {
  readonly name: string;
  readonly text: string;
  /** Further policies of Leash itself. */
  readonly guard?: string;
}

const SETTLE_MS = 15;

/** A Cedar string literal. */
export function cedarString(text: string): string {
  return JSON.stringify(text).replace(/\\u([0-9a-f]{4})/g, (_match, hex: string) => `\\u{${hex}}`);
}

/** The agent must not edit the policy that governs it, wherever the file is. Plain Cedar. */
export function policyFileGuard(paths: readonly string[]): string {
  const statements = paths.map(
    (file, index) =>
      `@id("leash:policy-file${index === 0 ? '' : `-${index}`}") @reason("The agent may not change its own policy.")\n` +
      `forbid(principal, action in Action::"FileOpenReadWrite", resource == File::${cedarString(file)});`,
  );
  return statements.join('\n');
}

/** @throws {LeashError} LEASH_POLICY_READ */
export function readPolicy(file: string | undefined): PolicyText {
  if (file === undefined) return defaultProfile();
  try {
    const absolute = path.resolve(file);
    const bytes = fs.readFileSync(absolute);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { name: file, text, guard: policyFileGuard([...new Set([absolute, fs.realpathSync(absolute)])]) };
  } catch (cause) {
    const why = cause instanceof TypeError ? 'it is not UTF-8 text' : (cause as NodeJS.ErrnoException).code;
    throw new LeashError('LEASH_POLICY_READ', `cannot read the policy ${file} (${why})`, { cause });
  }
}

/** Calls `changed` after each edit, also when an editor replaces the file. Returns what ends the watch. */
export function watchPolicy(file: string, changed: () => void): () => void {
  const absolute = path.resolve(file);
  let timer: NodeJS.Timeout | undefined;
  const watcher = fs.watch(path.dirname(absolute), { persistent: false }, (_event, name) => {
    if (name !== null && name !== path.basename(absolute)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLE_MS);
  });
  watcher.on('error', () => undefined); // the folder vanished: the policy in force stays
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
