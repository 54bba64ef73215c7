// Permitted requests to AWS, signed with stand-ins, enter; the same signed with the real key leave. The secret key itself is never sent.

import type { Buffer } from 'node:buffer';
import type { HttpRequest } from '../../schema/request.ts';
import { responseThrough } from '../exchange/chain.ts';
import type { Broker, Description, Objection, Outgoing, Refusal, RequestMessage } from '../exchange/passage.ts';
import type { Field } from '../http/head.ts';
import { type Decide, isRefusal, ownRefusal, type Peer } from '../options.ts';
import { Answers } from './answers.ts';
import { ALGORITHM, readSignature, type Signature, sha256, signRequest, statedHash } from './aws-signature.ts';
import { type HostPattern, patternsFor } from './binding.ts';
import { PlaceholderSearch } from './leaks.ts';
import { setField } from './place.ts';
import { Refusals } from './refusals.ts';
import type { SecretValue } from './secret-value.ts';

interface Part {
  readonly placeholder: string;
  readonly value: SecretValue;
}

/** Credentials of AWS: the agent signs with the placeholders. */
export interface AwsBinding {
  readonly name: string;
  readonly hosts: readonly HostPattern[];
  readonly keyId: Part;
  readonly secretKey: Part;
  /** Of temporary credentials. */
  readonly sessionToken?: Part;
}

export interface AwsBrokerOptions {
  readonly binding: AwsBinding;
  readonly decide: Decide;
  readonly alert: (text: string) => void;
}

/** Bytes of a body that is read to be hashed, where the request does not say its hash. */
const MOST_BODY = 16 << 20;
const EMPTY = sha256('');
const TOKEN = 'x-amz-security-token';
const TOKEN_PARAMETER = /([?&]X-Amz-Security-Token=)[^&]*/;
const CREDENTIAL_PARAMETER = /([?&]X-Amz-Credential=)[^&]*/;
const SIGNATURE_PARAMETER = /([?&]X-Amz-Signature=)[^&]*/;

function authorizationOf(fields: readonly Field[]): Field | undefined {
  return fields.find(({ name }) => name === 'authorization');
}

/** The Host field as the relay writes it. */
function hostOf({ name, port }: Peer, fields: readonly Field[]): string {
  const sent = fields.find((field) => field.name === 'host')?.value ?? '';
  return /:\d+$/.test(sent) ? `${name}:${port}` : name;
}

export class AwsBroker implements Broker {
  readonly #binding: AwsBinding;
  readonly #decide: Decide;
  readonly #alert: (text: string) => void;
  readonly #search: PlaceholderSearch;
  readonly #answers = new Answers();
  /** Of bodies that were read, by the field that signs them. */
  readonly #hashes = new WeakMap<Field, string>();

  constructor({ binding, decide, alert }: AwsBrokerOptions) {
    const { keyId, secretKey, sessionToken } = binding;
    const parts = [keyId, secretKey, ...(sessionToken === undefined ? [] : [sessionToken])];
    this.#binding = binding;
    this.#decide = decide;
    this.#alert = alert;
    this.#search = new PlaceholderSearch(parts.map(({ placeholder }) => placeholder));
  }

  needs({ name, port }: Peer): boolean {
    return patternsFor(this.#binding.hosts, name, port).length > 0;
  }

  reads({ path, fields }: RequestMessage, peer: Peer): number {
    if (!this.needs(peer)) return 0;
    const signature = this.#ownSignature(path, fields);
    return signature?.kind === 'header' && statedHash(signature, fields) === undefined ? MOST_BODY : 0;
  }

  describe({ fields }: RequestMessage, body: Buffer | undefined): Description | Refusal {
    const field = authorizationOf(fields);
    if (field === undefined) return {};
    if (body === undefined)
      return this.#refused(`a body above ${MOST_BODY} bytes without x-amz-content-sha256 cannot be signed anew`);
    this.#hashes.set(field, sha256(body));
    return {};
  }

  edit(outgoing: Outgoing, request: HttpRequest, peer: Peer): Outgoing | Objection {
    const [seen] = this.#search.inHead(outgoing);
    const edited = seen === undefined ? outgoing : this.#signedAnew(outgoing, request, peer, seen.where);
    if ('reply' in edited) return edited;
    const searched = this.#answers.searched(`${peer.name}:${peer.port}`, []);
    if (searched === undefined) return edited;
    return { ...edited, response: responseThrough(searched.response, edited.response) };
  }

  #ownSignature(path: string, fields: readonly Field[]): Signature | undefined {
    const signature = readSignature(path, fields);
    const isOwn = typeof signature === 'object' && signature.keyId === this.#binding.keyId.placeholder;
    return isOwn ? signature : undefined;
  }

  #signedAnew(outgoing: Outgoing, request: HttpRequest, peer: Peer, where: string): Outgoing | Objection {
    const { name, hosts, keyId, secretKey } = this.#binding;
    const refusals = new Refusals(peer, this.#alert);
    const header = where === 'the query' ? '' : 'authorization';
    const decision = this.#decide(
      {
        action: 'SecretUse',
        resource: { type: 'secret', name },
        host: { type: 'host', name: peer.name },
        port: peer.port,
        header,
      },
      peer.attribution.program,
    );
    const { epoch } = decision;
    if (patternsFor(hosts, peer.name, peer.port).length === 0) return refusals.elsewhere(this.#binding, where, epoch);
    if (request.scheme === 'http') return refusals.plaintext(this.#binding, where, epoch);
    const signature = this.#ownSignature(outgoing.path, outgoing.fields);
    if (signature === undefined)
      return refusals.stopped(
        name,
        where,
        `the placeholder of the secret ${name} stands in ${where}, not in a signature of version 4`,
        epoch,
      );
    if (isRefusal(decision)) return refusals.denied(this.#binding, decision);
    const field = authorizationOf(outgoing.fields);
    const hash = statedHash(signature, outgoing.fields) ?? (field && this.#hashes.get(field)) ?? EMPTY;
    if (hash.startsWith('STREAMING-AWS4-'))
      return this.#refused(
        'a body that is signed piece by piece cannot be signed anew; let the client send it whole, or unsigned over TLS',
        epoch,
      );
    const sent = {
      method: request.method,
      path: outgoing.path,
      host: hostOf(peer, outgoing.fields),
      fields: outgoing.fields,
    };
    // What is signed anew is what the client meant to sign, or nothing.
    if (signRequest(sent, signature, hash, secretKey.placeholder) !== signature.signature)
      return this.#refused('the signature of the request does not match it', epoch);
    const head = this.#withToken(outgoing, peer);
    const named = nameKey(head, signature, keyId.value.reveal());
    const made = signRequest({ ...sent, ...named }, signature, hash, secretKey.value.reveal());
    const signed = putSignature(named, signature, `${keyId.value.reveal()}/${signature.scope}`, made);
    const left = this.#search.inHead(signed)[0];
    if (left !== undefined)
      return refusals.stopped(
        name,
        left.where,
        `a placeholder of the secret ${name} stands in ${left.where}, too`,
        epoch,
      );
    const { detail } = outgoing;
    return { ...outgoing, ...signed, detail: () => ({ ...detail?.(), secrets: [name] }) };
  }

  #withToken({ path, fields }: Pick<Outgoing, 'path' | 'fields'>, peer: Peer): Pick<Outgoing, 'path' | 'fields'> {
    const token = this.#binding.sessionToken;
    if (token === undefined) return { path, fields };
    const value = token.value.reveal();
    this.#answers.sent(`${peer.name}:${peer.port}`, { value, placeholder: token.placeholder });
    return {
      path: path.replace(TOKEN_PARAMETER, (whole, name: string) =>
        whole.endsWith(token.placeholder) ? name + encodeURIComponent(value) : whole,
      ),
      fields: fields.map((field) =>
        field.name === TOKEN && field.value === token.placeholder ? setField(TOKEN, value) : field,
      ),
    };
  }

  #refused(reason: string, epoch: number = 0): Refusal {
    return {
      reply: { status: 403, message: reason, policies: [], reason },
      decision: ownRefusal(reason, epoch),
      detail: { secret: this.#binding.name },
    };
  }
}

/** The key's id is part of what a presigned URL signs, and not of a header's signature. */
function nameKey(
  head: Pick<Outgoing, 'path' | 'fields'>,
  { kind, scope }: Signature,
  keyId: string,
): Pick<Outgoing, 'path' | 'fields'> {
  if (kind === 'header') return head;
  const credential = encodeURIComponent(`${keyId}/${scope}`);
  return { ...head, path: head.path.replace(CREDENTIAL_PARAMETER, (_whole, name: string) => name + credential) };
}

function putSignature(
  { path, fields }: Pick<Outgoing, 'path' | 'fields'>,
  { kind, signedHeaders }: Signature,
  credential: string,
  signature: string,
): Pick<Outgoing, 'path' | 'fields'> {
  if (kind === 'query')
    return { path: path.replace(SIGNATURE_PARAMETER, (_whole, name: string) => name + signature), fields };
  const value = `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  return {
    path,
    fields: fields.map((field) => (field.name === 'authorization' ? setField('authorization', value) : field)),
  };
}
