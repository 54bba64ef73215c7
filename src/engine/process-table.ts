// Who is who inside the sandbox: the warden's process records in, `Who` and `Program` of an event out.

import type { Who } from '../schema/event.ts';
import type { Program } from '../schema/request.ts';
import type { WireEvent, WireProcess } from './wire-record.ts';

/** More processes than this are forgotten oldest first; an event of a forgotten one still names its pid. */
const PROCESSES_MAX = 65_536;

/** A line of descent; native/warden/line.h. The warden bounds their number and their length. */
interface Line {
  readonly exe: string;
  readonly sha256: string | undefined;
  readonly up: number;
}

export class ProcessTable {
  readonly #processes = new Map<number, WireProcess>();
  readonly #lines = new Map<number, Line>();

  learn(process: WireProcess): void {
    const { line, lineUp: up, exe, sha256 } = process;
    if (line !== 0) this.#lines.set(line, { exe, sha256, up });
    this.#processes.delete(process.pid);
    this.#processes.set(process.pid, process);
    if (this.#processes.size > PROCESSES_MAX) {
      const oldest = this.#processes.keys().next();
      if (!oldest.done) this.#processes.delete(oldest.value);
    }
  }

  who(pid: number): Who {
    const known = this.#processes.get(pid);
    if (known === undefined) return { pid, parent: 0, exe: '' };
    return { pid, parent: known.parent, exe: known.exe, argv: known.argv };
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
    const { exe, sha256 } = line;
    const uid = this.#processes.get(pid)?.uid ?? 0;
    return { exe, uid, ancestors, ...(sha256 !== undefined && { sha256 }) };
  }
}
