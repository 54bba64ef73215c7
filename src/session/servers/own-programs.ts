// Processes of a session in; whether a program is the agent's own, and not one that the agent was made to start, out.
import path from 'node:path';
import type { ProcessTable } from '../../engine/process-table.ts';
import type { WireProcess } from '../../engine/wire-record.ts';

/**
 * The agent is the first program, and what that executes in its own place (a script leads to `env`, and to `node`). A launcher may start the
 * agent proper as a child: then that is an executable of the agent's package. An interpreter that it starts is not: it could be told
 * to run anything.
 */
export class OwnPrograms {
  readonly #processes: ProcessTable;
  /** Ending with `/`. */
  readonly #folder: string | undefined;
  /** Lines of descent of the first process. */
  readonly #lines = new Set<number>();
  #first: number | undefined;

  /** @param folder the agent's package, as the sandbox shows it; the agent must not be able to write there */
  constructor(processes: ProcessTable, folder: string | undefined) {
    this.#processes = processes;
    this.#folder = folder === undefined ? undefined : path.join(folder, '/');
  }

  learn({ pid, line }: WireProcess): void {
    this.#first ??= pid;
    if (pid === this.#first) this.#lines.add(line);
  }

  isOwn(line: number): boolean {
    if (this.#lines.has(line)) return true;
    const known = this.#processes.line(line);
    return (
      known !== undefined &&
      this.#folder !== undefined &&
      this.#lines.has(known.up) &&
      known.exe.startsWith(this.#folder)
    );
  }
}
