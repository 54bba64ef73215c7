// The session's certificate authority: hosts enter, TLS contexts that the agent trusts leave; keys exist in memory only.
import type { Buffer } from 'node:buffer';
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { buildAuthority, buildLeaf, distinguishedName, type Issuer, publicKeyOf } from './certificate.ts';

const DAY = 86_400_000;
/** Clocks inside containers and virtual machines run behind by minutes. */
const CLOCK_SKEW = 3_600_000;
const DEFAULT_DAYS = 7;
const MAX_CONTEXTS = 1000;

export interface SessionCa {
  /** The authority's certificate, to be put into the agent's trust stores. */
  readonly certificatePem: string;
  /** TLS server context with a certificate for one canonical host; cached. */
  contextFor(host: string): SecureContext;
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function generateKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** Makes contexts; one key serves all leaves, since a second key would protect nothing that this process does not hold too. */
class LeafContexts {
  readonly #issuer: Issuer;
  readonly #contexts: Map<string, SecureContext> = new Map();
  #key: KeyPair | undefined;

  constructor(issuer: Issuer) {
    this.#issuer = issuer;
  }

  get(host: string): SecureContext {
    const context = this.#contexts.get(host) ?? this.#make(host);
    // A map iterates in insertion order, so moving a used entry to the end makes the first one the least recently used.
    this.#contexts.delete(host);
    this.#contexts.set(host, context);
    if (this.#contexts.size > MAX_CONTEXTS) this.#contexts.delete(this.#contexts.keys().next().value ?? host);
    return context;
  }

  #make(host: string): SecureContext {
    this.#key ??= generateKeyPair();
    const certificate = buildLeaf(host, publicKeyOf(this.#key.publicKey), this.#issuer);
    // Loaded here and not at the top: a session that never speaks TLS does not pay for it.
    return process.getBuiltinModule('node:tls').createSecureContext({
      cert: pem(certificate),
      key: this.#key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      minVersion: 'TLSv1.2',
    });
  }
}

/**
 * A new authority: P-256, valid from an hour ago for `days` days, able to sign leaves only.
 * Figures and alternatives: docs/decisions/0004-session-ca.md.
 */
export function createSessionCa(days: number = DEFAULT_DAYS): SessionCa {
  const { publicKey, privateKey } = generateKeyPair();
  const now = Date.now();
  const validity = { notBefore: new Date(now - CLOCK_SKEW), notAfter: new Date(now + days * DAY) };
  const name = distinguishedName(`Leash session ${randomBytes(8).toString('hex')}`);
  const key = publicKeyOf(publicKey);
  const contexts = new LeafContexts({ name, key, signer: privateKey, validity });
  return {
    certificatePem: pem(buildAuthority(name, key, privateKey, validity)),
    contextFor: (host) => contexts.get(host),
  };
}
