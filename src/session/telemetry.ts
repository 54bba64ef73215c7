// Events of a session in; they, sent by OTLP without anybody waiting for it, out. What sends is loaded after the session has started.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from '../host/paths.ts';
import type { JournalEntry } from '../journal/decoder.ts';
import type { OtlpSession, OtlpSink } from '../journal/otlp/sink.ts';
import { otlpTarget } from '../journal/otlp/target.ts';
import type { Event, SessionInfo } from '../schema/event.ts';
import type { SessionOptions } from './options.ts';

/** Events kept until the module is there. */
const MOST_EARLY = 8_192;
/** Milliseconds after the start until it is loaded: the agent starts first. */
const LOAD_AFTER = 500;

/** Leash's own version. */
export function ownVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return manifest.version;
}

/** What OTLP says of a session. */
export function otlpSession({ id, user, started }: SessionInfo): OtlpSession {
  return { id, user, started, version: ownVersion() };
}

export class Telemetry {
  readonly #sink: () => Promise<OtlpSink>;
  readonly #timer: NodeJS.Timeout;
  #loading: Promise<void> | undefined;
  #loaded: OtlpSink | undefined;
  #early: JournalEntry[] = [];
  #lost = 0;
  #next = 0;

  /** @param sink loads what sends */
  constructor(sink: () => Promise<OtlpSink>) {
    this.#sink = sink;
    this.#timer = setTimeout(() => void this.#load(), LOAD_AFTER).unref();
  }

  /** Every event of the journal, in its order. */
  add(event: Event): void {
    const entry = { seq: this.#next, event };
    this.#next += 1;
    if (this.#loaded !== undefined) this.#loaded.add(entry);
    else if (this.#early.length < MOST_EARLY) this.#early.push(entry);
    else this.#lost += 1;
  }

  /** Sends the rest, five seconds long at most. Returns what a person should know. */
  async close(ended: number): Promise<string | undefined> {
    clearTimeout(this.#timer);
    await this.#load();
    const { sent = 0, dropped = this.#early.length } = (await this.#loaded?.close(ended)) ?? {};
    const lost = dropped + this.#lost;
    return lost === 0
      ? undefined
      : `${lost} of ${sent + lost} events did not reach the OTLP endpoint; the journal has all`;
  }

  #load(): Promise<void> {
    this.#loading ??= this.#sink().then(
      (sink) => {
        this.#loaded = sink;
        for (const entry of this.#early.splice(0)) sink.add(entry);
      },
      () => undefined, // then all are lost, and counted
    );
    return this.#loading;
  }
}

/** Undefined when neither a variable nor the configuration names an endpoint. */
export function telemetryOf({ env, config, say }: SessionOptions, info: SessionInfo): Telemetry | undefined {
  const chosen = otlpTarget(env, config?.journal.otlp);
  if (chosen?.problem !== undefined) say(`events are not exported: ${chosen.problem}`);
  const target = chosen?.target;
  if (target === undefined) return undefined;
  return new Telemetry(async () => new (await import('../journal/otlp/sink.ts')).OtlpSink(otlpSession(info), target));
}
