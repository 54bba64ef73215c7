// What a session may use at most in; who holds that while it runs, and what it met, out.
import { LeashError } from '../host/errors.ts';
import { bytesText, chooseLimits, type Limit, limitText, type Surroundings, surroundings } from '../sandbox/limits.ts';
import { SessionGroup } from '../sandbox/session-group.ts';
import type { SessionOptions } from './options.ts';

/** Milliseconds between two looks at what the kernel counted. */
const INTERVAL = 1_000;
/** The temporary folders and the home share what the agent may use where no group counts files in them. */
const PRIVATE_FOLDERS = 4;

/** A limit was met: `memory` when the kernel ended processes, `pids` when it refused to start some. */
export interface LimitMet {
  readonly name: 'memory' | 'pids';
  /** For a person and a model: what happened, and how often since the last time. */
  readonly text: string;
}

const isMemory = (failure: LeashError | undefined): boolean => failure?.code === 'LEASH_LIMIT_MEMORY';

function amountHeld(limits: readonly Limit[], name: string, holder: string): number | undefined {
  return limits.find((limit) => limit.name === name && limit.holder === holder)?.value;
}

function tryGroup(limits: readonly Limit[], { homes }: Surroundings): SessionGroup | undefined {
  try {
    return new SessionGroup(limits, homes);
  } catch {
    return undefined;
  }
}

/** Engines of an ordinary user hold limits on some machines only; what Leash can do itself holds on all. */
function inContainer(host: Surroundings, isRoot: boolean): Surroundings {
  return { ...host, homes: new Map(), hasEngine: isRoot };
}

export class SessionLimits {
  readonly #limits: readonly Limit[];
  readonly #group: SessionGroup;
  #timer: NodeJS.Timeout | undefined;
  #memoryKills = 0;
  #refusedForks = 0;

  /** @throws {LeashError} LEASH_LIMIT */
  constructor(
    { limits: asked = {}, container }: Pick<SessionOptions, 'limits' | 'container'>,
    host: Surroundings = surroundings(),
  ) {
    const around =
      container === undefined ? host : inContainer(host, container.engine.uid === 0 || container.engine.isElsewhere);
    const limits = chooseLimits(asked, around);
    const group = tryGroup(limits, around);
    // What looks writable may still be refused (a security module, a limit on groups); what that leaves may be enough.
    this.#limits = group === undefined ? chooseLimits(asked, { ...around, homes: new Map() }) : limits;
    this.#group = group ?? new SessionGroup([], new Map());
  }

  /** One text a limit, for the journal and for `--verbose`. */
  get texts(): readonly string[] {
    return this.#limits.map(limitText);
  }

  /** For a container engine to hold. */
  get forEngine(): readonly Limit[] {
    return this.#limits.filter(({ holder }) => holder === 'engine');
  }

  get forWarden(): { readonly groups: readonly string[]; readonly memory?: number } {
    const memory = amountHeld(this.#limits, 'memory', 'watch');
    return { groups: this.#group.doors, ...(memory !== undefined && { memory }) };
  }

  get forSandbox(): { readonly processes?: number; readonly folderBytes?: number } {
    const processes = amountHeld(this.#limits, 'pids', 'rlimit');
    const memory = amountHeld(this.#limits, 'memory', 'watch');
    return {
      ...(processes !== undefined && { processes }),
      ...(memory !== undefined && { folderBytes: Math.floor(memory / PRIVATE_FOLDERS) }),
    };
  }

  /** Reports what is met until `end`. */
  watch(report: (met: LimitMet) => void): void {
    this.#timer = setInterval(() => this.#look(report), INTERVAL);
    this.#timer.unref();
  }

  #look(report: (met: LimitMet) => void): void {
    const { memoryKills, refusedForks } = this.#group;
    const kills = memoryKills - this.#memoryKills;
    const forks = refusedForks - this.#refusedForks;
    this.#memoryKills = memoryKills;
    this.#refusedForks = refusedForks;
    if (kills > 0) {
      const processes = kills === 1 ? 'one process was' : `${kills} processes were`;
      report({ name: 'memory', text: `${this.#memoryText()}; ${processes} killed` });
    }
    if (forks > 0) {
      const times = forks === 1 ? 'once' : `${forks} times`;
      report({
        name: 'pids',
        text: `the limit of ${this.#amount('pids')} processes was met; a new one was refused ${times}`,
      });
    }
  }

  #amount(name: 'memory' | 'pids'): string {
    const value = this.#limits.find((limit) => limit.name === name)?.value ?? 0;
    return name === 'memory' ? bytesText(value) : String(value);
  }

  #memoryText(): string {
    return `the agent ran out of its ${this.#amount('memory')} memory limit`;
  }

  /** The last look, when the sandbox is gone. What happened, for the person at the terminal; `failure` is how the session ended. */
  end(failure: LeashError | undefined, report: (met: LimitMet) => void): readonly string[] {
    clearInterval(this.#timer);
    this.#look(report);
    if (isMemory(failure)) report({ name: 'memory', text: `${this.#memoryText()} and was stopped` });
    return [
      ...(this.#memoryKills > 0 ? [this.#memoryText()] : []),
      ...(this.#refusedForks > 0 ? [`the agent met its limit of ${this.#amount('pids')} processes`] : []),
    ];
  }

  /** The warden does not know the amount in a person's words. */
  explain(failure: LeashError): LeashError {
    return isMemory(failure) ? new LeashError('LEASH_LIMIT_MEMORY', this.#memoryText()) : failure;
  }

  /** Removes the groups. */
  async remove(): Promise<void> {
    await this.#group.remove();
  }
}
