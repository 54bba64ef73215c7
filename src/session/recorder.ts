// Events in, the session's journal out: cleaned of credentials, counted, with the session's own life cycle around them.
import os from 'node:os';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { sessionsDir } from '../host/paths.ts';
import { type PolicyInForce, writePolicyRecord } from '../journal/policy-record.ts';
import { type JournalWriter, openJournal } from '../journal/writer.ts';
import { CallsInHand } from '../proxy/mcp/calls-in-hand.ts';
import { EVENT_VERSION, type Event, type EventAction, type SessionInfo } from '../schema/event.ts';
import type { Denials } from './denials.ts';
import { reviewedPlaces, type SessionOptions } from './options.ts';
import { type Telemetry, telemetryOf } from './telemetry.ts';

export function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // a uid without a passwd entry
  }
}

/** Of another `leash`, whose processes cannot be seen from here. */
function ownerOf({ container }: SessionOptions): Pick<SessionInfo, 'owner'> {
  const identity = container?.beside?.owner.identity;
  return identity === undefined ? {} : { owner: identity };
}

/** What a note says besides its action and name. `problem`: it was refused, and why. */
export type NoteFacts = Pick<Event, 'who' | 'detail' | 'error'> & { readonly problem?: string };

export class Recorder {
  /** The session's own folder. */
  readonly dir: string;
  /** MCP calls that are open, to which events belong. */
  readonly calls: CallsInHand = new CallsInHand();
  readonly #journal: JournalWriter;
  readonly #redact: (event: Event) => Event;
  readonly #denials: Denials | undefined;
  readonly #telemetry: Telemetry | undefined;
  readonly #say: (line: string) => void;
  allowed = 0;
  denied = 0;

  constructor(
    id: string,
    options: SessionOptions,
    policy: string,
    redact: (event: Event) => Event,
    onError: (error: LeashError) => void,
    denials?: Denials,
  ) {
    const reviewed = reviewedPlaces(options);
    const info: SessionInfo = {
      v: 1,
      id,
      command: options.command,
      workspace: options.workspace,
      user: userName(),
      mode: options.mode,
      engine: 'seccomp',
      backend: options.container?.engine.name ?? 'bubblewrap',
      policy,
      ...(options.plainSecrets === true && { plainSecrets: true }),
      ...(reviewed.length > 0 && { reviewed }),
      started: Date.now(),
      pid: options.container?.beside?.owner.pid ?? process.pid,
      ...ownerOf(options),
    };
    this.#redact = redact;
    this.dir = path.join(sessionsDir(options.env), id);
    const { segmentBytes } = options.config?.journal ?? {};
    this.#journal = openJournal(this.dir, info, { onError, ...(segmentBytes !== undefined && { segmentBytes }) });
    this.#telemetry = telemetryOf(options, info);
    this.#say = options.say;
    this.#denials = denials;
    denials?.keepAs(path.join(this.dir, 'denials'));
  }

  readonly emit = (event: Event): void => {
    if (event.effect === 'deny') this.denied++;
    else this.allowed++;
    this.#keep(this.#redact(this.calls.linked(event)));
  };

  /** Records what is no act of the agent's, and is in no count of them. */
  readonly tell = (event: Event): void => this.#keep(this.#redact(event));

  #keep(event: Event): void {
    this.#journal.append(event);
    this.#telemetry?.add(event);
    if (event.effect === 'deny' && event.enforced && event.action !== 'PolicyLoad') this.#denials?.add(event);
  }

  /** Keeps the policy of an epoch beside the events it decides. @throws {LeashError} LEASH_JOURNAL_WRITE */
  keepPolicy(policy: PolicyInForce): void {
    try {
      writePolicyRecord(this.dir, policy);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
      throw new LeashError('LEASH_JOURNAL_WRITE', `cannot write the policy to ${this.dir} (${code})`, { cause });
    }
  }

  /** Records something that happened to the session itself. */
  note(action: EventAction, name: string, epoch: number, { who, problem, detail, error }: NoteFacts = {}): void {
    this.tell({
      v: EVENT_VERSION,
      time: Date.now(),
      ...(who !== undefined && { who }),
      action,
      resource: { type: 'name', name },
      ...(detail !== undefined && { detail }),
      effect: problem === undefined ? 'allow' : 'deny',
      enforced: true,
      policies: [],
      ...(problem !== undefined && { reason: problem }),
      epoch,
      ...(error !== undefined && { error }),
    });
  }

  async close(status: number): Promise<void> {
    this.#denials?.close();
    const ended = Date.now();
    try {
      await this.#journal.close({ ended, exitCode: status });
    } finally {
      const note = await this.#telemetry?.close(ended);
      if (note !== undefined) this.#say(note);
    }
  }
}
