// Token requests of an agent that logs in, and their answers, enter; tokens stay here, and the agent gets placeholders for them. Source: RFC 6749, section 5.1.

import { Buffer } from 'node:buffer';
import type { HttpRequest } from '../../schema/request.ts';
import { bodyThrough, responseThrough } from '../exchange/chain.ts';
import type { BodyFilter, Broker, Objection, Outgoing, ResponseEdit, ResponseMessage } from '../exchange/passage.ts';
import { ProtocolError } from '../http/head.ts';
import { isRefusal, type Peer } from '../options.ts';
import { Answers, unpacked } from './answers.ts';
import { type Binding, type HostPattern, patternsFor } from './binding.ts';
import { SecretBroker, type SecretBrokerOptions } from './broker.ts';
import { setField } from './place.ts';
import { makePlaceholder } from './placeholder.ts';
import { type Renewed, renewalWatch, renewedBy } from './renewal.ts';
import { Replacer } from './scrub.ts';
import { SecretValue, valueObjection } from './secret-value.ts';
import { wholeBody } from './whole-body.ts';

export interface TokenEndpoint {
  readonly name: string;
  readonly port: number;
  readonly path: string;
}

/** The tokens of one issuer. */
export interface OauthBinding {
  readonly name: string;
  readonly endpoints: readonly TokenEndpoint[];
  /** Where they may be used, as Bearer in `Authorization`. */
  readonly hosts: readonly HostPattern[];
  /** A login that the agent was given placeholders for at the start. */
  readonly held?: HeldLogin;
}

export interface HeldLogin {
  readonly tokens: readonly Token[];
  /** Of the refresh token among them. */
  readonly refresh: Token | undefined;
  /** Called when the login was renewed by its own refresh token, and never for tokens of another login. */
  readonly renewed: (tokens: Renewed) => void;
}

export interface OauthBrokerOptions extends Omit<SecretBrokerOptions, 'bindings' | 'answers'> {
  readonly binding: OauthBinding;
  /** Called with each token, before the agent has its placeholder. */
  readonly learned: (value: SecretValue) => void;
}

export interface Token {
  readonly value: SecretValue;
  readonly placeholder: string;
}

const KEYS: ReadonlySet<string> = new Set(['access_token', 'refresh_token', 'id_token']);
const MOST_BODY = 1 << 20;
/** Each refresh brings up to three. */
const MOST_TOKENS = 24;
const DEPTH = 16;

export class OauthBroker implements Broker {
  readonly #options: OauthBrokerOptions;
  readonly #answers = new Answers();
  #tokens: readonly Token[] = [];
  #inner: SecretBroker | undefined;

  /** The refresh token by which the user's own login is renewed next. */
  #refresh: Token | undefined;

  constructor(options: OauthBrokerOptions) {
    this.#options = options;
    this.#refresh = options.binding.held?.refresh;
    this.#keep(options.binding.held?.tokens ?? []);
  }

  needs({ name, port }: Peer): boolean {
    const { hosts, endpoints } = this.#options.binding;
    const isIssuer = endpoints.some((endpoint) => endpoint.name === name && endpoint.port === port);
    return isIssuer || patternsFor(hosts, name, port).length > 0;
  }

  edit(
    outgoing: Outgoing,
    request: HttpRequest,
    peer: Peer,
    abandoned: () => AbortSignal,
  ): Outgoing | Objection | Promise<Outgoing | Objection> {
    const edited = this.#inner?.edit(outgoing, request, peer, abandoned) ?? outgoing;
    if (!this.#isTokenRequest(request, peer)) return edited;
    if (edited instanceof Promise)
      return edited.then((settled) => ('reply' in settled ? settled : this.#exchanged(settled, peer)));
    return 'reply' in edited ? edited : this.#exchanged(edited, peer);
  }

  #isTokenRequest({ method, path, scheme }: HttpRequest, peer: Peer): boolean {
    if (method !== 'POST' || scheme !== 'https') return false;
    return this.#options.binding.endpoints.some(
      (endpoint) => endpoint.name === peer.name && endpoint.port === peer.port && endpoint.path === path,
    );
  }

  /** Placeholders in the body become tokens, tokens in the answer placeholders. */
  #exchanged(outgoing: Outgoing, peer: Peer): Outgoing {
    const own = this.#mayUse(peer) ? this.#tokensIn(outgoing, peer) : undefined;
    const used = { isRenewal: false };
    const watch = own && this.#refresh && this.#watch(outgoing, this.#refresh, used);
    const body = bodyThrough(bodyThrough(outgoing.body, watch), own);
    const plain = outgoing.fields.filter(({ name }) => name !== 'accept-encoding');
    return {
      ...outgoing,
      fields: [...plain, setField('accept-encoding', 'identity')],
      ...(body === undefined ? {} : { body }),
      response: responseThrough((response) => this.#captured(response, used), outgoing.response),
    };
  }

  #watch({ fields }: Outgoing, { placeholder }: Token, used: { isRenewal: boolean }): BodyFilter {
    return renewalWatch(fields, placeholder, () => {
      used.isRenewal = true;
    });
  }

  #mayUse({ name, port, attribution }: Peer): boolean {
    const resource = { type: 'secret', name: this.#options.binding.name } as const;
    const host = { type: 'host', name } as const;
    return !isRefusal(
      this.#options.decide({ action: 'SecretUse', resource, host, port, header: '' }, attribution.program),
    );
  }

  #tokensIn({ fields }: Outgoing, peer: Peer): BodyFilter | undefined {
    if (this.#tokens.length === 0) return undefined;
    const isForm = fields.some(
      ({ name, value }) => name === 'content-type' && /^application\/x-www-form-urlencoded/i.test(value),
    );
    const forms = this.#tokens.map(({ value, placeholder }) => {
      const text = value.reveal();
      this.#answers.sent(`${peer.name}:${peer.port}`, { value: text, placeholder });
      const put = isForm ? encodeURIComponent(text) : JSON.stringify(text).slice(1, -1);
      return { find: Buffer.from(placeholder, 'latin1'), put: Buffer.from(put, 'latin1') };
    });
    return new Replacer(forms).body();
  }

  /** @throws ProtocolError when tokens may be in it that cannot be read */
  #captured(response: ResponseMessage, used: { readonly isRenewal: boolean }): ResponseEdit {
    if (response.status < 200 || response.status > 299) return { fields: response.fields };
    return unpacked(response.fields, this.#capture(used));
  }

  #capture(used: { readonly isRenewal: boolean }): BodyFilter {
    return wholeBody(MOST_BODY, 'the answer of a token endpoint is too long', (content) =>
      Buffer.from(this.#withPlaceholders(content.toString(), used.isRenewal)),
    );
  }

  #withPlaceholders(text: string, isRenewal: boolean): string {
    if (text.trim() === '') return text;
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      throw new ProtocolError('the answer of a token endpoint is no JSON', 502);
    }
    const kept = [...this.#tokens];
    const replaced = replaceTokens(answer, DEPTH, (token) => this.#placeholderOf(token, kept));
    this.#keep(kept.slice(-MOST_TOKENS));
    const renewed = isRenewal ? renewedBy(answer) : undefined;
    if (renewed !== undefined) this.#renew(renewed, kept);
    return JSON.stringify(replaced);
  }

  #renew(renewed: Renewed, kept: readonly Token[]): void {
    const next = renewed.refresh_token;
    if (next !== undefined) this.#refresh = kept.find(({ value }) => value.reveal() === next);
    this.#options.binding.held?.renewed(renewed);
  }

  #placeholderOf(text: string, kept: Token[]): string {
    const known = kept.find(({ value }) => value.reveal() === text);
    if (known !== undefined) return known.placeholder;
    const objection = valueObjection(text);
    if (objection !== undefined) throw new ProtocolError(`a token cannot be kept: ${objection}`, 502);
    const token = { value: new SecretValue(this.#options.binding.name, text), placeholder: makePlaceholder(text) };
    this.#options.learned(token.value);
    kept.push(token);
    return token.placeholder;
  }

  #keep(tokens: readonly Token[]): void {
    const { binding, ...seams } = this.#options;
    this.#tokens = tokens;
    if (tokens.length === 0) return;
    const places: Binding['places'] = [{ kind: 'header', name: 'authorization', format: 'Bearer {}' }];
    const bindings = tokens.map(
      ({ value, placeholder }): Binding => ({
        name: binding.name,
        hosts: binding.hosts,
        places,
        mode: 'replace',
        placeholder,
        value: () => value,
      }),
    );
    this.#inner = new SecretBroker({ ...seams, bindings, answers: this.#answers });
  }
}

function replaceTokens(value: unknown, depth: number, placeholderOf: (token: string) => string): unknown {
  if (depth === 0) throw new ProtocolError('the answer of a token endpoint is nested too deeply', 502);
  if (Array.isArray(value)) return value.map((each) => replaceTokens(each, depth - 1, placeholderOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const isToken = KEYS.has(key) && typeof each === 'string' && each !== '';
      return [key, isToken ? placeholderOf(each) : replaceTokens(each, depth - 1, placeholderOf)];
    }),
  );
}
