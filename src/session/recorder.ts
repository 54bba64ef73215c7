// Events in, the session's journal out: cleaned of credentials, counted, with the session's own life cycle around them.
import os from 'node:os';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { sessionsDir } from '../host/paths.ts';
import { type PolicyInForce, writePolicyRecord } from '../journal/policy-record.ts';
import { type JournalWriter, openJournal } from '../journal/writer.ts';
import { EVENT_VERSION, type Event, type EventAction, type SessionInfo } from '../schema/event.ts';
import type { SessionOptions } from './options.ts';
import { redactor } from './redact.ts';

export function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // a uid without a passwd entry
  }
}

export class Recorder {
  readonly #dir: string;
  readonly #journal: JournalWriter;
  readonly #redact: (event: Event) => Event;
  allowed = 0;
  denied = 0;

  constructor(
    id: string,
    options: SessionOptions,
    policy: string,
    agentEnv: Readonly<Record<string, string>>,
    onError: (error: LeashError) => void,
  ) {
    const info: SessionInfo = {
      v: 1,
      id,
      command: options.command,
      workspace: options.workspace,
      user: userName(),
      mode: options.mode,
      engine: 'seccomp',
      backend: 'bubblewrap',
      policy,
      started: Date.now(),
      pid: process.pid,
    };
    this.#redact = redactor(agentEnv);
    this.#dir = path.join(sessionsDir(options.env), id);
    this.#journal = openJournal(this.#dir, info, { onError });
  }

  readonly emit = (event: Event): void => {
    if (event.effect === 'deny') this.denied++;
    else this.allowed++;
    this.#journal.append(this.#redact(event));
  };

  /** Keeps the policy of an epoch beside the events it decides. @throws {LeashError} LEASH_JOURNAL_WRITE */
  keepPolicy(policy: PolicyInForce): void {
    try {
      writePolicyRecord(this.#dir, policy);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
      throw new LeashError('LEASH_JOURNAL_WRITE', `cannot write the policy to ${this.#dir} (${code})`, { cause });
    }
  }

  /** Records something that happened to the session itself. */
  note(action: EventAction, name: string, epoch: number, problem?: string): void {
    this.#journal.append(
      this.#redact({
        v: EVENT_VERSION,
        time: Date.now(),
        action,
        resource: { type: 'name', name },
        effect: problem === undefined ? 'allow' : 'deny',
        enforced: true,
        policies: [],
        ...(problem !== undefined && { reason: problem }),
        epoch,
      }),
    );
  }

  async close(status: number): Promise<void> {
    await this.#journal.close({ ended: Date.now(), exitCode: status });
  }
}
