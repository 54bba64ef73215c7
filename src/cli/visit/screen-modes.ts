// What a program writes to a terminal in; what puts the terminal back when one leaves the program behind out. Pure.

/** DEC private modes that outlive the program that set them. Source: XTerm Control Sequences. */
const SET_BY_PROGRAMS = new Set([1, 9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 47, 1047, 1048, 1049, 2004]);
const CURSOR = 25;
const AUTO_WRAP = 7;
const TAIL = 64;

export class ScreenModes {
  #tail = '';
  readonly #set = new Set<number>();
  readonly #reset = new Set<number>();

  see(bytes: Uint8Array): void {
    const text = this.#tail + Buffer.from(bytes).toString('latin1');
    for (const [, list = '', way] of text.matchAll(/\x1b\[\?([\d;]{1,48})([hl])/g)) {
      for (const mode of list.split(';').map(Number)) {
        const isOn = way === 'h';
        if (SET_BY_PROGRAMS.has(mode)) this.#set[isOn ? 'add' : 'delete'](mode);
        if (mode === CURSOR || mode === AUTO_WRAP) this.#reset[isOn ? 'delete' : 'add'](mode);
      }
    }
    this.#tail = text.slice(-TAIL);
  }

  /** Colours off; what is on, off; cursor and wrapping as they were. */
  restoring(): string {
    const off = [...this.#set].map((mode) => `\x1b[?${mode}l`);
    const on = [...this.#reset].map((mode) => `\x1b[?${mode}h`);
    return `\x1b[0m${[...off, ...on].join('')}`;
  }
}
