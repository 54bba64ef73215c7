// A terminal and a question of four answers in, the person's answer out; the terminal is as it was.
import type { ReadStream, WriteStream } from 'node:tty';
import type { Paint } from '../terminal.ts';
import { CHOICES, type Choice, FIRST, type Menu, type Outcome, readLine, rest, type } from './menu.ts';

/** Milliseconds after which an escape character was the escape key. */
const ESCAPE_MS = 50;
/** Below this, lines would wrap and could not be drawn over. */
const COLUMNS_MIN = 40;

const HELP = '↑ ↓ or 1-4, then Enter; y for this run, n never; Esc not now';

export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly paint: Paint;
  /** TERM=dumb: lines are typed, and nothing is drawn over. */
  readonly isDumb: boolean;
}

export interface Question {
  /** Lines before the answers, without their ends. */
  readonly text: readonly string[];
  readonly labels: Readonly<Record<Choice, string>>;
}

function clipped(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, columns - 2)}…`;
}

function lines({ labels }: Question, { marked }: Menu, { output, paint }: Terminal): readonly string[] {
  const answers = CHOICES.map((choice, index) => {
    const line = clipped(`${index === marked ? '>' : ' '} ${index + 1}  ${labels[choice]}`, output.columns);
    return index === marked ? paint('bold', line) : line;
  });
  return [...answers, paint('dim', clipped(HELP, output.columns))];
}

/** Raw mode: Ctrl-C is a key like any other. */
async function byKeys(question: Question, terminal: Terminal): Promise<Outcome> {
  const { input, output } = terminal;
  let menu = FIRST;
  const draw = (isFirst: boolean): void => {
    const drawn = lines(question, menu, terminal);
    output.write(`${isFirst ? '' : `\u001b[${drawn.length}A\r\u001b[J`}${drawn.join('\n')}\n`);
  };
  input.setRawMode(true);
  input.setEncoding('utf8');
  draw(true);
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      input.off('data', typed);
      input.off('end', ended);
      input.setRawMode(false);
      input.pause();
      resolve(outcome);
    };
    const look = (): void => {
      draw(false);
      if (menu.outcome !== undefined) settle(menu.outcome);
    };
    const typed = (text: string): void => {
      clearTimeout(timer);
      menu = type(menu, text);
      if (menu.rest !== '')
        timer = setTimeout(() => {
          menu = rest(menu);
          look();
        }, ESCAPE_MS);
      look();
    };
    const ended = (): void => settle('later');
    input.on('data', typed);
    input.once('end', ended);
  });
}

/** A terminal hands out one line at a time; what follows it is the agent's. */
async function byLine(question: Question, { input, output }: Terminal): Promise<Outcome> {
  for (const [index, choice] of CHOICES.entries()) output.write(`  ${index + 1}  ${question.labels[choice]}\n`);
  input.setEncoding('utf8');
  return new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      input.off('data', typed);
      input.off('end', ended);
      process.off('SIGINT', interrupted);
      input.pause();
      resolve(outcome);
    };
    const ask = (): void => void output.write('1-4, y for this run, n never [3]: ');
    const typed = (line: string): void => {
      const outcome = readLine(line);
      if (outcome === undefined) ask();
      else settle(outcome);
    };
    const ended = (): void => settle('later');
    const interrupted = (): void => settle('interrupt');
    input.on('data', typed);
    input.once('end', ended);
    process.once('SIGINT', interrupted);
    ask();
  });
}

export async function askPerson(question: Question, terminal: Terminal): Promise<Outcome> {
  const { output, isDumb } = terminal;
  for (const line of question.text) output.write(`${line}\n`);
  return isDumb || !(output.columns >= COLUMNS_MIN) ? byLine(question, terminal) : byKeys(question, terminal);
}
