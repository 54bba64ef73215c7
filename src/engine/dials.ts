// Numbers of ports in, sockets connected to programs inside the sandbox out; native/warden/dialogue.h is the other side.

import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { errorName } from '../host/error-name.ts';
import { socketOf } from './handles.ts';

/** A connection, paused; or the errno name of why there is none. */
export type Dialled = Socket | string;

interface Answer {
  readonly dialled?: number;
  readonly error?: number;
}

export class Dials {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (dialled: Dialled) => void>();
  #last = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message, handle) => this.#receive(message as Answer, handle));
    child.on('disconnect', () => this.#forget());
    child.on('exit', () => this.#forget());
  }

  #receive({ dialled: id, error }: Answer, handle: unknown): void {
    if (id === undefined) return;
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    const dialled = handle === undefined ? errorName(error || 5) : socketOf(handle, { readable: true, writable: true });
    if (settle) settle(dialled);
    else if (typeof dialled !== 'string') dialled.destroy();
  }

  #forget(): void {
    for (const settle of this.#waiting.values()) settle('ECONNABORTED');
    this.#waiting.clear();
  }

  /** Connects to 127.0.0.1, or ::1, inside. Not before the sandbox's listeners are served. */
  dial(port: number): Promise<Dialled> {
    return new Promise((resolve) => {
      if (!this.#child.connected) {
        resolve('ECONNABORTED');
        return;
      }
      this.#last += 1;
      const id = this.#last;
      this.#waiting.set(id, resolve);
      this.#child.send({ id, port }, (error) => {
        if (error === null || !this.#waiting.delete(id)) return;
        resolve('ECONNABORTED');
      });
    });
  }
}
