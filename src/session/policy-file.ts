// The policy of a session: names of profiles and a file in, their text out, now and whenever the file changes.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { MAX_TEXT } from '../policy/check/limits.ts';
import { composeProfiles, profileNames } from '../policy/profile.ts';
import type { Source } from '../policy/text/diagnostic.ts';
import { cedarString } from '../policy/text/literal.ts';
import { readText } from '../policy/text/read-text.ts';
import { closest } from '../schema/suggestion.ts';
import { withRepository } from './repository-policy.ts';

export interface PolicyText extends Source {
  /** Further policies of Leash itself. */
  readonly guard?: string;
  /** What a person may change of it: the text of the file, or what stands in its place. */
  readonly own?: string;
}

/** What is written in place is first emptied, then filled by one or more writes: a text is read when the last is this long ago. */
const SETTLE_MS = 15;
/** For an empty file, which is rarely meant: whoever emptied it may have been interrupted before filling it. */
const SETTLE_EMPTY_MS = 250;

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

/** What `--policy` names. Neither: the default profile of the command. */
export interface PolicyChoice {
  readonly profiles?: readonly string[];
  /** Path of a Cedar file. */
  readonly file?: string | undefined;
  /** Base name of the command. */
  readonly agent?: string;
  /** What the workspace brought along when the session began; its edits change nothing. */
  readonly repository?: Source | undefined;
  /** Instead of what the file holds, or of the default profile. */
  readonly text?: string | undefined;
}

/** A word without slash and dot that is no file was meant for a profile. */
function requireFile(file: string): void {
  if (/[/.]/.test(file) || fs.existsSync(file)) return;
  const meant = closest(file, profileNames());
  const ways =
    meant === undefined ? `the profiles are ${profileNames().join(', ')}` : `did you mean the profile ${meant}?`;
  throw new LeashError('LEASH_POLICY_READ', `there is no policy file or profile ${JSON.stringify(file)}; ${ways}`);
}

/** A repository tightens for the next session, too. Its file is in the workspace itself, and was no link. */
function repositoryGuard(file: string): string {
  return `@id("leash:repository-policy") @reason("The agent may not change the policy of its repository.")
forbid(principal, action in Action::"FileOpenReadWrite", resource == File::${cedarString(file)});`;
}

function ownText(file: string | undefined, text: string | undefined): Source | undefined {
  if (text !== undefined) return { name: file ?? 'the edited policy', text };
  return file === undefined ? undefined : { name: file, text: readText(file, MAX_TEXT) };
}

/** @throws {LeashError} LEASH_POLICY_READ */
export function readPolicy({ profiles = [], file, agent, repository, text }: PolicyChoice): PolicyText {
  if (file !== undefined) requireFile(file);
  const own = ownText(file, text);
  const guards = [
    ...(file === undefined ? [] : [policyFileGuard(file)]),
    ...(repository === undefined ? [] : [repositoryGuard(repository.name)]),
  ];
  const composed = composeProfiles(profiles, agent, own);
  const editable = own?.text ?? (profiles.length === 0 ? composed.text : '');
  const policy = { ...withRepository(composed, repository), own: editable };
  return guards.length === 0 ? policy : { ...policy, guard: guards.join('\n') };
}

/** Milliseconds since the file was last written, and whether it holds anything. Undefined when there is no file. */
function stateOf(file: string): { readonly age: number; readonly isEmpty: boolean } | undefined {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat && { age: Date.now() - stat.mtimeMs, isEmpty: stat.size === 0 };
}

/**
 * Calls `changed` after each edit, also when an editor replaces the file; not in the middle of one, as far as that can be told: the file
 * must have rested. Returns what ends the watch.
 */
export function watchPolicy(file: string, changed: () => void): () => void {
  const absolute = path.resolve(file);
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    const state = stateOf(absolute);
    // A busy process runs a timer before it hears of the write that should have put it off.
    const rest = state === undefined ? 0 : (state.isEmpty ? SETTLE_EMPTY_MS : SETTLE_MS) - state.age;
    // A time in the future comes from another clock and says nothing.
    if (rest > 0 && state !== undefined && state.age >= 0) timer = setTimeout(settle, rest);
    else changed();
  };
  const watcher = fs.watch(path.dirname(absolute), { persistent: false }, (_event, name) => {
    if (name !== null && name !== path.basename(absolute)) return;
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLE_MS);
  });
  watcher.on('error', () => undefined); // the folder vanished: the policy in force stays
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
