// Bytes that a person types in; those that are for the program, and whether they asked to leave it alone, out. Pure.

const CTRL_P = 0x10;
const CTRL_Q = 0x11;

export const DETACH_KEYS = 'Ctrl-P Ctrl-Q';

/** Ctrl-P waits for the next key: with Ctrl-Q it means to detach, with any other both are the program's. */
export class DetachKeys {
  #isHeld = false;

  take(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly detach: boolean } {
    const passed: number[] = [];
    for (const byte of bytes) {
      if (this.#isHeld && byte === CTRL_Q) return { bytes: Uint8Array.from(passed), detach: true };
      if (this.#isHeld) passed.push(CTRL_P);
      this.#isHeld = byte === CTRL_P;
      if (!this.#isHeld) passed.push(byte);
    }
    return { bytes: Uint8Array.from(passed), detach: false };
  }
}
