// An open question in, a sign of it for the person at the terminal out: a line, or a bell where a line would land in a program's screen.
import { spawn } from 'node:child_process';
import { SYSTEM_PATH } from '../host/paths.ts';
import type { Question } from '../schema/approval.ts';
import { whatText, whoText } from './question-text.ts';
import { printable } from './terminal.ts';

/** Milliseconds between two signs: an agent that asks much must not be able to drown what else is on the terminal. */
const PACE = 1_000;
const BELL = '\u0007';

/** One line; the text is the policy author's, the rest may be the agent's choice. */
export function noticeLine(question: Question): string {
  const { id, text } = question;
  return `question ${id}: ${printable(text)} ${whoText(question)}: ${whatText(question)}; leash approve ${id}, or leash deny ${id}`;
}

/**
 * Whether a program has taken the terminal over: it reads keys, not lines (stty(1), `-icanon`), and draws where it likes. Node cannot
 * ask the terminal itself.
 */
function isTakenOver(): Promise<boolean> {
  return new Promise((resolve) => {
    const stty = spawn('stty', ['-a'], {
      stdio: [process.stderr.fd, 'pipe', 'ignore'],
      env: { PATH: SYSTEM_PATH, LC_ALL: 'C' },
    });
    let text = '';
    stty.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    stty.once('error', () => resolve(false));
    stty.once('close', () => resolve(/(^|[ ;])-icanon\b/m.test(text)));
  });
}

export interface NoticeSeams {
  readonly isTerminal: boolean;
  readonly isTakenOver: () => Promise<boolean>;
  readonly write: (text: string) => void;
}

const SEAMS: NoticeSeams = {
  isTerminal: process.stderr.isTTY === true,
  isTakenOver,
  write: (text) => void process.stderr.write(text),
};

/** Gives one sign a second at most; how many questions came between, the next one says. */
export class QuestionNotice {
  readonly #seams: NoticeSeams;
  #last = Number.NEGATIVE_INFINITY;
  #more = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(seams: NoticeSeams = SEAMS) {
    this.#seams = seams;
  }

  tell(question: Question): void {
    const wait = this.#last + PACE - performance.now();
    if (wait <= 0) {
      this.#sign(noticeLine(question));
      return;
    }
    this.#more++;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#sign(`${this.#more} more questions were asked; leash approvals lists what is open`);
      this.#more = 0;
    }, wait).unref();
  }

  /** What is not a question, and can wait: where a line would land in a program's screen it is said when leash ends. */
  say(line: string): void {
    const { isTerminal, write } = this.#seams;
    const end = (): void => write(`leash: ${line}\n`);
    if (!isTerminal) end();
    else void this.#seams.isTakenOver().then((isTaken) => (isTaken ? process.once('exit', end) : end()));
  }

  #sign(line: string): void {
    this.#last = performance.now();
    const { isTerminal, write } = this.#seams;
    if (!isTerminal) {
      write(`leash: ${line}\n`);
      return;
    }
    void this.#seams.isTakenOver().then((isTaken) => write(isTaken ? BELL : `leash: ${line}\n`));
  }
}
