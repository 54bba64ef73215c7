// A session's folder and what is wanted of it in; the program's bytes on this process's own streams, and its exit status, out.
import { constants } from 'node:os';
import { visit } from '../../api/gate-client.ts';
import type { Asked } from '../../api/gate-frames.ts';
import { DETACH_KEYS, DetachKeys } from './detach-keys.ts';
import { OwnTerminal, ownSize } from './own-terminal.ts';

export interface Manner {
  /** What is typed goes to the program. */
  readonly hasInput: boolean;
  /** By the keys one leaves and the program goes on; else it ends with this process. */
  readonly mayDetach: boolean;
  /** A line for the person. */
  readonly say: (line: string) => void;
}

/** The program's exit status; or that the person left it running, by its keys (0) or by the signal of this number. */
export type Outcome = { readonly status: number } | { readonly left: number };

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** @throws {LeashError} what the session refused or failed with */
export async function visitSession(dir: string, asked: Asked, manner: Manner): Promise<Outcome> {
  const { stdin, stdout, stderr } = process;
  let terminal: OwnTerminal | undefined;
  let left: number | undefined;
  const keys = new DetachKeys();
  const undo: (() => void)[] = [];
  const on = (target: NodeJS.EventEmitter, name: string, listener: (...args: never[]) => void): void => {
    target.on(name, listener as () => void);
    undo.push(() => target.off(name, listener as () => void));
  };
  const session = await visit(dir, asked, {
    ready: ({ isTerminal }) => {
      if (isTerminal && manner.mayDetach && stdin.isTTY) manner.say(`attached; ${DETACH_KEYS} detaches`);
      terminal = new OwnTerminal(isTerminal && manner.hasInput);
      if (manner.hasInput) stdin.resume();
      const resize = (): void => {
        const size = ownSize();
        if (size !== undefined) session.resize(size);
      };
      if (!isTerminal) return;
      on(stdout, 'resize', resize);
      // Changed since it was told.
      resize();
    },
    output: (bytes) => {
      terminal?.see(bytes);
      return stdout.write(bytes);
    },
    errors: (bytes) => stderr.write(bytes),
    drained: () => stdin.resume(),
  });
  const leave = (by: number): void => {
    left ??= by;
    session.leave();
  };
  if (manner.hasInput) {
    on(stdin, 'data', (chunk: Buffer) => {
      const taken = manner.mayDetach && stdin.isTTY ? keys.take(chunk) : { bytes: chunk, detach: false };
      if (taken.bytes.length > 0 && !session.input(taken.bytes)) stdin.pause();
      if (taken.detach) leave(0);
    });
    on(stdin, 'end', () => session.endInput());
    stdin.pause();
  }
  on(stdout, 'drain', () => session.goOn());
  on(stderr, 'drain', () => session.goOn());
  // Nobody reads any more, so nobody watches: `leash attach | head`.
  on(stdout, 'error', () => leave(constants.signals.SIGPIPE));
  for (const name of SIGNALS) {
    on(process, name, () => {
      if (manner.mayDetach) leave(constants.signals[name]);
      else session.signal(constants.signals[name]);
    });
  }
  try {
    return { status: await session.ended };
  } catch (error) {
    if (left !== undefined) return { left };
    throw error;
  } finally {
    terminal?.restore();
    for (const off of undo) off();
    stdin.pause();
    stdin.unref?.();
  }
}
