// The policy that was in force during one epoch of a session, to and from a file beside its segments: what its events are explained by.
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { createPrivateFile } from './segment.ts';

/** Enough for the longest policy text with every character escaped. */
const MAX_BYTES = 16 << 20;

export interface PolicyInForce {
  readonly v: 1;
  readonly epoch: number;
  /** How messages call the text: a path, or the name of a profile. */
  readonly name: string;
  readonly text: string;
  /** The part of the text that is a person's to change; absent: nothing is known of it. */
  readonly own?: string;
  /** Statements of Leash itself. */
  readonly guard: string;
  /** What the policy was evaluated against. */
  readonly facts: {
    readonly agent: string;
    readonly session: string;
    readonly user: string;
    readonly workspace: string;
    readonly home: string;
    readonly tmp: string;
  };
}

function recordFile(dir: string, epoch: number): string {
  return path.join(dir, `policy-${epoch}.json`);
}

const RECORD_NAME = /^policy-(\d{1,9})\.json$/;

/** Keeps the policy of an epoch; each epoch has one. Throws the system's error (EEXIST, ENOSPC …). */
export function writePolicyRecord(dir: string, policy: PolicyInForce): void {
  const descriptor = createPrivateFile(recordFile(dir, policy.epoch));
  try {
    writeFileSync(descriptor, JSON.stringify(policy));
  } finally {
    closeSync(descriptor);
  }
}

function isRecord(value: unknown, epoch: number): value is PolicyInForce {
  if (typeof value !== 'object' || value === null) return false;
  const { v, epoch: kept, name, text, own = '', guard, facts } = value as Partial<Record<keyof PolicyInForce, unknown>>;
  if (v !== 1 || kept !== epoch || typeof facts !== 'object' || facts === null) return false;
  const places = facts as Readonly<Record<string, unknown>>;
  return [
    name,
    text,
    own,
    guard,
    ...['agent', 'session', 'user', 'workspace', 'home', 'tmp'].map((key) => places[key]),
  ].every((field) => typeof field === 'string');
}

function readOwn(file: string): string {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > MAX_BYTES) throw new TypeError('not a record of Leash');
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** The policy of an epoch of the session in `dir`. Throws LEASH_JOURNAL_CORRUPT when it is not there or no such record. */
export function readPolicyRecord(dir: string, epoch: number): PolicyInForce {
  const file = recordFile(dir, epoch);
  let value: unknown;
  try {
    value = JSON.parse(readOwn(file));
  } catch (cause) {
    throw new LeashError('LEASH_JOURNAL_CORRUPT', `the policy of epoch ${epoch} cannot be read from ${file}`, {
      cause,
    });
  }
  if (!isRecord(value, epoch)) {
    throw new LeashError('LEASH_JOURNAL_CORRUPT', `${file} is not the policy of epoch ${epoch}`);
  }
  return value;
}

/** All epochs of the session in `dir` that have a record, the first one first. */
export function policyEpochs(dir: string): readonly number[] {
  const epochs = readdirSync(dir).flatMap((name) => {
    const epoch = RECORD_NAME.exec(name)?.[1];
    return epoch === undefined ? [] : [Number(epoch)];
  });
  return epochs.toSorted((a, b) => a - b);
}

/** Milliseconds since the Unix epoch. Throws the system's error. */
export function policyRecordTime(dir: string, epoch: number): number {
  return statSync(recordFile(dir, epoch)).mtimeMs;
}

/** The policy of the last epoch of the session in `dir`. Throws LEASH_JOURNAL_CORRUPT. */
export function lastPolicyRecord(dir: string): PolicyInForce {
  const epochs = policyEpochs(dir);
  if (epochs.length === 0) throw new LeashError('LEASH_JOURNAL_CORRUPT', `there is no record of a policy in ${dir}`);
  return readPolicyRecord(dir, Math.max(...epochs));
}
