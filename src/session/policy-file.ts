// The policy of a session: a file or the built-in profile in, its text out, now and whenever the file changes.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { MAX_TEXT } from '../policy/check/limits.ts';
import { defaultProfile } from '../policy/profile.ts';
import { readText } from '../policy/text/read-text.ts';

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

/** Where a file is named, and where its links lead. @throws {LeashError} LEASH_POLICY_READ when it has just vanished */
function placesOf(file: string): readonly string[] {
  const absolute = path.resolve(file);
  try {
    return [...new Set([absolute, fs.realpathSync(absolute)])];
  } catch (cause) {
    throw new LeashError('LEASH_POLICY_READ', `cannot read ${file}: it vanished`, { cause });
  }
}

/**
 * The agent must not edit the policy that governs it, wherever the file is. Plain Cedar.
 * @throws {LeashError} LEASH_POLICY_READ
 */
export function policyFileGuard(policy: string): string {
  const statements = placesOf(policy).map(
    (file, index) =>
      `@id("leash:policy-file${index === 0 ? '' : `-${index}`}") @reason("The agent may not change its own policy.")\n` +
      `forbid(principal, action in Action::"FileOpenReadWrite", resource == File::${cedarString(file)});`,
  );
  return statements.join('\n');
}

/** @throws {LeashError} LEASH_POLICY_READ */
export function readPolicy(file: string | undefined): PolicyText {
  if (file === undefined) return defaultProfile();
  const text = readText(file, MAX_TEXT);
  return { name: file, text, guard: policyFileGuard(file) };
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
