// The command line of a manager's container in; that container and the agent's, which the manager orders, attached to this process and ended with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { firstLine } from '../../host/doctor/run-program.ts';
import { EXIT, LeashError } from '../../host/errors.ts';
import type { Engine } from '../../sandbox/container/engine.ts';
import { type Charge, encodeCharge } from './charge.ts';

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;
const KILLED = 128;

/** Of the engine's client, as a shell reports it. */
function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(EXIT.leash));
    child.once('close', (code) => resolve(code ?? KILLED));
  });
}

function explain(engine: Engine, complaint: string): LeashError {
  const path = /bind source path does not exist: (.+?)\.?$|statfs (.+?): no such file/m.exec(complaint);
  const place = path?.[1] ?? path?.[2];
  if (place !== undefined)
    return new LeashError(
      'LEASH_WORKSPACE',
      `the engine's machine has no ${place}: what the agent sees, and the folder of sessions, must be there under the same path`,
    );
  return new LeashError('LEASH_BACKEND', `${engine.name} does not start the manager: ${firstLine(complaint)}`);
}

/** A line of the manager's, before the agent has begun: words for the engine. */
function wordsIn(line: string, name: string): readonly string[] {
  const words: unknown = JSON.parse(line);
  if (Array.isArray(words) && words[0] === 'run' && words.includes(name) && words.every((w) => typeof w === 'string'))
    return words as string[];
  throw new LeashError('LEASH_BACKEND', 'the manager says what is not understood; build its image again');
}

export class Pair {
  readonly #engine: Engine;
  readonly #charge: Charge;
  readonly #hasTerminal: boolean;
  readonly #manager: ChildProcess;
  #agent: ChildProcess | undefined;
  #complaint = '';
  #isGreeted = false;
  #failure: LeashError | undefined;

  constructor(engine: Engine, command: readonly string[], charge: Charge, hasTerminal: boolean) {
    this.#engine = engine;
    this.#charge = charge;
    this.#hasTerminal = hasTerminal;
    const [program = '', ...words] = command;
    // Out of reach of the terminal's keys, which are the agent's.
    this.#manager = spawn(program, words, { env: engine.env as NodeJS.ProcessEnv, detached: true });
    this.#manager.stdin?.on('error', () => undefined); // it is gone, and its end is awaited
  }

  /** @throws {LeashError} LEASH_WORKSPACE, LEASH_BACKEND */
  async run(): Promise<number> {
    const manager = this.#manager;
    manager.stderr?.on('data', (bytes: Buffer) => {
      if (this.#isGreeted) process.stderr.write(bytes);
      else this.#complaint += bytes.toString();
    });
    if (manager.stdout) createInterface(manager.stdout).on('line', (line) => this.#hear(line));
    const release = this.#forwardSignals();
    try {
      const status = await ended(manager);
      if (this.#failure) throw this.#failure;
      if (!this.#isGreeted) throw explain(this.#engine, this.#complaint);
      return status;
    } finally {
      release();
    }
  }

  /** First its version, then once what is to be started. */
  #hear(line: string): void {
    try {
      if (!this.#isGreeted) this.#greet(line);
      else if (this.#agent === undefined) this.#start(wordsIn(line, this.#charge.beside.name));
    } catch (error) {
      this.#failure ??=
        error instanceof LeashError
          ? error
          : new LeashError('LEASH_BACKEND', 'the manager says what is not understood', { cause: error });
      this.#manager.stdin?.end();
    }
  }

  #greet(line: string): void {
    const { version } = this.#charge;
    if (line !== `leash ${version}`)
      throw new LeashError('LEASH_IMAGE', `the manager's image is not of Leash ${version}; build it again`);
    this.#isGreeted = true;
    this.#manager.stdin?.write(encodeCharge(this.#charge));
  }

  #start(words: readonly string[]): void {
    const { program, options, env } = this.#engine;
    const agent = spawn(program, [...options, ...words], {
      env: env as NodeJS.ProcessEnv,
      stdio: 'inherit',
      detached: !this.#hasTerminal,
    });
    this.#agent = agent;
    void ended(agent).then((status) => this.#manager.stdin?.end(`${status}\n`));
  }

  /** Where there is an agent it is told, by the manager; else there is nothing to wait for. */
  #forwardSignals(): () => void {
    const handlers = Object.entries(SIGNALS).map(([name, number]) => {
      const handler = (): void => {
        if (this.#agent !== undefined) {
          this.#manager.kill(name as NodeJS.Signals);
          return;
        }
        this.#failure ??= new LeashError('LEASH_ENGINE_LOST', `ended by ${name} (${number}) before the agent began`);
        this.#manager.stdin?.end();
        this.#manager.kill('SIGKILL');
      };
      process.on(name, handler);
      return () => process.off(name, handler);
    });
    return () => {
      for (const off of handlers) off();
    };
  }
}
