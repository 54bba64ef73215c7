// The terminal of this process, raw while somebody's program has it and as it was afterwards, whatever ends this process.
import { spawnSync } from 'node:child_process';
import { SYSTEM_PATH } from '../../host/paths.ts';
import type { Size } from '../../schema/stage.ts';
import { ScreenModes } from './screen-modes.ts';

/** Of standard output, else of standard input; undefined where neither is a terminal. */
export function ownSize(): Size | undefined {
  const stream = [process.stdout, process.stdin as unknown as NodeJS.WriteStream].find(({ isTTY }) => isTTY);
  const [columns, rows] = process.stdout.isTTY ? process.stdout.getWindowSize() : [80, 24];
  return stream === undefined ? undefined : { rows, columns };
}

export class OwnTerminal {
  readonly #modes = new ScreenModes();
  readonly #isRaw: boolean;
  #isOver = false;

  /** @param isRaw keys go through as they are; where standard input is no terminal nothing changes */
  constructor(isRaw: boolean) {
    this.#isRaw = isRaw && process.stdin.isTTY;
    if (!this.#isRaw) return;
    process.stdin.setRawMode(true);
    // Node's raw mode still adds a carriage return to each line feed, which to a program on a terminal of its own means to go down only.
    spawnSync('stty', ['-opost'], { env: { PATH: SYSTEM_PATH }, stdio: ['inherit', 'ignore', 'ignore'] });
    process.on('exit', this.#restore);
  }

  see(bytes: Uint8Array): void {
    if (process.stdout.isTTY) this.#modes.see(bytes);
  }

  readonly #restore = (): void => this.restore();

  restore(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    process.off('exit', this.#restore);
    if (!this.#isRaw) return;
    process.stdin.setRawMode(false);
    if (process.stdout.isTTY) process.stdout.write(this.#modes.restoring());
  }
}
