// The environment in; the certificates that this machine and its user trust, PEM, out: the distribution's bundle and what variables name.
import fs from 'node:fs';
import path from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The bundles of Debian, Fedora, openSUSE, Alpine and Arch. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/var/lib/ca-certificates/ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/etc/ca-certificates/extracted/tls-ca-bundle.pem',
];

/** Each names one PEM file that a common client trusts, instead of the system's bundle or besides it. */
export const TRUST_FILE_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'DENO_CERT',
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'PIP_CERT',
  'CARGO_HTTP_CAINFO',
  'AWS_CA_BUNDLE',
  'NIX_SSL_CERT_FILE',
  'PERL_LWP_SSL_CA_FILE',
  'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
  'HTTPLIB2_CA_CERTS',
  'YARN_HTTPS_CA_FILE_PATH',
  'BUNDLE_SSL_CA_CERT',
  'HEX_CACERTS_PATH',
  'CONDA_SSL_VERIFY',
  'npm_config_cafile',
] as const;

/** Folders of PEM files, separated by colons. Source: SSL_CTX_load_verify_locations(3). */
const TRUST_FOLDER_VARIABLE = 'SSL_CERT_DIR';

/** The largest bundle in use has 0.6 MB. */
const MOST_BYTES = 4 << 20;
/** In one folder. */
const MOST_FILES = 1_000;
/** No private key that lies in the same file is ever read as a certificate. Source: RFC 7468, section 5. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

export interface SystemBundle {
  /** Real paths of all places where this distribution has it; most systems have one under several names. */
  readonly places: readonly string[];
  /** Empty when there is none. */
  readonly pem: Buffer;
}

/** The bundle that the distribution maintains, local additions by its administrator included. */
export function systemBundle(candidates: readonly string[] = SYSTEM_BUNDLES): SystemBundle {
  const places = new Set<string>();
  let pem: Buffer = Buffer.alloc(0);
  // An exception costs more than a look.
  for (const candidate of candidates.filter((file) => fs.existsSync(file))) {
    try {
      const real = fs.realpathSync.native(candidate);
      if (pem.length === 0) pem = fs.readFileSync(real);
      places.add(real);
    } catch {
      // not ours to read
    }
  }
  return { places: [...places], pem };
}

/** The certificates of a PEM text, each in lines of 64 characters and without comments; what they hold is not looked at. */
export function certificatesIn(text: string): string[] {
  return [...text.matchAll(CERTIFICATE)].map(([, body = '']) => {
    const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  });
}

/** Some clients refuse a whole bundle because of one entry that they cannot read. */
function isCertificate(pem: string): boolean {
  try {
    // Loaded here: most sessions have no roots of their own.
    const { X509Certificate } = process.getBuiltinModule('node:crypto');
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

interface Named {
  readonly variable: string;
  /** Real path. */
  readonly file: string;
}

export interface UserRoots {
  /** One certificate each, none twice, none that the system's bundle has. */
  readonly pem: readonly string[];
  /** Real paths of the files that variables name, the system's bundle aside. */
  readonly files: readonly string[];
  /** Lines for a person: what a variable names and is not used, and why. */
  readonly notes: readonly string[];
}

class Reader {
  readonly pem: Set<string> = new Set();
  readonly files: Set<string> = new Set();
  readonly notes: Set<string> = new Set();
  readonly #seen: Set<string>;
  readonly #workspace: string;

  constructor(workspace: string, seen: readonly string[]) {
    this.#workspace = workspace;
    this.#seen = new Set(seen);
  }

  /** The real path, once; undefined for what was seen before, is not there, or may not be used. */
  place(variable: string, named: string): string | undefined {
    let real: string;
    try {
      real = fs.realpathSync.native(named);
    } catch {
      this.notes.add(`${variable} names ${named}, which is not there; it is not used`);
      return undefined;
    }
    if (this.#seen.has(real)) return undefined;
    this.#seen.add(real);
    if (!`${real}/`.startsWith(`${this.#workspace}/`)) return real;
    // Whoever can write here would decide which servers Leash trusts.
    this.notes.add(`${variable} names ${named}, which lies in the workspace; it is not used`);
    return undefined;
  }

  read({ variable, file }: Named): void {
    try {
      const text = readBounded(file);
      for (const pem of certificatesIn(text)) this.pem.add(pem);
      this.files.add(file);
    } catch (error) {
      const why = error instanceof RangeError ? error.message : 'cannot be read';
      this.notes.add(`${variable} names ${file}, which ${why}; it is not used`);
    }
  }
}

/** Opened before it is looked at, and without waiting, so that neither a pipe nor an exchanged file holds the start. */
function readBounded(file: string): string {
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) throw new RangeError('is no file');
    if (stat.size > MOST_BYTES) throw new RangeError(`has more than ${MOST_BYTES >> 20} MiB`);
    const bytes = Buffer.alloc(stat.size);
    return bytes.toString('latin1', 0, fs.readSync(descriptor, bytes, 0, stat.size, 0));
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A variable's value whatever the case of its name: npm reads `NPM_CONFIG_CAFILE`, too. */
function valuesOf(env: Env, variable: string): string[] {
  const names = variable.startsWith('npm_') ? namesInAnyCase(env, variable) : [variable];
  return names.flatMap((name) => env[name] || []);
}

function namesInAnyCase(env: Env, variable: string): string[] {
  return Object.keys(env).filter((name) => name.toLowerCase() === variable);
}

function readFolders(reader: Reader, env: Env): void {
  for (const named of valuesOf(env, TRUST_FOLDER_VARIABLE).flatMap((value) => value.split(':'))) {
    const folder = named === '' ? undefined : reader.place(TRUST_FOLDER_VARIABLE, named);
    if (folder === undefined) continue;
    try {
      for (const name of fs.readdirSync(folder).slice(0, MOST_FILES)) {
        const file = reader.place(TRUST_FOLDER_VARIABLE, path.join(folder, name));
        if (file !== undefined && fs.statSync(file).isFile()) reader.read({ variable: TRUST_FOLDER_VARIABLE, file });
      }
    } catch {
      reader.notes.add(`${TRUST_FOLDER_VARIABLE} names ${folder}, which is no folder that can be read; it is not used`);
    }
  }
}

/**
 * The roots that variables such as SSL_CERT_FILE and NODE_EXTRA_CA_CERTS add to the system's: a company's, as a rule. Never throws.
 * @param env the environment of leash
 * @param workspace absolute real path; the agent writes there, so nothing in it is trusted
 */
export function userRoots(env: Env, workspace: string, system: SystemBundle = systemBundle()): UserRoots {
  const folders = system.places.map((place) => path.dirname(place));
  const reader = new Reader(workspace, [...system.places, ...folders]);
  for (const variable of TRUST_FILE_VARIABLES) {
    for (const named of valuesOf(env, variable)) {
      // conda takes `false` and `truststore` as well.
      if (variable === 'CONDA_SSL_VERIFY' && !named.includes('/')) continue;
      const file = reader.place(variable, named);
      if (file !== undefined) reader.read({ variable, file });
    }
  }
  const files = [...reader.files];
  readFolders(reader, env);
  const known = reader.pem.size === 0 ? '' : system.pem.toString('latin1').replace(/\r/g, '');
  const pem = [...reader.pem].filter((one) => !known.includes(one.trimEnd()) && isCertificate(one));
  return { pem, files, notes: [...reader.notes] };
}
