// An address and a token in; what the control API says, with types, out. For browsers and for Node alike: it uses `fetch` and Web Crypto only.
import {
  API_ROOT,
  type ApiFailure,
  type ChangeChoice,
  type ChangeList,
  type ChangesAccepted,
  type ChangesDiscarded,
  type ChangeText,
  type DoctorReport,
  type EventEntry,
  type EventGap,
  type EventPage,
  type EventQuery,
  type PolicyCompletion,
  type PolicyDifference,
  type PolicyFindings,
  type PolicyVersion,
  type PolicyWords,
  type ProcessList,
  type QuestionList,
  type SessionList,
  type SessionView,
} from '../schema/api.ts';
import type { Ruling } from '../schema/approval.ts';
import type { BacktestAnswer, BacktestOrder, SuggestionAnswer, SuggestOrder } from '../schema/learning.ts';
import type { PolicyView } from '../schema/policy-desk.ts';
import { isProof, newNonce } from './proof.ts';
import { readEvents } from './read-events.ts';

/** An answer that is a refusal. `code` is of the error registry. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly failure: ApiFailure;

  constructor(status: number, failure: ApiFailure) {
    super(failure.message);
    this.status = status;
    this.failure = failure;
  }
}

/** Where a stream of events begins. */
export interface StreamFrom {
  /** The offset that the reader knows already; -1: none. */
  readonly after: number;
  /** How many of the events that are there already may come; the last 10,000 unless it says otherwise. */
  readonly first?: number;
}

/** What a stream of events says. */
export type StreamWord =
  | ({ readonly kind: 'event' } & EventEntry)
  | { readonly kind: 'gap'; readonly gap: EventGap }
  | { readonly kind: 'end'; readonly state: SessionView['state'] }
  | { readonly kind: 'fault'; readonly fault: ApiFailure };

interface Asked {
  readonly method?: string;
  readonly query?: object;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const STRANGER: ApiFailure = {
  code: 'LEASH_API_STRANGER',
  message: 'who answers at this address is not the Leash of this token, and was told nothing',
  hint: 'Open the interface anew with `leash ui`.',
  details: [],
};

export class ApiClient {
  readonly #origin: string;
  readonly #token: string;
  /** That who answers knows the token; asked for once. */
  #proof: Promise<void> | undefined;

  /** @param origin `http://127.0.0.1:18080` */
  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  /** Another program may have the port by now: the token goes to nobody who does not know it. */
  #prove(): Promise<void> {
    this.#proof ??= this.#askProof().catch((error: unknown) => {
      this.#proof = undefined;
      throw error;
    });
    return this.#proof;
  }

  async #askProof(): Promise<void> {
    const nonce = newNonce();
    const scope = encodeURIComponent(this.#token.slice(0, this.#token.lastIndexOf('.')));
    const response = await fetch(`${this.#origin}${API_ROOT}/hub?scope=${scope}&nonce=${nonce}`);
    const said: unknown = await response.json().catch(() => undefined);
    const address = this.#origin.replace(/^http:\/\//, '');
    if (!(await isProof(said, this.#token, address, nonce))) throw new ApiError(0, STRANGER);
  }

  async #fetch(path: string, { method = 'GET', query = {}, body, headers = {}, signal }: Asked): Promise<Response> {
    await this.#prove();
    const words = Object.entries(query).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const search = words.length === 0 ? '' : `?${new URLSearchParams(words)}`;
    try {
      const response = await fetch(`${this.#origin}${path}${search}`, {
        method,
        headers: {
          Authorization: `Bearer ${this.#token}`,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
        credentials: 'omit',
        redirect: 'error',
      });
      if (response.ok) return response;
      const { error } = (await response.json()) as { readonly error: ApiFailure };
      throw new ApiError(response.status, error);
    } catch (error) {
      // The one who was proven is gone.
      if (!(error instanceof ApiError)) this.#proof = undefined;
      throw error;
    }
  }

  async #json<T>(path: string, asked: Asked = {}): Promise<T> {
    return (await (await this.#fetch(`${API_ROOT}${path}`, asked)).json()) as T;
  }

  sessions(): Promise<SessionList> {
    return this.#json('/sessions');
  }

  session(id: string): Promise<SessionView> {
    return this.#json(`/sessions/${id}`);
  }

  async stop(id: string): Promise<void> {
    await this.#json(`/sessions/${id}/stop`, { method: 'POST', body: {} });
  }

  events(id: string, query: EventQuery = {}): Promise<EventPage> {
    return this.#json(`/sessions/${id}/events`, { query });
  }

  /** One HTML file that shows the session without Leash. Throws ApiError 413 where the journal is too long. */
  async report(id: string): Promise<Blob> {
    return await (await this.#fetch(`${API_ROOT}/sessions/${id}/report`, {})).blob();
  }

  processes(id: string): Promise<ProcessList> {
    return this.#json(`/sessions/${id}/processes`);
  }

  questions(): Promise<QuestionList> {
    return this.#json('/questions');
  }

  async rule(session: string, question: string, ruling: Ruling): Promise<void> {
    await this.#json(`/sessions/${session}/questions/${question}`, { method: 'POST', body: ruling });
  }

  policy(id: string): Promise<PolicyView> {
    return this.#json(`/sessions/${id}/policy`);
  }

  /** The new epoch. Throws ApiError 412 when the epoch is another by now, 422 with places for a text that has faults. */
  async editPolicy(id: string, epoch: number, text: string, keep = false): Promise<number> {
    const headers = { 'If-Match': `"${epoch}"` };
    const done = await this.#json<{ readonly epoch: number }>(`/sessions/${id}/policy`, {
      method: 'PUT',
      body: { text, keep },
      headers,
    });
    return done.epoch;
  }

  checkPolicy(id: string, text: string): Promise<PolicyFindings> {
    return this.#json(`/sessions/${id}/policy/check`, { method: 'POST', body: { text } });
  }

  /** What a text would decide otherwise than the policy in force. Throws ApiError 422 with places. */
  diffPolicy(id: string, text: string): Promise<PolicyDifference> {
    return this.#json(`/sessions/${id}/policy/diff`, { method: 'POST', body: { text } });
  }

  /** Throws ApiError 503 while another suggestion or backtest is made, 422 when it takes too long. */
  suggestPolicy(id: string, order: SuggestOrder, signal?: AbortSignal): Promise<SuggestionAnswer> {
    return this.#json(`/sessions/${id}/policy/suggest`, { method: 'POST', body: order, signal });
  }

  /** As `suggestPolicy`. */
  backtestPolicy(id: string, order: BacktestOrder, signal?: AbortSignal): Promise<BacktestAnswer> {
    return this.#json(`/sessions/${id}/policy/backtest`, { method: 'POST', body: order, signal });
  }

  /** The newest first. */
  policyVersions(id: string): Promise<{ readonly versions: readonly PolicyVersion[] }> {
    return this.#json(`/sessions/${id}/policy/versions`);
  }

  policyWords(): Promise<PolicyWords> {
    return this.#json('/policy/words');
  }

  /** @param offset UTF-16, from 0 */
  completePolicy(text: string, offset: number): Promise<{ readonly items: readonly PolicyCompletion[] }> {
    return this.#json('/policy/complete', { method: 'POST', body: { text, offset } });
  }

  /** In the official layout. Throws ApiError 422 with places. */
  formatPolicy(text: string): Promise<{ readonly text: string }> {
    return this.#json('/policy/format', { method: 'POST', body: { text } });
  }

  changes(id: string): Promise<ChangeList> {
    return this.#json(`/sessions/${id}/changes`);
  }

  changeText(id: string, change: string): Promise<ChangeText> {
    return this.#json(`/sessions/${id}/changes/${change}`);
  }

  /** @param force also over what somebody else changed since the session began; that is kept */
  acceptChanges(id: string, choice: ChangeChoice, force = false): Promise<ChangesAccepted> {
    return this.#json(`/sessions/${id}/changes/accept`, { method: 'POST', body: { ...choice, force } });
  }

  discardChanges(id: string, choice: ChangeChoice): Promise<ChangesDiscarded> {
    return this.#json(`/sessions/${id}/changes/discard`, { method: 'POST', body: choice });
  }

  doctor(): Promise<DoctorReport> {
    return this.#json('/doctor');
  }

  /** Events after an offset as they come, until the session is over. It ends with an error when the connection does: go on after the last. */
  async *stream(
    id: string,
    { after, first }: StreamFrom,
    signal?: AbortSignal,
  ): AsyncGenerator<StreamWord, void, undefined> {
    const response = await this.#fetch(`${API_ROOT}/sessions/${id}/events/stream`, { query: { after, first }, signal });
    for await (const { name, id: seq, data } of readEvents(response)) {
      const value: unknown = JSON.parse(data);
      if (name === 'event') yield { kind: 'event', seq: Number(seq), event: value as EventEntry['event'] };
      else if (name === 'gap') yield { kind: 'gap', gap: value as EventGap };
      else if (name === 'fault') yield { kind: 'fault', fault: value as ApiFailure };
      else if (name === 'end') yield { kind: 'end', ...(value as { readonly state: SessionView['state'] }) };
      if (name === 'end' || name === 'fault') return;
    }
    this.#proof = undefined;
    throw new Error('the stream broke off');
  }

  /** Open questions, at first and whenever they change. It ends with an error when the connection does. */
  async *questionStream(signal?: AbortSignal): AsyncGenerator<QuestionList, void, undefined> {
    const response = await this.#fetch(`${API_ROOT}/questions/stream`, { signal });
    for await (const { data } of readEvents(response)) yield JSON.parse(data) as QuestionList;
    this.#proof = undefined;
    throw new Error('the stream broke off');
  }
}
