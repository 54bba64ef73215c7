// The approvals a person gave for always: a file of the user's own configuration in, what it holds out; written whole or not at all.

import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { makeFolder } from '../host/make-folder.ts';
import type { KeptApproval } from '../schema/approval.ts';
import { resourceName } from '../schema/resource-name.ts';
import type { Subject } from './subject.ts';

const FILE = 'approvals.json';
const VERSION = 1;
/** A person gives some dozens. */
const BYTES_MAX = 1 << 20;

type Entry = readonly [name: keyof KeptApproval, type: 'string' | 'number'];
const FIELDS: readonly Entry[] = [
  ['id', 'string'],
  ['key', 'string'],
  ['agent', 'string'],
  ['exe', 'string'],
  ['action', 'string'],
  ['resource', 'string'],
  ['given', 'number'],
];

function isKept(value: unknown): value is KeptApproval {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  const { via, ...others } = entry;
  return (
    (via === undefined || typeof via === 'string') &&
    Object.keys(others).length === FIELDS.length &&
    FIELDS.every(([name, type]) => typeof entry[name] === type) &&
    /^[0-9a-f]{64}$/.test(String(entry['key']))
  );
}

function parse(text: string): readonly KeptApproval[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, approvals, ...others } = value as Record<string, unknown>;
  if (v !== VERSION || Object.keys(others).length > 0 || !Array.isArray(approvals)) return undefined;
  return approvals.every(isKept) ? approvals : undefined;
}

/** The state a file was read in; another one means that it was written. */
function stampOf(stat: fs.Stats): string {
  return [stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs].join(' ');
}

export class KeptApprovals {
  readonly file: string;
  readonly #say: (line: string) => void;
  #stamp: string | undefined;
  #keys: ReadonlySet<string> = new Set();

  /** `dir` is the user's configuration folder of Leash. `say` is told when the file cannot be used, once for each state of it. */
  constructor(dir: string, say: (line: string) => void = () => undefined) {
    this.file = path.join(dir, FILE);
    this.#say = say;
  }

  /** Is the key approved? Follows the file; one that cannot be read approves nothing. */
  has(key: string): boolean {
    const stat = fs.statSync(this.file, { throwIfNoEntry: false });
    const stamp = stat === undefined ? undefined : stampOf(stat);
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#keys = new Set();
      try {
        this.#keys = new Set(this.list().map((approval) => approval.key));
      } catch (error) {
        if (!(error instanceof LeashError)) throw error;
        this.#say(`${error.code}: ${error.message}; nothing in it is approved`);
      }
    }
    return this.#keys.has(key);
  }

  /** @throws {LeashError} LEASH_APPROVALS */
  list(): readonly KeptApproval[] {
    let text: string;
    try {
      const { size } = fs.statSync(this.file);
      if (size > BYTES_MAX) throw new LeashError('LEASH_APPROVALS', `${this.file} is larger than 1 MiB`);
      text = fs.readFileSync(this.file, 'utf8');
    } catch (cause) {
      if (cause instanceof LeashError) throw cause;
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return [];
      throw new LeashError('LEASH_APPROVALS', `cannot read ${this.file} (${code})`, { cause });
    }
    const approvals = parse(text);
    if (approvals === undefined) throw new LeashError('LEASH_APPROVALS', `${this.file} is not a list of approvals`);
    return approvals;
  }

  /** @throws {LeashError} LEASH_APPROVALS */
  add(subjects: readonly Subject[]): void {
    const added = subjects.map(
      (subject): KeptApproval => ({
        id: randomBytes(4).toString('hex'),
        key: subject.key,
        agent: subject.agent,
        exe: subject.exe,
        ...(subject.via !== undefined && { via: subject.via }),
        action: subject.action,
        resource: resourceName(subject.resource),
        given: Date.now(),
      }),
    );
    const keys = new Set(added.map(({ key }) => key));
    this.#write([...this.list().filter(({ key }) => !keys.has(key)), ...added]);
  }

  /**
   * Takes approvals back. Returns how many.
   * @throws {LeashError} LEASH_APPROVALS
   */
  remove(isMeant: (approval: KeptApproval) => boolean): number {
    const all = this.list();
    const left = all.filter((approval) => !isMeant(approval));
    if (left.length < all.length) this.#write(left);
    return all.length - left.length;
  }

  #write(approvals: readonly KeptApproval[]): void {
    const temporary = `${this.file}.${randomBytes(6).toString('hex')}`;
    try {
      makeFolder(path.dirname(this.file));
      const fd = fs.openSync(temporary, 'wx', 0o600);
      try {
        fs.writeFileSync(fd, `${JSON.stringify({ v: VERSION, approvals }, undefined, 2)}\n`);
        fs.fsyncSync(fd);
      } finally {
        fs.closeSync(fd);
      }
      fs.renameSync(temporary, this.file);
    } catch (cause) {
      fs.rmSync(temporary, { force: true });
      const { code } = cause as NodeJS.ErrnoException;
      throw new LeashError('LEASH_APPROVALS', `cannot write ${this.file} (${code})`, { cause });
    }
  }
}
