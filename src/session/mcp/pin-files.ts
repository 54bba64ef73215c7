// Pins of tools in; files of the user's own state that hold them out, one for each place of a server, read once and written whole or not at all.
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { whileLocked } from '../../config/lock.ts';
import { makeFolder } from '../../host/make-folder.ts';
import type { KeptPin, Offer } from '../../mcp/offered-tools.ts';
import type { PinStore } from '../../mcp/tool-pins.ts';
import { quotedName } from '../../mcp/tool-words.ts';
import { type PinList, pinsText, readPins } from './pin-text.ts';

const FOLDER = 'mcp-pins';
/** Of one file: 800 tools as servers have them. */
const BYTES_MAX = 1 << 19;
/** A person uses some dozens of servers; an agent can make up any number. */
const FILES_MAX = 256;
/** Milliseconds: a list of many tools is written once. */
const SOON = 200;

interface Change {
  readonly pin: KeptPin;
  readonly was: string | undefined;
}

interface Pending {
  readonly server: string;
  readonly changes: Map<string, Change>;
}

/** Keys hold addresses, and addresses may hold tokens. */
function fileName(key: string): string {
  return `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`;
}

/** Not through a link, and nothing that could keep the reader waiting. @returns undefined: there is none */
function readFile(file: string): PinList | string | undefined {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : code === 'ELOOP' ? 'it is a link' : code;
  }
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile() || stat.size > BYTES_MAX) return stat.isFile() ? 'it is larger than 512 KiB' : 'it is no file';
    return readPins(fs.readFileSync(descriptor, 'utf8')) ?? 'it is no list of pins';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'it cannot be read';
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeFile(file: string, text: string): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const descriptor = fs.openSync(temporary, 'wx', 0o600);
    try {
      fs.writeFileSync(descriptor, text);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

export class PinFiles implements PinStore {
  readonly #dir: string;
  readonly #say: (line: string) => void;
  /** As they were when this session met each place; `undefined`: it cannot be read. */
  readonly #known = new Map<string, PinList['pins'] | undefined>();
  readonly #pending = new Map<string, Pending>();
  readonly #said = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param state the user's state folder of Leash. `say` is told what cannot be kept, each thing once */
  constructor(state: string, say: (line: string) => void) {
    this.#dir = path.join(state, FOLDER);
    this.#say = say;
  }

  of(key: string, tool: string): KeptPin | 'unreadable' | undefined {
    if (!this.#known.has(key)) this.#known.set(key, this.#read(key));
    const pins = this.#known.get(key);
    return pins === undefined ? 'unreadable' : pins.get(tool);
  }

  keep({ server, key }: Offer, tool: string, pin: KeptPin, was: string | undefined): void {
    const pending = this.#pending.get(key) ?? { server, changes: new Map<string, Change>() };
    // Two changes between two writes are one, from what the file holds to what is pinned now.
    const before = pending.changes.get(tool);
    pending.changes.set(tool, { pin, was: before === undefined ? was : before.was });
    this.#pending.set(key, pending);
    this.#timer ??= setTimeout(() => this.#flush(), SOON).unref();
  }

  /** All that was pinned is written. */
  async close(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  #read(key: string): PinList['pins'] | undefined {
    const file = path.join(this.#dir, fileName(key));
    const read = readFile(file);
    if (read === undefined) return new Map();
    if (typeof read !== 'string') return read.pins;
    this.#sayOnce(`${file}: ${read}; what was known of these tools is not known any more`);
    return undefined;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.size === 0) return;
    const pending = [...this.#pending];
    this.#pending.clear();
    this.#writing = this.#writing
      .then(() => whileLocked(this.#dir, () => this.#writeAll(pending)))
      .catch((error: unknown) => this.#sayOnce(`pins of MCP tools are not kept: ${String(error)}`));
  }

  #writeAll(pending: readonly (readonly [string, Pending])[]): void {
    makeFolder(this.#dir);
    const files = new Set(fs.readdirSync(this.#dir).filter((name) => name.endsWith('.json')));
    for (const [key, { server, changes }] of pending) {
      const name = fileName(key);
      if (!files.has(name) && files.size >= FILES_MAX) {
        this.#sayOnce(
          `${this.#dir} holds pins of ${FILES_MAX} servers: those of others are not kept; delete what is not needed`,
        );
        continue;
      }
      if (this.#write(path.join(this.#dir, name), server, changes)) files.add(name);
    }
  }

  #write(file: string, server: string, changes: ReadonlyMap<string, Change>): boolean {
    const read = readFile(file);
    const pins = new Map(read === undefined || typeof read === 'string' ? [] : read.pins);
    for (const [tool, { pin, was }] of changes)
      if (pins.get(tool)?.digest === was || typeof read === 'string') pins.set(tool, pin);
    const text = pinsText({ server, pins });
    if (Buffer.byteLength(text) > BYTES_MAX) {
      this.#sayOnce(
        `the tools of the MCP server ${quotedName(server)} are too many to be kept: what is new of them is not`,
      );
      return false;
    }
    writeFile(file, text);
    return true;
  }

  #sayOnce(line: string): void {
    if (this.#said.has(line)) return;
    this.#said.add(line);
    this.#say(line);
  }
}
