// Makes programs in the sandbox trust the session's certificate authority: a merged bundle where programs look, and every variable they read.
import fs from 'node:fs';

/** Where the bundle (public roots and the session's) is inside the sandbox. */
export const BUNDLE = '/run/leash/ca-bundle.pem';
/** Only the session's certificate. */
export const SESSION_CA = '/run/leash/ca.pem';

/** The bundles of Debian, Fedora, openSUSE and Alpine. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

export interface SystemBundle {
  /** Real paths over which the merged bundle is mounted; programs such as wget and apt have no variable for it. */
  readonly places: readonly string[];
  readonly pem: Buffer;
}

/** The host's own roots; empty when it has none. */
export function systemBundle(): SystemBundle {
  const places = new Set<string>();
  let pem: Buffer = Buffer.alloc(0);
  for (const candidate of SYSTEM_BUNDLES) {
    try {
      const real = fs.realpathSync(candidate);
      if (pem.length === 0) pem = fs.readFileSync(real);
      places.add(real);
    } catch {
      // not this distribution
    }
  }
  return { places: [...places], pem };
}

/** Every variable by which a common client is told its trust store; an inherited value would win otherwise. */
export function trustVariables(): Record<string, string> {
  return {
    NODE_EXTRA_CA_CERTS: SESSION_CA,
    DENO_CERT: SESSION_CA,
    SSL_CERT_FILE: BUNDLE,
    CURL_CA_BUNDLE: BUNDLE,
    REQUESTS_CA_BUNDLE: BUNDLE,
    GIT_SSL_CAINFO: BUNDLE,
    PIP_CERT: BUNDLE,
    CARGO_HTTP_CAINFO: BUNDLE,
    AWS_CA_BUNDLE: BUNDLE,
    NIX_SSL_CERT_FILE: BUNDLE,
    PERL_LWP_SSL_CA_FILE: BUNDLE,
    CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: BUNDLE,
    npm_config_cafile: BUNDLE,
  };
}
