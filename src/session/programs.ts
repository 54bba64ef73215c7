// The programs of one session as people at a distance use them: the agent's streams, further commands, and the gate to both.
import fs from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { AGENT, encodeResize } from '../engine/commands.ts';
import type { Warden, WardenOptions } from '../engine/warden.ts';
import { OPERATION } from '../engine/wire-layout.ts';
import type { WireCommandEnded, WireEvent } from '../engine/wire-record.ts';
import { LeashError } from '../host/errors.ts';
import { sessionsDir } from '../host/paths.ts';
import { type Ending, KEPT_OUTPUT, type Stage } from '../schema/stage.ts';
import { AgentStream } from './agent-stream.ts';
import { FurtherCommands } from './further-commands.ts';
import type { Door, SessionOptions } from './options.ts';

/** Milliseconds: a command that is over sooner needs no gate, and its start is not to wait for one. */
const GATE_AFTER = 100;

export interface Rules {
  /** Records the command, or throws LEASH_COMMAND_DENIED. */
  permit(command: readonly string[]): void;
  /** Takes credentials out of what is kept. */
  clean(text: string): string;
}

export class Programs {
  readonly #dir: string;
  readonly #options: SessionOptions;
  #agent: AgentStream | undefined;
  #commands: FurtherCommands | undefined;
  #rules: Rules | undefined;
  #timer: NodeJS.Timeout | undefined;
  #gate: Promise<Door | undefined> | undefined;
  #hasStarted = false;

  constructor(id: string, options: SessionOptions) {
    this.#dir = path.join(sessionsDir(options.env), id);
    this.#options = options;
  }

  get forWarden(): Pick<WardenOptions, 'streams'> {
    const { detached } = this.#options;
    return detached === undefined ? {} : { streams: detached.size ?? 'output' };
  }

  readonly handlers: { stream(name: string, socket: Socket): void; commandEnded(ended: WireCommandEnded): void } = {
    stream: (name, socket) => (this.#commands ? this.#commands.take(name, socket) : socket.destroy()),
    commandEnded: (ended) => this.#commands?.ended(ended),
  };

  /** At once, so that nothing of what is written is waited for. */
  begin(warden: Warden): void {
    const { detached } = this.#options;
    const orders = {
      resize: (size: { rows: number; columns: number }) => warden.order(encodeResize(AGENT, size)),
      signal: (number: number) => warden.signal(number),
    };
    if (warden.stream && detached) this.#agent = new AgentStream(warden.stream, detached.size !== undefined, orders);
    this.#commands = new FurtherCommands(warden, (command) => this.#rules?.permit(command));
  }

  rule(rules: Rules): void {
    this.#rules = rules;
  }

  /** The first program that was executed is the agent. */
  saw({ operation, error }: WireEvent): void {
    if (this.#hasStarted || operation !== OPERATION.exec || error !== 0) return;
    this.#hasStarted = true;
    if (this.#options.detached) this.#open();
    else this.#timer = setTimeout(() => this.#open(), GATE_AFTER);
  }

  get #stage(): Stage {
    return {
      attach: (audience, size) => {
        if (this.#agent) return this.#agent.attach(audience, size);
        throw new LeashError('LEASH_NOT_ATTACHABLE', 'the agent has the terminal that it was started on');
      },
      run: (command, audience) => {
        if (this.#commands) return this.#commands.run(command, audience);
        throw new LeashError('LEASH_SESSION_OVER', 'the session has not begun');
      },
    };
  }

  #open(): void {
    const { openGate, say, detached } = this.#options;
    this.#gate = openGate?.(this.#dir, this.#stage).catch((error: unknown) => {
      say(`nobody can attach to this session or run commands in it: ${String(error)}`);
      return undefined;
    });
    void this.#gate?.then(() => detached?.started(path.basename(this.#dir), this.#dir));
  }

  /** The sandbox is gone: everybody is told, what the agent wrote last is kept. */
  async end(ending: Ending): Promise<void> {
    clearTimeout(this.#timer);
    this.#commands?.end();
    this.#agent?.end(ending);
    this.#keep();
    await (await this.#gate)?.close();
  }

  #keep(): void {
    if (this.#agent === undefined) return;
    const text = this.#rules?.clean(this.#agent.kept().toString('latin1')) ?? '';
    try {
      fs.writeFileSync(path.join(this.#dir, KEPT_OUTPUT), text, { encoding: 'latin1', mode: 0o600, flag: 'wx' });
    } catch (error) {
      this.#options.say(`what the agent wrote last is not kept: ${String(error)}`);
    }
  }

  /** What the agent, or the backend before it, wrote; for a session that did not come to run. */
  get written(): Buffer {
    return this.#agent?.kept() ?? Buffer.alloc(0);
  }
}
