// Who is who inside the sandbox: the warden's process records in, `Who` and `Program` of an event out.

import type { Who } from '../schema/event.ts';
import type { Program } from '../schema/request.ts';
import type { WireEvent, WireProcess } from './wire-record.ts';

/** More processes than this are forgotten, those longest unheard of first; an event of a forgotten one still names its pid. */
const PROCESSES_MAX = 65_536;
/** UTF-16 units of all command lines together; beyond it those of the processes longest unheard of are forgotten. */
const ARGV_UNITS_MAX = 16 << 20;

/** A line of descent; native/warden/line.h. The warden bounds their number and their length. */
interface Line {
  readonly server: number;
  readonly exe: string;
  readonly sha256: string | undefined;
  readonly up: number;
}

interface Known {
  /** One object stands in all events of a process. */
  readonly who: Who;
  readonly uid: number;
  readonly argvUnits: number;
}

export class ProcessTable {
  /** The one heard of last stands last. */
  readonly #processes = new Map<number, Known>();
  readonly #lines = new Map<number, Line>();
  /** What each server is called, by its number. */
  readonly #servers = new Map<number, string>();
  #argvUnits = 0;

  /** How much is remembered: processes, and UTF-16 units of their command lines. */
  get size(): { readonly processes: number; readonly argvUnits: number } {
    return { processes: this.#processes.size, argvUnits: this.#argvUnits };
  }

  learn(process: WireProcess): void {
    const { line, lineUp: up, exe, sha256, server } = process;
    if (line !== 0) this.#lines.set(line, { exe, sha256, up, server });
    this.#forget(process.pid);
    const { pid, parent, uid, argv } = process;
    const argvUnits = argv.reduce((sum, word) => sum + word.length + 1, 0);
    this.#processes.set(pid, { who: { pid, parent, exe, argv, ...this.#via(server) }, uid, argvUnits });
    this.#argvUnits += argvUnits;
    const [oldest] = this.#processes.keys();
    if (this.#processes.size > PROCESSES_MAX && oldest !== undefined) this.#forget(oldest);
    if (this.#argvUnits > ARGV_UNITS_MAX) this.#thin();
  }

  /** Before the first process of the server is learnt. @param via `mcp:NAME` */
  nameServer(server: number, via: string): void {
    this.#servers.set(server, via);
  }

  #via(server: number): { readonly via?: string } {
    const via = this.#servers.get(server);
    return via === undefined ? {} : { via };
  }

  /** The executable of a line, and the line it came from; 0 for none. */
  line(id: number): { readonly exe: string; readonly up: number } | undefined {
    return this.#lines.get(id);
  }

  #forget(pid: number): void {
    this.#argvUnits -= this.#processes.get(pid)?.argvUnits ?? 0;
    this.#processes.delete(pid);
  }

  /** Down to half, so that it is not done for each process. */
  #thin(): void {
    for (const [pid, known] of this.#processes) {
      if (this.#argvUnits <= ARGV_UNITS_MAX / 2) break;
      this.#forgetArgv(pid, known);
    }
  }

  /** The program's name and parent are worth keeping, and small. */
  #forgetArgv(pid: number, { who, uid, argvUnits }: Known): void {
    this.#argvUnits -= argvUnits;
    this.#processes.set(pid, { who: { ...who, argv: [] }, uid, argvUnits: 0 });
  }

  who(pid: number): Who {
    const known = this.#processes.get(pid);
    if (known === undefined) return { pid, parent: 0, exe: '' };
    this.#processes.delete(pid);
    this.#processes.set(pid, known);
    return known.who;
  }

  /** The program that asked, by its line of descent. Undefined when that is not known. */
  program({ pid, line: id }: Pick<WireEvent, 'pid' | 'line'>): Program | undefined {
    const line = this.#lines.get(id);
    if (line === undefined) return undefined;
    const ancestors: string[] = [];
    for (let { up } = line; up !== 0; ) {
      const next = this.#lines.get(up);
      if (next === undefined) return undefined;
      ancestors.push(next.exe);
      up = next.up;
    }
    const { exe, sha256, server } = line;
    const uid = this.#processes.get(pid)?.uid ?? 0;
    return { exe, uid, ancestors, ...(sha256 !== undefined && { sha256 }), ...this.#via(server) };
  }
}
