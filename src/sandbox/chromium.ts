// Certificates in; the policy files by which the Chromium browsers of this host trust them out: they read neither variables nor the system's bundle.
import fs from 'node:fs';

interface Place {
  /** A folder that is there where the browser is. */
  readonly needs: string;
  readonly file: string;
}

/** Folders for policies of the machine. Source: chromium.org, "Linux Quick Start" for administrators. */
const PLACES: readonly Place[] = [
  { needs: '/etc/chromium', file: '/etc/chromium/policies/managed/leash.json' },
  { needs: '/opt/google/chrome', file: '/etc/opt/chrome/policies/managed/leash.json' },
];

/**
 * Place → content; of the folders on the way to it some may not exist. Policy `CACertificates`, Chromium 133 and later.
 * @param certificates PEM, one each
 */
export function chromiumPolicies(
  certificates: readonly string[],
  places: readonly Place[] = PLACES,
): Map<string, Buffer> {
  const policy = { CACertificates: certificates.map((pem) => pem.replace(/-----[A-Z ]+-----|\s/g, '')) };
  const text = Buffer.from(JSON.stringify(policy));
  return new Map(places.filter(({ needs }) => fs.existsSync(needs)).map(({ file }) => [file, text]));
}
