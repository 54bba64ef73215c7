// A subject, a public key and a signer enter, a signed X.509 v3 certificate in DER leaves (RFC 5280).
import { Buffer } from 'node:buffer';
import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import net from 'node:net';
import { addressBytes } from '../names/address.ts';
import * as der from './der.ts';

const ECDSA_WITH_SHA256 = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = der.objectIdentifier('2.5.4.3');
const MAX_COMMON_NAME = 64;
/** An uncompressed P-256 point ends the SubjectPublicKeyInfo. */
const POINT_LENGTH = 65;

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A P-256 key pair's public half: SubjectPublicKeyInfo in DER, and the key identifier derived from it. */
export interface PublicKey {
  readonly spki: Buffer;
  readonly identifier: Buffer;
}

interface Template {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly publicKey: PublicKey;
  readonly signer: KeyObject;
  readonly validity: Validity;
  readonly extensions: readonly Buffer[];
}

/** Key identifier by RFC 5280, section 4.2.1.2, method 1: SHA-1 names the key here, it protects nothing. */
export function publicKeyOf(key: KeyObject): PublicKey {
  const spki = key.export({ type: 'spki', format: 'der' });
  return { spki, identifier: createHash('sha1').update(spki.subarray(-POINT_LENGTH)).digest() };
}

/** A distinguished name of one common name, cut at the 64 characters X.520 allows. */
export function distinguishedName(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(COMMON_NAME, der.utf8String(commonName.slice(0, MAX_COMMON_NAME)))));
}

/**
 * What OpenSSL calls the certificate of this common name in a folder of certificates, without `.0`: SHA-1 of the canonical name.
 * Source: X509_NAME_hash_ex(3); crypto/x509/x_name.c, x509_name_canon().
 */
export function nameHash(commonName: string): string {
  const canonical = der.set(der.sequence(COMMON_NAME, der.utf8String(commonName.toLowerCase())));
  const digest = createHash('sha1').update(canonical).digest();
  return digest.readUInt32LE(0).toString(16).padStart(8, '0');
}

function extension(oid: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.objectIdentifier(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

const basicConstraints = (value: Buffer): Buffer => extension('2.5.29.19', true, value);
const keyUsage = (bits: number, unused: number): Buffer =>
  extension('2.5.29.15', true, der.bitString(Buffer.of(bits), unused));
const subjectKeyIdentifier = (key: PublicKey): Buffer => extension('2.5.29.14', false, der.octetString(key.identifier));

/** 126 random bits; the two top bits are fixed so that the integer is positive and never shorter. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return der.integer(bytes);
}

function build(template: Template): Buffer {
  const version3 = der.tagged(0, der.integer(Buffer.of(2)));
  const body = der.sequence(
    version3,
    serialNumber(),
    ECDSA_WITH_SHA256,
    template.issuer,
    der.sequence(der.time(template.validity.notBefore), der.time(template.validity.notAfter)),
    template.subject,
    template.publicKey.spki,
    der.tagged(3, der.sequence(...template.extensions)),
  );
  return der.sequence(body, ECDSA_WITH_SHA256, der.bitString(sign('sha256', body, template.signer)));
}

/** A self-signed authority that may sign leaves and nothing deeper (path length 0). */
export function buildAuthority(subject: Buffer, key: PublicKey, signer: KeyObject, validity: Validity): Buffer {
  const extensions = [
    basicConstraints(der.sequence(der.boolean(true), der.integer(Buffer.of(0)))),
    keyUsage(0b0000_0110, 1), // keyCertSign, cRLSign
    subjectKeyIdentifier(key),
  ];
  return build({ subject, issuer: subject, publicKey: key, signer, validity, extensions });
}

export interface Issuer {
  readonly name: Buffer;
  readonly key: PublicKey;
  readonly signer: KeyObject;
  readonly validity: Validity;
}

/** A server certificate for one canonical host. The subject is empty: the host stands in the subject alternative name alone. */
export function buildLeaf(host: string, key: PublicKey, issuer: Issuer): Buffer {
  const name =
    net.isIP(host) === 0
      ? der.taggedPrimitive(2, Buffer.from(host, 'latin1')) // dNSName
      : der.taggedPrimitive(7, Buffer.from(addressBytes(host) ?? [])); // iPAddress
  const extensions = [
    basicConstraints(der.sequence()),
    keyUsage(0b1000_0000, 7), // digitalSignature
    extension('2.5.29.37', false, der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'))), // serverAuth
    extension('2.5.29.17', true, der.sequence(name)), // critical, because the subject is empty
    subjectKeyIdentifier(key),
    extension('2.5.29.35', false, der.sequence(der.taggedPrimitive(0, issuer.key.identifier))),
  ];
  const { name: issuerName, signer, validity } = issuer;
  return build({ subject: der.sequence(), issuer: issuerName, publicKey: key, signer, validity, extensions });
}
