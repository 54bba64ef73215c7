// Who is who inside the sandbox: the warden's process records in, `Who` and `Program` of an event out.

import type { Who } from '../schema/event.ts';
import type { Program } from '../schema/request.ts';
import type { WireProcess } from './wire-record.ts';

/** More processes than this are forgotten oldest first; an event of a forgotten one still names its pid. */
const PROCESSES_MAX = 65_536;

export class ProcessTable {
  readonly #processes = new Map<number, WireProcess>();

  learn(process: WireProcess): void {
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

  program(pid: number): Program {
    const known = this.#processes.get(pid);
    return { exe: known?.exe ?? '', uid: known?.uid ?? 0 };
  }
}
