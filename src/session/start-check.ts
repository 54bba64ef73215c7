// A policy that would stop the command itself from starting is found before anything is started.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Decision } from '../decision/decision.ts';
import { LeashError } from '../host/errors.ts';
import type { Request } from '../schema/request.ts';
import { resourceName } from '../schema/resource-name.ts';
import type { Verdict } from '../schema/verdict.ts';
import type { SessionOptions } from './options.ts';
import type { Recorder } from './recorder.ts';

/** Debian's and Fedora's C library and Alpine's: what nearly every program reads before its first own instruction. */
const C_LIBRARIES = [
  '/lib/x86_64-linux-gnu/libc.so.6',
  '/lib/aarch64-linux-gnu/libc.so.6',
  '/lib64/libc.so.6',
  '/lib/ld-musl-x86_64.so.1',
];

function realpath(file: string): string | undefined {
  try {
    return fs.realpathSync(file);
  } catch {
    return undefined;
  }
}

/** The file a command names: by path from the workspace, or by the first match on PATH. Undefined when it cannot be seen from here. */
export function findCommand(word: string, searchPath: string | undefined, workspace: string): string | undefined {
  if (word.includes('/')) return realpath(path.resolve(workspace, word));
  for (const folder of (searchPath ?? '').split(':')) {
    const candidate = path.join(folder, word);
    if (path.isAbsolute(folder) && fs.existsSync(candidate) && fs.statSync(candidate).isFile())
      return realpath(candidate);
  }
  return undefined;
}

/** The file that the command of a session names. An image has programs of its own, which cannot be seen from here. */
export function commandFile({ container, command, env, workspace }: SessionOptions): string | undefined {
  return container === undefined ? findCommand(command[0] ?? '', env['PATH'], workspace) : undefined;
}

function why(verdict: Verdict): string {
  if (verdict.policies.length === 0) return 'no policy permits it';
  return `forbidden by ${verdict.policies.join(', ')}${verdict.reason ? `: ${verdict.reason}` : ''}`;
}

const ELF = '\x7fELF';
const CHUNK_BYTES = 1 << 20;

/** SHA-256 (hex) of a binary, as the warden will find it; nothing for a script, or what cannot be read. */
function contentHash(file: string): { readonly sha256?: string } {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let fd: number | undefined;
  try {
    fd = fs.openSync(file, 'r');
    let length = fs.readSync(fd, chunk);
    if (chunk.toString('latin1', 0, ELF.length) !== ELF) return {};
    for (; length > 0; length = fs.readSync(fd, chunk)) hash.update(chunk.subarray(0, length));
    return { sha256: hash.digest('hex') };
  } catch {
    return {};
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/**
 * `readsContent`: the policy asks for the content of programs.
 * @throws {LeashError} LEASH_COMMAND_DENIED
 */
export function checkStart(
  file: string,
  argv: readonly string[],
  decide: (request: Request) => Verdict & { enforced: boolean },
  readsContent: boolean,
): void {
  const program = { exe: '/run/leash/entry', uid: process.getuid?.() ?? 0 };
  const library = C_LIBRARIES.map(realpath).find((found) => found !== undefined);
  const content = readsContent ? contentHash(file) : {};
  const requests: Request[] = [
    { action: 'ProcessExec', resource: { type: 'path', path: file }, program, argv, ...content },
  ];
  if (library !== undefined) {
    requests.push({
      action: 'FileOpenReadOnly',
      resource: { type: 'path', path: library },
      program: { ...program, ...content, exe: file },
    });
  }
  for (const request of requests) {
    const verdict = decide(request);
    if (verdict.effect === 'deny' && verdict.enforced) {
      const resource = resourceName(request.resource);
      throw new LeashError(
        'LEASH_COMMAND_DENIED',
        `the policy denies ${request.action} on ${resource} (${why(verdict)})`,
      );
    }
  }
}

/** Judges the start of a command whose file is seen from here. @throws {LeashError} LEASH_COMMAND_DENIED */
export function permitStart(session: SessionOptions, decision: Decision): void {
  const file = commandFile(session);
  if (file === undefined) return;
  checkStart(file, session.command, (request) => decision.decide(request), decision.set.readsContent);
}

/** What judges and records a command that a person starts beside the agent; throws as `permitStart`. */
export function permitFurther(
  session: SessionOptions,
  decision: Decision,
  recorder: Pick<Recorder, 'note'>,
): (command: readonly string[]) => void {
  return (command) => {
    permitStart({ ...session, command }, decision);
    recorder.note('SessionExec', command.join(' '), decision.epoch, { detail: { argv: command } });
  };
}
