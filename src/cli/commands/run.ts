// What to run in, the agent's exit status out, with three lines about what happened.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findProgram } from '../../host/doctor/find-program.ts';
import { requireHost } from '../../host/doctor/require-host.ts';
import { LeashError } from '../../host/errors.ts';
import type { Override } from '../../proxy/options.ts';
import type { SessionOptions, SessionResult } from '../../session/options.ts';
import { runSession } from '../../session/session.ts';
import type { RunArgs } from '../run-args.ts';

/** Folders that hold everything else; as a workspace they would hand the machine to the agent. */
function isTooWide(folder: string, home: string): boolean {
  return (
    folder === '/' ||
    home.startsWith(`${folder}/`) ||
    ['/etc', '/usr', '/var', '/proc', '/sys', '/dev', '/run', '/boot', '/tmp'].includes(folder)
  );
}

/** @throws {LeashError} LEASH_WORKSPACE */
function workspaceOf(args: RunArgs, home: string): string {
  const asked = args.workspace ?? process.cwd();
  let real: string;
  try {
    real = realpathSync(path.resolve(asked));
    if (!statSync(real).isDirectory())
      throw new LeashError('LEASH_WORKSPACE', `the workspace ${asked} is not a directory`);
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    throw new LeashError('LEASH_WORKSPACE', `the workspace ${asked} does not exist`, { cause });
  }
  if (isTooWide(real, home)) {
    throw new LeashError(
      'LEASH_WORKSPACE',
      `the workspace ${real} would give the agent far more than a project; nothing was started`,
    );
  }
  return real;
}

function extraEnv(args: RunArgs): Record<string, string> {
  const extra: Record<string, string> = {};
  for (const { name, value } of args.env) {
    const resolved = value ?? process.env[name];
    if (resolved !== undefined) extra[name] = resolved;
  }
  return extra;
}

function overrides(args: RunArgs): Map<string, Override> {
  return new Map(
    args.resolve.map((rule) => [
      rule.port === undefined ? rule.host : `${rule.host}:${rule.port}`,
      { address: rule.address, ...(rule.addressPort !== undefined && { port: rule.addressPort }) },
    ]),
  );
}

function certificates(args: RunArgs): string[] {
  return args.ca.map((file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch (cause) {
      throw new LeashError('LEASH_USAGE', `--ca: ${file} cannot be read`, { cause });
    }
  });
}

/** Digits in groups of three. `toLocaleString` would load ICU data: 12 ms at each start. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

function count(n: number, word: string): string {
  return `${grouped(n)} ${word}${n === 1 ? '' : 's'}`;
}

function summary(result: SessionResult): string[] {
  return [
    `${count(result.allowed, 'operation')} allowed, ${grouped(result.denied)} denied, by policy ${result.policy}`,
    `what was denied and why:  leash events --session ${result.id} --denied`,
    `everything it did:        leash events --session ${result.id}`,
  ];
}

/** @throws {LeashError} when the session cannot start, or did not end by the agent's own exit */
export async function run(args: RunArgs): Promise<number> {
  requireHost();
  const home = process.env['HOME'] || os.homedir();
  const say = (line: string): void => {
    if (!args.quiet) process.stderr.write(`leash: ${line}\n`);
  };
  const options: SessionOptions = {
    command: args.command,
    workspace: workspaceOf(args, home),
    profiles: args.profiles,
    policyFile: args.policyFile,
    mode: args.mode,
    env: process.env,
    extraEnv: extraEnv(args),
    resolve: overrides(args),
    ca: certificates(args),
    bubblewrap: findProgram('bwrap') ?? 'bwrap',
    say,
  };
  const result = await runSession(options);
  if (result.failure) throw result.failure;
  for (const line of summary(result)) say(line);
  return result.status;
}
