// Events in, OTLP over HTTP out: never waited for by who adds, bounded, and every event that does not arrive is counted.
import { readFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { JournalEntry } from '../decoder.ts';
import { logRecord, sessionSpan, spanOf } from './records.ts';
import type { OtlpTarget } from './target.ts';

/** Events that wait to be sent, at most. */
const MOST_WAITING = 16_384;
const BATCH = 512;
/** Milliseconds until an event is sent, at most, when the endpoint keeps up. */
const INTERVAL = 1_000;
/** Milliseconds that the end of a session waits for the endpoint. */
const PATIENCE = 5_000;

/** Milliseconds for one batch, retries included: what is under way keeps the process alive. */
const BATCH_PATIENCE = 4_000;

/** Of the session whose events they are. */
export interface OtlpSession {
  readonly id: string;
  readonly user: string;
  readonly version: string;
  /** Milliseconds since the Unix epoch. */
  readonly started: number;
}

export interface Exported {
  readonly sent: number;
  /** Found no room, were not taken, or came too late. */
  readonly dropped: number;
}

interface Exporter<T> {
  export(items: T[], done: (result: { readonly code: number }) => void): void;
}

/** Zero is success. Source: ExportResultCode of @opentelemetry/core. */
function delivered<T>(exporter: Exporter<T> | undefined, items: T[]): Promise<boolean> {
  if (exporter === undefined || items.length === 0) return Promise.resolve(true);
  return new Promise((resolve) => exporter.export(items, ({ code }) => resolve(code === 0)));
}

function fileIn(name: string): Buffer | undefined {
  const file = process.env[name];
  return file ? readFileSync(file) : undefined;
}

/** Its connections can be ended with the session: the exporter's own would keep the process alive. */
async function makeAgent(protocol: string): Promise<Agent> {
  const options = { keepAlive: true };
  if (protocol === 'http:') return new (await import('node:http')).Agent(options);
  const ca = fileIn('OTEL_EXPORTER_OTLP_CERTIFICATE');
  const cert = fileIn('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE');
  const key = fileIn('OTEL_EXPORTER_OTLP_CLIENT_KEY');
  const { Agent: Secure } = await import('node:https');
  return new Secure({ ...options, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) });
}

export class OtlpSink {
  readonly #session: OtlpSession;
  readonly #resource: Resource;
  readonly #logs: OTLPLogExporter | undefined;
  readonly #traces: OTLPTraceExporter | undefined;
  readonly #agents: Agent[] = [];
  #waiting: JournalEntry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #added = 0;
  #sent = 0;
  #isOver = false;

  constructor(session: OtlpSession, { logs, traces }: OtlpTarget) {
    this.#session = session;
    this.#resource = resourceFromAttributes({
      'service.name': 'leash',
      'service.version': session.version,
      'service.instance.id': session.id,
      'user.name': session.user,
    });
    const httpAgentOptions = async (protocol: string): Promise<Agent> => {
      const agent = await makeAgent(protocol);
      this.#agents.push(agent);
      return agent;
    };
    const options = { httpAgentOptions, timeoutMillis: BATCH_PATIENCE };
    this.#logs = logs === undefined ? undefined : new OTLPLogExporter({ ...options, url: logs });
    this.#traces = traces === undefined ? undefined : new OTLPTraceExporter({ ...options, url: traces });
  }

  /** Takes an event without waiting. One that finds no room is counted. */
  add(entry: JournalEntry): void {
    this.#added += 1;
    if (this.#waiting.length >= MOST_WAITING || this.#isOver) return;
    this.#waiting.push(entry);
    if (this.#waiting.length >= BATCH) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), INTERVAL).unref();
  }

  /** Sends what waits; resolves when it has been taken or given up. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  /**
   * Sends the rest, and the span of the session; waits five seconds at most.
   * @param ended milliseconds since the Unix epoch
   */
  async close(ended: number): Promise<Exported> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE);
    });
    const { id, started } = this.#session;
    const last = async (): Promise<void> => {
      await this.flush();
      await this.flush(); // what came while the first was under way
      await delivered(this.#traces, [sessionSpan(id, { start: started, end: ended }, this.#resource)]);
    };
    await Promise.race([last(), late]);
    clearTimeout(timer);
    clearTimeout(this.#timer);
    this.#isOver = true;
    this.#waiting = [];
    for (const agent of this.#agents) agent.destroy();
    return { sent: this.#sent, dropped: this.#added - this.#sent };
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#isOver) {
      const batch = this.#waiting.splice(0, BATCH);
      if (await this.#send(batch)) this.#sent += batch.length;
    }
  }

  async #send(batch: readonly JournalEntry[]): Promise<boolean> {
    const { id } = this.#session;
    const logs = batch.map((entry) => logRecord(id, entry, this.#resource));
    const spans = batch.flatMap((entry) => spanOf(id, entry, this.#resource) ?? []);
    const all = await Promise.all([delivered(this.#logs, logs), delivered(this.#traces, spans)]);
    return all.every(Boolean);
  }
}
