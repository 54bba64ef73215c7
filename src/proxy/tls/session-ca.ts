// The session's certificate authority: hosts enter, TLS contexts that the agent trusts leave; keys exist in memory only.
import type { Buffer } from 'node:buffer';
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import {
  buildAuthority,
  buildLeaf,
  distinguishedName,
  type Issuer,
  nameHash,
  type PublicKey,
  publicKeyOf,
} from './certificate.ts';

const DAY = 86_400_000;
/** A clock may be set back during a session: what was signed before must not lie in the future then. */
const CLOCK_SKEW = DAY;
const DEFAULT_DAYS = 7;
const MAX_CONTEXTS = 1000;

export interface SessionCa {
  /** The authority's certificate, to be put into the agent's trust stores. */
  readonly certificatePem: string;
  /** Its name in a folder of certificates, by which OpenSSL finds it. */
  readonly fileName: string;
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

interface LeafKey {
  readonly public: PublicKey;
  readonly privatePem: string;
}

function generateLeafKey(): LeafKey {
  const { publicKey, privateKey } = generateKeyPair();
  return {
    public: publicKeyOf(publicKey),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Makes contexts; one key serves all leaves, since a second key would protect nothing that this process does not hold too. */
class LeafContexts {
  readonly #issuer: Issuer;
  readonly #capacity: number;
  readonly #contexts: Map<string, SecureContext> = new Map();
  #key: LeafKey | undefined;

  constructor(issuer: Issuer, capacity: number) {
    this.#issuer = issuer;
    this.#capacity = capacity;
  }

  get(host: string): SecureContext {
    const context = this.#contexts.get(host) ?? this.#make(host);
    // A map iterates in insertion order, so moving a used entry to the end makes the first one the least recently used.
    this.#contexts.delete(host);
    this.#contexts.set(host, context);
    if (this.#contexts.size > this.#capacity) this.#contexts.delete(this.#contexts.keys().next().value ?? host);
    return context;
  }

  #make(host: string): SecureContext {
    this.#key ??= generateLeafKey();
    // Loaded here and not at the top: a session that never speaks TLS does not pay for it.
    return process.getBuiltinModule('node:tls').createSecureContext({
      cert: pem(buildLeaf(host, this.#key.public, this.#issuer)),
      key: this.#key.privatePem,
      minVersion: 'TLSv1.2',
    });
  }
}

export interface SessionCaOptions {
  /** How long the authority and its leaves are valid; a session is shorter. */
  readonly days?: number;
  /** TLS contexts kept; about 30 KiB each. */
  readonly contexts?: number;
}

/**
 * A new authority: P-256, valid from a day ago, able to sign leaves only.
 * Figures and alternatives: docs/decisions/0004-session-ca.md.
 */
export function createSessionCa(options: SessionCaOptions = {}): SessionCa {
  const { publicKey, privateKey } = generateKeyPair();
  const now = Date.now();
  const validity = {
    notBefore: new Date(now - CLOCK_SKEW),
    notAfter: new Date(now + (options.days ?? DEFAULT_DAYS) * DAY),
  };
  const commonName = `Leash session ${randomBytes(8).toString('hex')}`;
  const name = distinguishedName(commonName);
  const key = publicKeyOf(publicKey);
  const contexts = new LeafContexts({ name, key, signer: privateKey, validity }, options.contexts ?? MAX_CONTEXTS);
  return {
    certificatePem: pem(buildAuthority(name, key, privateKey, validity)),
    fileName: `${nameHash(commonName)}.0`,
    contextFor: (host) => contexts.get(host),
  };
}
